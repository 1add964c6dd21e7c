"""Lines that stand at the start or end of many messages: forms, disclaimers, help-desk phrases."""

import polars as pl

from themeloom.base.text import count_words, fold

#: A repeated line needs this many words …
WORDS_AT_LEAST = 6
#: … and this many different messages, or this share of them, whichever is more.
MESSAGES_AT_LEAST = 5
SHARE_AT_LEAST = 0.005


def repeated_lines(texts: pl.Series) -> frozenset[str]:
    """Return the lines, folded, that many different texts have at their start or end.

    A text that is the line and nothing else does not count, nor does a second copy of one text:
    a complaint that many people send word by word is no macro. Only the outermost lines (two at
    the start, four at the end) are looked at.
    """
    several = texts.drop_nulls().unique(maintain_order=True)
    several = several.filter(several.str.contains("\n", literal=True))
    if several.len() < MESSAGES_AT_LEAST:
        return frozenset()
    edges = (
        several.alias("text")
        .to_frame()
        .with_row_index("message")
        .with_columns(
            line=pl.col("text")
            .str.split("\n")
            .list.eval(pl.element().str.strip_chars().filter(pl.element().str.strip_chars() != ""))
        )
        .filter(pl.col("line").list.len() > 1)
        .with_columns(line=pl.concat_list(pl.col("line").list.head(2), pl.col("line").list.tail(4)))
        .select("message", "line")
        .explode("line")
        .unique()
    )
    needed = max(MESSAGES_AT_LEAST, texts.len() * SHARE_AT_LEAST)
    often = edges.group_by("line").len().filter(pl.col("len") >= needed)["line"].to_list()
    return frozenset(fold(line) for line in often if count_words(line) >= WORDS_AT_LEAST)
