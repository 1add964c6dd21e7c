"""Keys, statuses and backlog items come back from other tools, as one undo step."""

import csv
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.services.fernwick import copy_fernwick
from tests.services.taught import LOGIN, make_mixed_up, name, rows

from themeloom.domain.errors import ImportFileError, NothingNewError
from themeloom.domain.insights import Link, PmStatus
from themeloom.insights.book import draft
from themeloom.insights.model import Insight
from themeloom.services import trackers
from themeloom.services.exporting import ExportOptions, book_data, export
from themeloom.services.insight_copies import as_issue
from themeloom.services.insight_list import insight_list
from themeloom.services.session import Session
from themeloom.services.trackers import Chosen, read_tracker

pytestmark = pytest.mark.usefixtures("drafted_once")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = Session.open(copy_fernwick(tmp_path / "fernwick.loom", few=True))
    yield opened
    opened.close()


def insight(session: Session, theme_id: str) -> Insight:
    found = draft(book_data(session.project, raw=False)).insights
    return next(one for one in found if one.theme_id == theme_id)


def jira(folder: Path, *rows: tuple[str, str, str, str]) -> Path:
    path = folder / "jira-export.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("Issue key", "Summary", "Status", "Labels"), *rows])
    return path


def test_keys_come_back_as_one_undo_step(session: Session, tmp_path: Path) -> None:
    path = jira(
        tmp_path,
        ("ABC-7", "Sync", "Done", "themeloom-in-004"),
        ("ABC-8", "Photos", "To Do", "themeloom-in-001"),
        ("ABC-9", "Foreign", "To Do", "themeloom-in-999"),
        ("", "No key", "To Do", "themeloom-in-002"),
        ("ABC-10", "Two", "To Do", "themeloom-in-002 themeloom-in-003"),
    )
    reading = read_tracker(session, path)
    assert (reading.tool, reading.tool_name, reading.items) == ("jira", "Jira", 5)
    first, second = reading.news
    assert (first.theme_id, first.link.key, first.status) == ("T-004", "ABC-7", PmStatus.DONE)
    assert (second.theme_id, second.status, second.before) == ("T-001", None, None)
    assert [left.row for left in reading.left] == [4, 5, 6]
    assert insight(session, "T-004").links == ()

    chosen = [Chosen(one.theme_id, one.link, one.status) for one in reading.news]
    deed = session.change(lambda s: trackers.apply(s, chosen, tool_name=reading.tool_name))
    assert deed is not None
    assert deed.insights
    assert session.undo_name == "what came back from Jira"
    changed = insight(session, "T-004")
    assert changed.links == (Link("jira", "ABC-7", "", "Sync", "Done"),)
    assert changed.status == PmStatus.DONE
    again = read_tracker(session, path)
    assert again.news == ()
    assert len(again.attachments) == 2
    assert session.change(lambda s: trackers.apply(s, chosen)) is None
    session.change(lambda s: s.project.undo())
    assert insight(session, "T-004").links == ()
    assert insight(session, "T-001").links == ()


def test_a_changed_status_renews_its_link_and_keeps_others(
    session: Session, tmp_path: Path
) -> None:
    other, old = Link("asana", "1", title="x"), Link("jira", "ABC-7", "https://j.example/7", "T")
    third = Link("jira", "ABC-1")
    for link in (other, old, third):
        session.change(lambda s, link=link: trackers.apply(s, [Chosen("T-004", link)]))
    reading = read_tracker(
        session, jira(tmp_path, ("ABC-7", "T", "In Progress", "themeloom-in-004"))
    )
    (one,) = reading.news
    assert (one.before, one.status) == (old, PmStatus.IN_WORK)
    assert one.link.url == "https://j.example/7"
    session.change(lambda s: trackers.apply(s, [Chosen(one.theme_id, one.link)]))
    found = insight(session, "T-004")
    assert found.links == (other, one.link, third)
    assert found.status == PmStatus.NEW


def test_backlog_items_are_suggested_for_insights_without_a_link(
    session: Session, tmp_path: Path
) -> None:
    title = insight(session, "T-004").title
    path = jira(
        tmp_path,
        ("OLD-1", f"{title} again", "To Do", "x"),
        *((f"OLD-{n}", f"Chore number {n}", "To Do", "x") for n in range(2, 30)),
    )
    reading = read_tracker(session, path)
    (best,) = [one for one in reading.suggestions if one.theme_id == "T-004"]
    assert best.link.key == "OLD-1"
    assert {"calendar", "sync"} <= set(best.words)
    assert "may fit" in reading.summary
    session.change(lambda s: trackers.apply(s, [Chosen("T-004", best.link)]))
    assert not [one for one in read_tracker(session, path).suggestions if one.theme_id == "T-004"]


def test_insights_of_another_project_are_left(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [
                ("Task ID", "Name", "Notes"),
                ("1", "Foreign", "Themeloom IN-004 · zzzzzz"),
                ("2", "Ours", f"Themeloom IN-004 · {session.project.id[:6]}"),
            ]
        )
    reading = read_tracker(session, path)
    assert [one.link.key for one in reading.attachments] == ["2"]
    (left,) = reading.left
    assert "another project" in left.why


def test_files_of_other_kinds_say_what_to_do(session: Session, tmp_path: Path) -> None:
    workbook = tmp_path / "x.xlsx"
    workbook.write_bytes(b"PK\x03\x04rest")
    with pytest.raises(ImportFileError, match="not a CSV file") as caught:
        read_tracker(session, workbook)
    assert caught.value.complaint.hint
    with pytest.raises(ImportFileError, match="cannot be read"):
        read_tracker(session, tmp_path / "missing.csv")


def test_the_whole_way_there_and_back(session: Session, tmp_path: Path) -> None:
    target = tmp_path / "jira.csv"
    export(session.project, "jira", target, ExportOptions())
    with target.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert len(rows) == 18
    back = tmp_path / "back.csv"
    with back.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*header, "Issue key", "Status"])
        writer.writerows([*row, f"ABC-{n}", "To Do"] for n, row in enumerate(rows))
    reading = read_tracker(session, back)
    assert len(reading.news) == 18
    assert reading.left == ()
    chosen = [Chosen(one.theme_id, one.link, one.status) for one in reading.news]
    session.change(lambda s: trackers.apply(s, chosen))
    with pytest.raises(NothingNewError):
        export(session.project, "jira", target, ExportOptions())
    export(session.project, "jira", target, ExportOptions(again=True))
    with (tmp_path / "jira-changed.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 18


def test_an_answer_finds_the_theme_that_was_handed_off_as_a_former_sub_theme(
    tmp_path: Path,
) -> None:
    with closing(Session.open(make_mixed_up(tmp_path / "p.loom"))) as session:
        project = session.project
        project.reserve_theme_ids("T", 8)  # those that are planted
        excerpts = [name(row) for row in rows("login")]
        _, part = project.create_theme("Codes", parent_id=LOGIN, excerpt_ids=excerpts[:4])
        project.promote_themes([part])
        was = insight(session, part)
        export(project, "jira", tmp_path / "jira.csv", ExportOptions())
        with (tmp_path / "jira.csv").open(encoding="utf-8", newline="") as file:
            (sent,) = [row for row in csv.reader(file) if was.id in row]
        label = next(cell for cell in sent if cell.startswith("themeloom-"))

        _, new = project.create_theme("Later", excerpt_ids=excerpts[4:8])
        assert insight(session, part).id == was.id
        assert insight(session, new).id == f"IN-{new.removeprefix('T-')}"
        reading = read_tracker(session, jira(tmp_path, ("ABC-7", "Codes", "Done", label)))
        assert [one.theme_id for one in reading.attachments] == [part]


def test_a_linked_insight_is_previewed_as_the_comment_that_it_becomes(session: Session) -> None:
    session.change(
        lambda s: trackers.apply(s, [Chosen("T-004", Link("jira", "ABC-7", title="Theirs"))])
    )
    found = insight_list(session)
    item = next(one for one in found.items if one.insight.theme_id == "T-004")
    row = as_issue(item, found)
    assert row[:2] == (("Issue key", "ABC-7"), ("Summary", "Theirs"))
    assert row[-1][0] == "Comment"
