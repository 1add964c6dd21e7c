"""Further themes of texts that speak of several, on real vectors."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.engine.feedback import BOTH, excerpts, feedback

from themeloom.domain.errors import JobCancelled
from themeloom.domain.themes import Level, Method
from themeloom.engine.distinct import distinct_texts
from themeloom.engine.encoder import open_encoder
from themeloom.engine.material import Material
from themeloom.engine.several import Further, find_further
from themeloom.engine.theming import KnownThemes, ThemingResult, ThemingSettings, find_themes
from themeloom.engine.vectors import vectors_of

NAMES = sorted(set(feedback()["theme"]))
ONE = {
    "PDF export is broken. The exported PDF has blank pages and the table is cut off.": "pdf",
    "I cannot log in and the login page says that my password is wrong": "login",
    "Please add a dark mode. My eyes hurt at night because the screen is white.": "dark",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a derived store that the tests of this module share."""
    return tmp_path_factory.mktemp("derived")


def nothing(done: int, total: int) -> None:
    assert 0 <= done <= total


def planted(
    more: dict[str, str], store: Path, order: Sequence[int] | None = None
) -> tuple[Material, np.ndarray]:
    """Return the planted texts and ``more`` with the number of each one's theme."""
    rows = [*feedback().select("text", "theme").iter_rows(), *more.items()]
    rows = [rows[place] for place in order] if order is not None else rows
    frame = excerpts([text for text, _ in rows])
    distinct = distinct_texts(frame)
    encoder = open_encoder("minilm")
    vectors = vectors_of(distinct.readings, encoder, store)
    labels = np.zeros(len(distinct.texts), np.int64)
    labels[distinct.of] = [NAMES.index(theme) for _, theme in rows]
    return Material(frame, distinct, vectors, encoder), labels


def told(material: Material, further: Further) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for text, theme in zip(further.texts, further.themes, strict=True):
        found.setdefault(material.distinct.texts[text], []).append(NAMES[theme])
    return found


def test_what_speaks_of_two_themes_gets_both(store: Path) -> None:
    more = {text: first for text, (first, _) in BOTH.items()} | ONE
    material, labels = planted(more, store)
    further = find_further(material, labels, len(NAMES), store, nothing)
    assert told(material, further) == {text: [other] for text, (_, other) in BOTH.items()}
    assert further.parts.shape == (len(BOTH), material.vectors.shape[1])


def test_the_theme_that_it_has_may_be_that_of_any_part(store: Path) -> None:
    more = {text: other for text, (_, other) in BOTH.items()}
    material, labels = planted(more, store)
    further = find_further(material, labels, len(NAMES), store, nothing)
    assert told(material, further) == {text: [first] for text, (first, _) in BOTH.items()}


def test_three_themes_at_most(store: Path) -> None:
    three = (
        "The PDF export stops at page three. I cannot log in since yesterday."
        " Please add a dark mode for the night."
    )
    four = f"{three} Support never answers my mails."
    material, labels = planted({three: "pdf", four: "pdf"}, store)
    found = told(material, find_further(material, labels, len(NAMES), store, nothing))
    assert set(found[three]) == {"login", "dark"}
    assert 1 <= len(found[four]) <= 2


def test_row_order_does_not_matter(store: Path, tmp_path: Path) -> None:
    more = {text: first for text, (first, _) in BOTH.items()} | ONE
    count = feedback().height + len(more)
    order = np.random.default_rng(3).permutation(count).tolist()
    results: list[dict[str, list[str]]] = []
    for folder, rows in ((store, None), (tmp_path, order)):
        material, labels = planted(more, folder, rows)
        results.append(told(material, find_further(material, labels, len(NAMES), folder, nothing)))
    assert results[0] == results[1] != {}


def test_only_what_was_asked(store: Path) -> None:
    more = {text: first for text, (first, _) in BOTH.items()}
    material, labels = planted(more, store)
    asked = np.zeros(len(labels), np.bool_)
    one = next(iter(BOTH))
    asked[material.distinct.texts.index(one)] = True
    found = find_further(material, labels, len(NAMES), store, nothing, asked)
    assert told(material, found) == {one: [BOTH[one][1]]}


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the parts that are read from now on."""
    parts: list[str] = []

    def reading(texts: Sequence[str], *rest: Any) -> np.ndarray:
        parts.extend(texts)
        return vectors_of(texts, *rest)

    monkeypatch.setattr("themeloom.engine.several.vectors_of", reading)
    return parts


def allow(characters: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("themeloom.engine.several._READ", characters)
    monkeypatch.setattr("themeloom.engine.several._READ_SHARE", 0.0)


@pytest.mark.parametrize("characters", [0, 70, 150, 400])
def test_no_more_is_read_than_is_allowed(
    store: Path, read: list[str], monkeypatch: pytest.MonkeyPatch, characters: int
) -> None:
    material, labels = planted({text: first for text, (first, _) in BOTH.items()}, store)
    allow(characters, monkeypatch)
    found = told(material, find_further(material, labels, len(NAMES), store, nothing))
    assert sum(map(len, read)) <= characters
    assert set(found) <= set(BOTH)
    assert (found == {}) == (characters == 0)


def test_what_words_tell_most_clearly_is_read_first(
    store: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = {
        f"{text} {text}": theme for text, theme in feedback().select("text", "theme").iter_rows()
    }
    material, labels = planted({text: first for text, (first, _) in BOTH.items()} | one, store)
    allow(sum(map(len, BOTH)), monkeypatch)
    found = told(material, find_further(material, labels, len(NAMES), store, nothing))
    assert found == {text: [other] for text, (_, other) in BOTH.items()}


def test_nothing_where_nothing_can_be(store: Path) -> None:
    material, labels = planted({}, store)
    everything = np.zeros_like(labels)
    assert len(find_further(material, everything, 1, store, nothing).texts) == 0
    assert len(find_further(material, everything - 1, 2, store, nothing).texts) == 0


def test_a_cancel_passes_through(store: Path) -> None:
    more = {text: first for text, (first, _) in BOTH.items()}
    material, labels = planted(more, store)

    def cancel(done: int, total: int) -> None:
        raise JobCancelled("cancelled")

    with pytest.raises(JobCancelled):
        find_further(material, labels, len(NAMES), store, cancel)


@pytest.fixture(scope="module")
def result(store: Path) -> ThemingResult:
    """Return the themes of the planted feedback and of texts that speak of several."""
    return _run(excerpts([*feedback()["text"], *BOTH]), store)


def _run(frame: pl.DataFrame, store: Path, known: KnownThemes | None = None) -> ThemingResult:
    return find_themes(frame, ThemingSettings(), known=known, store=store, progress=lambda *_: None)


def test_a_run_gives_one_primary_theme_and_further_ones(result: ThemingResult) -> None:
    rows = result.assignments
    several = rows.filter(pl.len().over("excerpt_id") > 1)
    first = feedback().height
    both = {f"r{number}.0" for number in range(first, first + len(BOTH))}
    assert len(both & set(several["excerpt_id"])) >= len(BOTH) - 1
    assert len(set(several["excerpt_id"]) - both) <= 2
    assert rows.filter("primary")["excerpt_id"].is_unique().all()
    assert set(rows["excerpt_id"]) == set(rows.filter("primary")["excerpt_id"])
    assert rows.select("excerpt_id", "theme_id").is_unique().all()
    assert set(rows["method"]) == {Method.AUTO}
    assert rows["similarity"].is_between(0.0, 1.0).all()
    themes = result.themes.filter(pl.col("level") == Level.THEME)
    assert set(rows["theme_id"]) == set(themes["theme_id"])


def test_coarser_and_finer_themes_know_further_ones(result: ThemingResult) -> None:
    cuts = result.cuts
    assert cuts is not None
    further = result.assignments.filter(~pl.col("primary"))
    assert sorted(cuts.further["excerpt_id"]) == sorted(further["excerpt_id"])
    nodes = cuts.nodes.filter(pl.col("theme_id").is_not_null()).select("node", "theme_id")
    owner = dict(nodes.iter_rows())
    parent = dict(cuts.nodes.select("node", "parent").iter_rows())
    for excerpt_id, atom in cuts.further.select("excerpt_id", "atom").iter_rows():
        node = atom
        while node not in owner:
            node = parent[node]
        assert (excerpt_id, owner[node]) in set(
            further.select("excerpt_id", "theme_id").iter_rows()
        )
    for level in cuts.levels:
        assert cuts.further[f"similarity {level}"].dtype == pl.UInt16


def test_a_later_run_leaves_further_themes_and_gives_new_ones(
    result: ThemingResult, store: Path
) -> None:
    known = KnownThemes(
        result.themes.with_columns(pl.col("theme_id", "parent_id").str.replace("new-", "T-")),
        result.assignments.with_columns(pl.col("theme_id").str.replace("new-", "T-")),
    )
    later = "The price of our renewal went up a lot. The calendar does not sync with Outlook."
    frame = pl.concat([excerpts([*feedback()["text"], *BOTH]), excerpts([later], first=500)])
    found = _run(frame, store, known)
    keys = ["excerpt_id", "theme_id"]
    had = known.assignments["excerpt_id"].unique().to_list()  # what had none may get one
    old = found.assignments.filter(pl.col("excerpt_id").is_in(had))
    assert old.sort(keys).equals(known.assignments.sort(keys))
    new = found.assignments.filter(pl.col("excerpt_id") == "r500.0")
    assert new.height == 2
    assert new["primary"].sum() == 1
