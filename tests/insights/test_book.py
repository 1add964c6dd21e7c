import dataclasses
from dataclasses import replace
from datetime import date, datetime

import polars as pl
import pytest
from tests.insights.story import HIDDEN, story, tiny

from themeloom.domain.frames import SOURCES
from themeloom.insights.book import compose
from themeloom.insights.model import Book
from themeloom.insights.wording import locator, months

THEMES = [{"theme_id": "T-007", "title": "Export fails"}]


@pytest.fixture(scope="module")
def book() -> Book:
    return compose(story())


@pytest.fixture(scope="module")
def raw_book() -> Book:
    return compose(story(raw=True))


def test_insights_are_the_themes_with_records_largest_first(book: Book) -> None:
    data = story()
    assert len(book.insights) == data.themes.filter(level="theme").height > 12
    sizes = [one.records for one in book.insights]
    assert sizes == sorted(sizes, reverse=True)
    assert {one.id.removeprefix("IN-") for one in book.insights} == {
        one.theme_id.removeprefix("T-") for one in book.insights
    }
    assert book.title == "What customers told us, July to September 2026"
    said = data.records.filter(pl.col("duplicate_of").is_null() & ~pl.col("non_answer"))
    tickets = said.filter(kind="ticket").height
    assert book.summary.startswith(
        f"{len(book.insights)}\u00a0insights from {said.height}\u00a0records that say something"
        f" (tickets {tickets}, NPS"
    )


def test_quotes_are_the_texts_they_say_they_are(book: Book, raw_book: Book) -> None:
    data = story()
    raw = dict(data.excerpts.select("excerpt_id", "text").iter_rows())
    spans = {
        excerpt_id: text[start:end]
        for excerpt_id, start, end, text in data.excerpts.select(
            "excerpt_id", "record_id", "start", "end"
        )
        .join(data.records.select("record_id", "text"), on="record_id")
        .select("excerpt_id", "start", "end", "text")
        .iter_rows()
    }
    assert len(book.evidence) > 80
    for quote in raw_book.evidence:
        assert quote.quote == raw[quote.excerpt_id] == spans[quote.excerpt_id]


def test_nothing_personal_is_left_anywhere_when_masked() -> None:
    data = story(few=True)
    secret = "Annegret Viebrock"
    leaky = dataclasses.replace(
        data,
        themes=data.themes.with_columns(
            ("Call " + pl.col("title") + f" {secret}").alias("title"),
            pl.lit(f"Ask {secret}").alias("definition"),
            pl.lit([secret]).alias("key_phrases"),
        ),
        sources=data.sources.with_columns((pl.col("file") + f" {secret}.csv").alias("file")),
        skipped=data.skipped.with_columns(pl.lit(f"{secret}.csv").alias("file")),
        records=data.records.with_columns(
            pl.lit(f'{{"Contact": "{secret}"}}').alias("segments_json"),
            pl.when(pl.col("kind") == "call")
            .then(pl.lit("a.viebrock@example.com"))
            .otherwise("external_id")
            .alias("external_id"),
        ),
    )
    masked, raw = compose(leaky), compose(dataclasses.replace(leaky, masker=None))
    assert secret in repr(raw)
    names = [name for name in data.records["author"].drop_nulls().unique() if len(name) > 8]
    shown = repr(masked) + masked.records.write_csv()
    assert secret not in shown
    assert "@" not in "".join(masked.records["External id"].drop_nulls())
    assert not any(masked.records["Person"].is_in(names))
    assert HIDDEN[secret] in shown
    assert "raw" in raw.summary
    assert raw.properties["Personal data"] == "raw"


def test_person_is_shown_raw_only_when_asked(book: Book, raw_book: Book) -> None:
    assert "Catriona Muir" in raw_book.records["Person"]
    assert "Catriona Muir" not in book.records["Person"]


def test_records_table_has_themes_reasons_and_account_segments(book: Book) -> None:
    table = book.records
    assert table.columns[:7] == [
        "Record id", "Kind", "Date", "Primary theme", "Group", "Text", "Score",
    ]  # fmt: skip
    assert table.height == story().records.height
    assert {"Plan", "Region", "Priority"} <= set(table.columns)
    unplaced = table.filter(pl.col("Primary theme").is_null())
    assert set(unplaced["Unsorted because"]) == {"too far", "non-answer"}
    themes = dict(table.select("Record id", "Primary theme").iter_rows())
    copies = table.filter(pl.col("Duplicate of").is_not_null())
    assert copies["Primary theme"].drop_nulls().len() > 5
    for copy, original in copies.select("Record id", "Duplicate of").iter_rows():
        assert themes[copy] == themes[original]


def test_segments_named_like_columns_get_another_name() -> None:
    own = '{"TEXT": "x", "text": "y", "Plan": "Pro", "plan": "z", "Group": "g", "Source": "web"}'
    table = compose(tiny([{"record_id": "a", "segments_json": own}], {}, THEMES)).records
    (row,) = table.iter_rows(named=True)
    assert (row["Source"], row["Source (from the file)"]) == ("tickets.csv", "web")
    assert (row["Group"], row["Group (from the file)"]) == (None, "g")
    assert (row["TEXT (from the file)"], row["text (from the file) (2)"]) == ("x", "y")
    assert (row["Plan"], row["plan (2)"]) == ("Pro", "z")


def test_a_theme_without_chosen_quotes_shows_its_closest_ones() -> None:
    records = [
        {"record_id": "a", "text": "It fails.", "person_key": "p"},
        {"record_id": "b", "text": "It fails, again.", "person_key": "p"},
        {"record_id": "c", "text": "It fails.", "person_key": "q"},
        {"record_id": "d", "text": "No export today.", "person_key": None},
    ]
    data = tiny(records, {r: ["T-007"] for r in "abcd"}, THEMES)
    found = [quote.quote for quote in compose(data).evidence]
    assert sorted(found) == ["It fails.", "No export today."]
    gone = dataclasses.replace(
        data, themes=data.themes.with_columns(pl.lit(["gone.0", "d.0"]).alias("quotes"))
    )
    assert [quote.excerpt_id for quote in compose(gone).evidence] == ["d.0", "a.0"]
    own = dataclasses.replace(gone, own_quotes=frozenset({"T-007"}))
    assert [quote.excerpt_id for quote in compose(own).evidence] == ["d.0"]


def test_quotes_with_words_of_the_theme_go_first() -> None:
    texts = [
        "I clean stations, signal comes and goes.",
        "My notes are not there after a day offline.",
        "In the cellar the phone was offline again.",
        "Such a thing should not be.",
    ]
    records = [{"record_id": f"r{n}", "text": text} for n, text in enumerate(texts)]
    placed = {str(one["record_id"]): ["T-001"] for one in records}
    title = "App loses notes when offline"
    data = tiny(records, placed, [{"theme_id": "T-001", "title": title}])
    # Three stand there anyway; more only where they say the title.
    assert compose(data).insights[0].quote_ids == ("r1.0", "r2.0", "r0.0")
    proposed = [{"theme_id": "T-001", "title": title, "quotes": ["r3.0", "r2.0"]}]
    data = tiny(records, placed, proposed)
    assert compose(data).insights[0].quote_ids == ("r2.0", "r3.0", "r1.0")
    own = replace(data, own_quotes=frozenset({"T-001"}))
    assert compose(own).insights[0].quote_ids == ("r3.0", "r2.0")


def test_of_one_record_a_run_quotes_once() -> None:
    data = tiny(
        [{"record_id": "r0", "text": "The export is odd. The export fails."}],
        {"r0": ["T-001"]},
        [{"theme_id": "T-001", "title": "Export", "quotes": ["r0.0", "r0.1"]}],
    )
    more = data.excerpts.with_columns(excerpt_id=pl.lit("r0.1"), text=pl.lit("The export fails."))
    placed = data.assignments.with_columns(excerpt_id=pl.lit("r0.1"))
    data = replace(
        data,
        excerpts=pl.concat([data.excerpts, more]),
        assignments=pl.concat([data.assignments, placed]),
    )
    assert compose(data).insights[0].quote_ids == ("r0.0",)


@pytest.mark.parametrize(
    ("silent", "verb"), [(1, "1 record said nothing and is"), (2, "2 records said nothing and are")]
)
def test_one_record_is_one(silent: int, verb: str) -> None:
    records = [{"record_id": "r0", "text": "Export fails."}]
    records += [{"record_id": f"n{n}", "text": "n/a", "non_answer": True} for n in range(silent)]
    records += [
        {"record_id": f"d{n}", "text": "Export fails.", "duplicate_of": "r0"} for n in range(silent)
    ]
    data = tiny(records, {"r0": ["T-001"]}, [{"theme_id": "T-001", "title": "Export fails"}])
    coverage = next(one for one in compose(data).page if one.heading == "Coverage")
    told = " ".join(coverage.lines).replace("\u00a0", " ")
    assert f"{verb} left out" in told
    assert ("1 duplicate carries its original's themes and counts once." in told) == (silent == 1)
    assert ("2 duplicates carry their original's themes and count once." in told) == (silent == 2)


def test_sections_have_no_empty_lines(book: Book) -> None:
    assert all(all((*one.lines, *one.more)) for one in book.page)


def test_score_of_few_is_not_enough() -> None:
    records = [
        {"record_id": f"r{n}", "kind": "nps", "score": 3.0, "score_kind": "nps"} for n in range(9)
    ]
    data = tiny(records, {str(r["record_id"]): ["T-007"] for r in records}, THEMES)
    (one,) = compose(data).insights
    assert not one.scores["nps"].enough
    assert "NPS of" not in one.statement


def test_an_empty_project_and_one_without_themes() -> None:
    empty = compose(tiny([], {}, []))
    assert (empty.title, empty.insights, empty.evidence) == ("What customers told us", (), ())
    assert "Themes have not been looked for yet" in repr(empty.page)
    unthemed = compose(tiny([{"record_id": "a"}], {}, []))
    assert unthemed.records["Primary theme"].to_list() == [None]


def test_row_order_changes_nothing(book: Book) -> None:
    data = story()
    shuffled = dataclasses.replace(
        data,
        excerpts=data.excerpts.sample(fraction=1, shuffle=True, seed=5),
        assignments=data.assignments.sample(fraction=1, shuffle=True, seed=6),
    )
    again = compose(shuffled)
    assert again.insights == book.insights
    assert again.evidence == book.evidence
    assert again.records.equals(book.records)


def test_page_tells_sources_and_skipped_rows(book: Book) -> None:
    page = {section.heading: section for section in book.page}
    sources = page["Sources"].grid
    assert sources is not None
    tickets = story().records.filter(source_id="tickets").height
    assert sources.rows[0][:7] == (
        "support-tickets-2026-q3.csv", "Ticket", tickets + 3, tickets - 6, 0, 6, 3
    )  # fmt: skip
    for row in sources.rows:
        _, _, read, taken, updated, duplicate, skipped, _ = row
        assert isinstance(read, int)
        assert read == sum(n for n in (taken, updated, duplicate, skipped) if isinstance(n, int))
    assert "3\u00a0rows did not become records" in page["Skipped rows"].lines[0]
    assert sources.rows[-1][0] == "interview-02.md"
    assert (
        page["Sources"]
        .more[1]
        .endswith(
            "used for revenue, segments and owners: accounts.xlsx, sheet Accounts (accounts)."
        )
    )
    many = tiny(
        [{"record_id": "a"}],
        {},
        [],
        skipped=pl.DataFrame({"file": ["t.csv"] * 100, "reason": ["no text"] * 100}).with_columns(
            pl.lit(None, pl.String).alias("sheet"), pl.int_range(2, 102).alias("row")
        ),
        sources=pl.DataFrame(schema=SOURCES),
    )
    (section,) = (s for s in compose(many).page if s.heading == "Skipped rows")
    assert section.more == ("… and 70 more.",)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 7, 1), date(2026, 9, 30), "July to September 2026"),
        (date(2026, 7, 1), date(2026, 7, 1), "July 2026"),
        (date(2025, 11, 5), date(2026, 1, 2), "November 2025 to January 2026"),
    ],
)
def test_months(first: date, last: date, words: str) -> None:
    assert months(first, last) == words
    dated = tiny([{"record_id": "a", "date": datetime(2001, 1, 1)}], {}, [])  # noqa: DTZ001
    assert compose(dataclasses.replace(dated, period=(first, last))).title.endswith(words)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (("ticket", "ZD-48213", None, "row 12", "t.csv"), "Ticket ZD-48213"),
        (("ticket", None, None, "row 12", "t.csv"), "Ticket, row 12"),
        (("other", "b95523cf6941fa1c257c6f561c5cb347", None, "row 12", "t.csv"), "Record, row 12"),
        (("nps", "R-1", 2.0, "row 644", "n.xlsx"), "NPS 2, row 644"),
        (
            ("interview", None, None, "paragraph 12", "interview_04.md"),
            "Interview 04, paragraph 12",
        ),
        (("call", "call-08", None, "00:04:12", "calls.csv"), "Call 08, 00:04:12"),
        (("call", "08", None, None, "calls.csv"), "Call 08"),
    ],
)
def test_locators(facts: tuple[str, str | None, float | None, str | None, str], words: str) -> None:
    assert locator(*facts).replace("\u00a0", " ") == words
