"""Which excerpts a table shows and in which order: asked off the GUI thread, answered in numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from themeloom.base.folding import fold
from themeloom.domain.records import Kind
from themeloom.gui.models.excerpt_columns import FROM_EXCERPTS, FROM_RECORDS
from themeloom.gui.models.segments import parse_segments, segment_of
from themeloom.services.view import View

#: Texts that agree in so many characters count as equal: who reads a sorted list looks no deeper.
_SORTED_BY = 60
_FITS = {"weak": 0, "good": 1, "strong": 2}


@dataclass(frozen=True)
class Scope:
    """What a table is about, before filters.

    Attributes:
        title: stands above the table.
        where: returns the condition on ``View.excerpts``, of the view that is shown.
        status: a theme's status, shown behind the title.
        phrases: marked where they stand in the texts.
        columns: the set of columns: "themes" or "unsorted".
        key: the same for the same scope, also after a rename.
        theme_ids: the themes that it is about, those below them included.
        empty: what is said where nothing is in it; "" has a sentence that is always true.
    """

    title: str
    where: Callable[[View], pl.Expr]
    key: str
    status: str | None = None
    phrases: tuple[str, ...] = ()
    columns: str = "themes"
    theme_ids: tuple[str, ...] = ()
    empty: str = ""


@dataclass(frozen=True)
class Question:
    """What is asked: the scope, a filter, and the order (a column's key; "" is the project's)."""

    view: View
    scope: Scope
    filter: pl.Expr | None = None
    sort: str = ""
    descending: bool = False


@dataclass(frozen=True)
class Rows:
    """The answer.

    Attributes:
        question: what was asked.
        order: rows of ``View.excerpts`` in the order of the table, UInt32.
        numbers: the inner excerpt numbers in that order.
        total: how many there are without the filter.
        excerpts: of ``View.excerpts`` the columns that are shown, and "record".
        records: of ``View.records`` the columns that are shown.
    """

    question: Question
    order: pl.Series
    numbers: pl.Series
    total: int
    excerpts: pl.DataFrame
    records: pl.DataFrame


def find_rows(question: Question) -> Rows:
    """Return the rows that a question asks for; ties stay in the project's order."""
    excerpts = question.view.excerpts
    inside = question.scope.where(question.view)
    passing = inside if question.filter is None else inside & question.filter
    found = excerpts.lazy().with_row_index("_row").filter(passing)
    key = _sort_key(question.sort, question.view) if question.sort else None
    if key is None:
        order = found.select("_row").collect().to_series()
    else:
        order = (
            found.select("_row", _key=key)
            .sort("_key", descending=question.descending, nulls_last=True, maintain_order=True)
            .select("_row")
            .collect()
            .to_series()
        )
    total = order.len()
    if question.filter is not None:
        total = int(excerpts.lazy().filter(inside).select(pl.len()).collect().item())
    numbers = excerpts["excerpt"].gather(order)
    return Rows(
        question,
        order,
        numbers,
        total,
        excerpts.select("record", *FROM_EXCERPTS),
        question.view.records.select(FROM_RECORDS),
    )


def themes_scope(view: View, theme_ids: Sequence[str]) -> Scope:
    """Return the excerpts of themes and of everything below them, second themes included."""
    themes = view.themes.filter(pl.col("theme_id").is_in(list(theme_ids)))
    titles = themes["title"].to_list()
    phrases = tuple(themes["key_phrases"].explode().drop_nulls().unique(maintain_order=True))
    return Scope(
        title=titles[0] if len(titles) == 1 else ", ".join(titles),
        where=lambda view: _in_themes(view, theme_ids),
        key="themes:" + ",".join(sorted(theme_ids)),
        status=themes["status"][0] if themes.height == 1 else None,
        phrases=phrases,
        theme_ids=tuple(sorted(_with_below(view, theme_ids))),
    )


def unsorted_scope(title: str, *, left_out: bool = False) -> Scope:
    """Return the excerpts without a theme; with ``left_out`` those that need none as well."""
    bare = pl.col("theme_id").is_null()
    where = bare if left_out else bare & pl.col("left_out").is_null()
    return Scope(title, lambda view: where, "unsorted", columns="unsorted")


def numbers_scope(
    title: str, numbers: Sequence[int], key: str, phrases: tuple[str, ...] = ()
) -> Scope:
    """Return certain excerpts: found ones, or those of a proposal."""
    wanted = pl.Series(numbers, dtype=pl.Int64)
    return Scope(
        title, lambda view: pl.col("excerpt").is_in(wanted.implode()), key, phrases=phrases
    )


def all_scope(title: str) -> Scope:
    """Return all excerpts."""
    return Scope(title, lambda view: pl.lit(True), "all")


def _in_themes(view: View, theme_ids: Sequence[str]) -> pl.Expr:
    below = _with_below(view, theme_ids)
    carrying = view.shares.lazy().filter(pl.col("theme_id").is_in(list(below)))
    numbers = carrying.select("excerpt").collect().to_series()
    return pl.col("excerpt").is_in(numbers.implode())


def _with_below(view: View, theme_ids: Sequence[str]) -> set[str]:
    below = set(theme_ids)
    children: dict[str, list[str]] = {}
    for child, parent in view.themes.select("theme_id", "parent_id").iter_rows():
        children.setdefault(parent, []).append(child)
    waiting = list(theme_ids)
    while waiting:
        found = children.get(waiting.pop(), [])
        below.update(found)
        waiting += found
    return below


def _sort_key(column: str, view: View) -> pl.Expr | None:
    def titles(of: str) -> pl.Expr:
        named = view.themes.select("theme_id", "title").rows()
        ranked = sorted(named, key=lambda pair: fold(pair[1]))
        places = {theme_id: place for place, (theme_id, _) in enumerate(ranked)}
        return pl.col(of).replace_strict(places, default=None, return_dtype=pl.Int64)

    def names(*of: str) -> pl.Expr:
        # Few names stand in many rows: their places in the alphabet sort many times as fast.
        all_names = view.records.select(pl.coalesce(of).str.to_lowercase()).to_series()
        alphabet = pl.Enum(all_names.drop_nulls().unique().sort())
        places = all_names.cast(alphabet).to_physical()
        return pl.lit(places).gather(pl.col("record"))

    keys: dict[str, Callable[[], pl.Expr]] = {
        "excerpt": lambda: pl.col("text").str.slice(0, _SORTED_BY).str.to_lowercase(),
        "source": lambda: pl.col("kind").replace_strict(
            {str(kind): place for place, kind in enumerate(Kind)}, default=None
        ),
        "date": lambda: pl.col("date"),
        "score": lambda: pl.col("score"),
        "account": lambda: names("account"),
        "fit": lambda: (
            pl.col("fit").replace_strict(_FITS, default=None, return_dtype=pl.Float64)
            + pl.col("similarity").clip(0, 0.999)
        ),
        "seen": lambda: pl.col("reviewed"),
        "person": lambda: names("author", "person_key"),
        "language": lambda: pl.col("language"),
        "theme": lambda: titles("theme_id"),
        "nearest": lambda: titles("nearest_theme_id"),
        "reason": lambda: pl.col("reason"),
    }
    if column in keys:
        return keys[column]()
    name = segment_of(column)
    if name is None:
        return None
    texts = view.records["segments_json"].drop_nulls().unique()
    values = {text: parse_segments(text).get(name, "").lower() or None for text in texts}
    return pl.col("segments_json").replace_strict(values, default=None, return_dtype=pl.String)
