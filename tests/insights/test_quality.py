"""What the sheet Quality says of how far the numbers can be trusted."""

from dataclasses import replace

import polars as pl
from tests.insights.story import story

from themeloom.domain.encoders import WORDS
from themeloom.insights.book import compose


def test_texts_that_the_model_cannot_read_are_told() -> None:
    data = story(few=True)
    assert data.run is not None
    assert not [row for row in compose(data).quality if row.about == "Language"]
    fourth = pl.int_range(pl.len()) % 4 == 0
    mixed = replace(
        data,
        excerpts=data.excerpts.with_columns(
            pl.when(fourth).then(pl.lit("de")).otherwise(pl.lit("en")).alias("language")
        ),
    )
    (row,) = [row for row in compose(mixed).quality if row.about == "Language"]
    assert row.value in ("24\u00a0%", "25\u00a0%", "26\u00a0%")
    assert "German 2" in row.meaning
    assert "Unsorted" in row.meaning
    any_language = replace(data.run, parameters={"encoder": WORDS})
    assert not [
        row for row in compose(replace(mixed, run=any_language)).quality if row.about == "Language"
    ]


def test_before_the_first_search_no_coverage_is_told() -> None:
    found = story(few=True)
    bare = replace(
        found,
        run=None,
        assignments=found.assignments.clear(),
        unsorted=found.unsorted.clear(),
        themes=found.themes.clear(),
    )
    book = compose(bare)
    (row,) = [row for row in book.quality if row.about == "Coverage"]
    assert (row.value, row.meaning) == ("none yet", "Themes have not been looked for yet.")
    assert " Themes have not been looked for yet. Personal data" in book.summary
    lines = [line for section in book.page for line in section.lines]
    assert "Themes have not been looked for yet, so there are no insights to show." in lines
    assert any(line.startswith("Themes have not been looked for yet, so no ex") for line in lines)
    told = " ".join((book.summary, row.value, row.meaning, *lines))
    assert "overage" not in told
    assert "0\u00a0% of" not in told
    # A search that found nothing is a result.
    book = compose(replace(bare, run=found.run))
    assert "Coverage 0\u00a0%." in book.summary
    (row,) = [row for row in book.quality if row.about == "Coverage"]
    assert row.value == "0\u00a0%"
    assert row.meaning.startswith("Low")
