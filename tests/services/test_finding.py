"""Search over the view's excerpts, by the index and by reading along: the same hits."""

from datetime import datetime
from pathlib import Path
from threading import Event, Thread

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from themeloom.domain.encoders import LANGUAGES
from themeloom.importers.languages import LATIN
from themeloom.services.finding import Finder
from themeloom.services.finding_filters import Around, segment_names

#: The languages that are told besides those in Latin letters.
OTHER_LETTERS = ("ar", "bg", "el", "he", "hi", "ja", "ko", "ru", "sr", "th", "uk", "zh")
MONTHS = ("07", "08", "09", "10", "07")
EXCERPTS = pl.DataFrame(
    {
        "excerpt": [11, 12, 13, 14, 15, 16],
        "record": [0, 1, 2, 3, 4, 5],
        "text": [
            "Calendar sync forgets bookings",
            "Bookings are lost in sync since May",
            "The invoice is late",
            "Love the calendar",
            "What do you use it for?",
            "Café-Kasse: 同期が失敗する",
        ],
        "subject": ["Sync broken", None, "Billing", None, None, None],
        "speaker": [None, None, None, None, "Ana", None],
        "language": ["en", "en", "en", None, "en", "ja"],
        "left_out": [None, None, None, None, "interviewer", None],
        "kind": ["ticket", "nps", "ticket", "nps", "interview", "call"],
        "source_id": ["s1", "s2", "s1", "s2", "s3", "s4"],
        "date": [*(datetime.fromisoformat(f"2026-{month}-14T23:59") for month in MONTHS), None],
        "score": [None, 3.0, None, 9.0, None, 7.5],
        "account": ["Hotel Bristol", "Café Nord", None, "Bristol Inn", None, "Abristol"],
        "person_key": ["ana@example.com", None, "bo", "cy@example.com", None, None],
        "segments_json": [
            '{"Plan": "Team", "Region": "Nord"}',
            '{"Plan": "Business"}',
            None,
            "no json",
            "[]",
            '{"Plan": "Team Plus"}',
        ],
        "theme_id": ["T-001", "T-002", None, "T-003", None, None],
        "reviewed": [True, False, False, None, False, True],
    },
    schema_overrides={"excerpt": pl.Int64, "record": pl.UInt32, "score": pl.Float64},
)
AROUND = Around(
    sources=pl.DataFrame(
        {"source_id": ["s1", "s2", "s3", "s4"], "file": [*"tickets-q3.csv nps.xlsx".split(),
         "Ana.docx", "calls.vtt"]}
    ),
    themes=pl.DataFrame(
        {
            "theme_id": ["G-001", "T-001", "T-002", "T-003"],
            "parent_id": [None, "G-001", "T-001", None],
            "title": ["Calendar", "Sync forgets bookings", "Since May", "Praise"],
        }
    ),
    records=pl.DataFrame(
        {
            "record": [0, 1, 2, 3, 4, 5],
            "author": ["Ana Lima", "Bo", None, None, None, None],
            "score_kind": [None, "nps", None, "nps", None, "rating"],
        },
        schema_overrides={"record": pl.UInt32},
    ),
)  # fmt: skip


@pytest.fixture(params=["index", "reading along"])
def finder(request: pytest.FixtureRequest, tmp_path: Path) -> Finder:
    made = Finder(tmp_path)
    if request.param == "index":
        made.prepare(EXCERPTS)
        assert made.index_for(EXCERPTS) is not None
    return made


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("", set()),
        ("!!", set()),
        ("sync", {11, 12}),
        ("forgets bookings ", {11}),
        ('"lost in sync"', {12}),
        ("broken ", {11}),
        ("sync -lost ", {11}),
        ("-sync ", {13, 14, 15, 16}),
        ("invoice OR lov", {13, 14}),
        ("失敗", {16}),
        ("cafe ", {16}),
        ("kind:nps", {12, 14}),
        ("sync kind:nps", {12}),
        ("sync OR kind:nps", {11, 12, 14}),
        ("-kind:nps bookings ", {11}),
        ("invoice OR (kind:nps -lost)", {13, 14}),
        ("score:<=7.5", {12, 16}),
        ("score:<3", set()),
        ("score:detractor", {12}),
        ("score:passive", set()),
        ("score:detractor,promoter", {12, 14}),
        ("date:2026-07", {11, 15}),
        ("date:2026-08..2026-09", {12, 13}),
        ("date:>2026-09-13", {13, 14}),
        ("-date:2026", {16}),
        ("account:bristol", {11, 14}),
        ("account:café", {12}),
        ("person:ana", {11}),
        ("person:lima", {11}),
        ("person:bo", {12, 13}),
        ("source:q3", {11, 13}),
        ("source:s2", {12, 14}),
        ("theme:forgets", {11, 12}),
        ("theme:calendar", {11, 12}),
        ("theme:t-003", {14}),
        ("plan:team", {11, 16}),
        ('plan:"team plus"', {16}),
        ("region:nord", {11}),
        ("lang:ja", {16}),
        ("lang:english", {11, 12, 13, 15}),
        ("is:reviewed", {11, 16}),
        ("is:unreviewed", {12, 13, 14, 15}),
        ("is:unsorted", {13, 16}),
        ("is:sorted", {11, 12, 14}),
        ("colour:red", set()),
    ],
)
def test_hits(finder: Finder, text: str, hits: set[int]) -> None:
    found = finder.search(text, EXCERPTS, around=AROUND)
    assert set(found.excerpts) == hits
    assert found.total == len(hits)
    assert found.message is None
    assert found.seconds >= 0


@pytest.mark.parametrize("code", [*LATIN, *OTHER_LETTERS])
def test_languages_that_are_told_are_found_by_their_names(finder: Finder, code: str) -> None:
    told = EXCERPTS.with_columns(
        language=pl.when(pl.col("excerpt") == 12).then(pl.lit(code)).otherwise(pl.lit("xx"))
    )
    assert finder.search(f"lang:{LANGUAGES[code]}", told).excerpts == [12]


def test_some_of_the_excerpts_can_be_searched(finder: Finder) -> None:
    some = EXCERPTS.filter(pl.col("kind") == "nps")
    assert finder.search("sync", some).excerpts == [12]
    assert finder.index_for(some) is finder.index_for(EXCERPTS)


def test_spans_follow_the_search(finder: Finder) -> None:
    found = finder.search('calendar "forgets bookings" kind:ticket', EXCERPTS)
    assert found.spans(EXCERPTS["text"][0]) == [(0, 8), (14, 30)]


def test_what_is_missing_around_finds_nothing(finder: Finder) -> None:
    bare = EXCERPTS.select("excerpt", "text")
    for text in ("theme:sync", "source:q3", "kind:nps", "plan:x", "account:b", "is:reviewed"):
        assert finder.search(text, bare).excerpts == []
    assert finder.search("lang:en", bare).excerpts == []
    assert finder.search("sync", bare).total == 2


def test_no_excerpts(finder: Finder) -> None:
    assert finder.search("sync kind:nps", EXCERPTS.clear(), around=AROUND).total == 0


def test_texts_that_changed_are_read_until_the_index_has_them(tmp_path: Path) -> None:
    finder = Finder(tmp_path)
    finder.prepare(EXCERPTS)
    changed = EXCERPTS.with_columns(text=pl.lit("refund ") + pl.col("text"))
    assert finder.search("refund", changed).total == 6
    assert finder.index_for(changed) is None
    finder.prepare(changed)
    assert finder.index_for(changed) is not None
    assert finder.search("refund", changed).total == 6
    assert finder.search("refund", EXCERPTS).total == 0


def test_searching_goes_on_while_the_index_is_made(tmp_path: Path) -> None:
    finder = Finder(tmp_path)
    many = pl.DataFrame({"excerpt": range(5000), "text": [f"sync {row}" for row in range(5000)]})
    begun, searched = Event(), Event()

    def wait(done: int, of: int) -> None:
        begun.set()
        assert searched.wait(20)

    thread = Thread(target=finder.prepare, args=(many, wait))
    thread.start()
    assert begun.wait(20)
    total = finder.search("sync", many).total
    searched.set()
    thread.join()
    assert total == 5000
    assert finder.index_for(many) is not None


def test_segment_names() -> None:
    assert segment_names(EXCERPTS) == ["Plan", "Region"]
    assert segment_names(EXCERPTS.drop("segments_json")) == []


_WORDS = st.sampled_from(
    "sync Sync booking bookings Größe grosse 同期 失敗 é e a-b a b ٣ 🙂 نَعم".split()
)
_TEXT = st.lists(_WORDS, max_size=6).map(" ".join)
_QUERY = st.lists(
    st.one_of(_WORDS, _WORDS.map("-{}".format), _WORDS.map('"{} b"'.format), st.sampled_from("OR ( )".split())),
    min_size=1,
    max_size=6,
).map(" ".join)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(texts=st.lists(_TEXT, min_size=1, max_size=12), query=_QUERY, done=st.booleans())
def test_index_and_reading_along_find_the_same(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], query: str, done: bool
) -> None:
    excerpts = pl.DataFrame({"excerpt": range(len(texts)), "text": texts, "subject": texts[::-1]})
    text = f"{query} " if done else query
    folder = tmp_path_factory.mktemp("index")
    indexed, reading = Finder(folder), Finder(folder)
    indexed.prepare(excerpts)
    found = indexed.search(text, excerpts)
    assert sorted(found.excerpts) == sorted(reading.search(text, excerpts).excerpts)
    for number in found.excerpts:
        assert all(0 <= start < end for start, end in found.spans(texts[number]))
    indexed.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text())
def test_nothing_that_is_typed_raises(finder: Finder, text: str) -> None:
    found = finder.search(text, EXCERPTS, around=AROUND)
    assert found.total == len(set(found.excerpts))
