"""A copy is a copy as long as its original is there and says the same."""

from collections.abc import Mapping

import polars as pl
import pytest
from tests.project.story import Deed, perform

from themeloom.project.project import Project

_SAME = "The transfer to my landlord is still pending after three days."


def bring(project: Project, **records: tuple[str, str | None]) -> None:
    """Import records: id → text and what its file says that it is a copy of."""
    with project.begin_import("a file") as stage:
        source_id = stage.add_source({"file": "a.csv", "kind": "ticket"})
        rows = [
            (one, source_id, row, text, original, f"{text}/{original}/{source_id}")
            for row, (one, (text, original)) in enumerate(records.items(), 2)
        ]
        names = ["record_id", "source_id", "row", "text", "duplicate_of", "content_hash"]
        stage.add_records(pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None))
        excerpts = [(f"{one}.1", one, 1, 0, len(text), text) for one, (text, _) in records.items()]
        columns = ["excerpt_id", "record_id", "ordinal", "start", "end", "text"]
        stage.add_excerpts(pl.DataFrame(excerpts, schema=columns, orient="row"))
        stage.commit()


def copies(project: Project) -> Mapping[str, str]:
    found = project.records(["record_id", "duplicate_of"]).drop_nulls()
    return dict(found.iter_rows())


@pytest.fixture
def three(project: Project) -> Project:
    bring(project, a=(_SAME, None), b=(_SAME, "a"), c=(_SAME.upper(), "a"), d=("Other.", None))
    assert copies(project) == {"b": "a", "c": "a"}
    return project


def test_the_copies_of_a_corrected_record_are_copies_of_the_first_of_them(three: Project) -> None:
    bring(three, a=("My card was swallowed by a machine.", None))
    assert copies(three) == {"c": "b"}
    three.undo()
    assert copies(three) == {"b": "a", "c": "a"}


def test_a_small_correction_of_all_leaves_the_original(three: Project) -> None:
    better = _SAME.replace("three", "3")
    bring(three, c=(better, None), b=(better, "c"), a=(better, "c"))
    assert copies(three) == {"b": "a", "c": "a"}


def test_another_order_of_the_file_leaves_the_original_what_it_was(three: Project) -> None:
    perform(three, Deed("run", 1))
    three.assign(["a.1"], "T-1")
    bring(three, c=(_SAME, None), b=(_SAME, "c"), a=(_SAME, "c"))
    assert copies(three) == {"b": "a", "c": "a"}
    assert three.assignments().filter("reviewed")["excerpt_id"].to_list() == ["a.1"]


def test_copies_of_a_source_that_is_removed_count(project: Project) -> None:
    bring(project, a=(_SAME, None))
    bring(project, b=(_SAME, "a"), c=(_SAME, "a"))
    project.remove_sources(["S-001"])
    assert copies(project) == {"c": "b"}
    project.undo()
    assert copies(project) == {"b": "a", "c": "a"}


def test_who_comes_to_say_what_another_one_said_is_the_copy(project: Project) -> None:
    bring(project, a=("Something of its own.", None), b=(_SAME, None))
    bring(project, a=(_SAME, "b"))
    assert copies(project) == {"a": "b"}
