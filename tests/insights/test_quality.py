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
