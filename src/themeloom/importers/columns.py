"""What the cells of each column look like: the evidence by which roles are told."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from themeloom.importers.dates import date_like
from themeloom.importers.headers import ROW
from themeloom.importers.names import fold

_SAMPLE = 4_000
#: Scripts without spaces between words: two signs are about a word.
_DENSE = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]"


@dataclass(frozen=True, slots=True)
class Look:
    """Shares (0…1) are of the filled cells; ``filled`` is of all rows."""

    filled: float
    words: float  # mean
    chars: float  # mean
    distinct: float
    values: int  # different ones
    numeric: float
    zero_to_ten: float
    top: float  # largest number, 0 without numbers
    low: float  # smallest number
    dates: float
    emails: float
    links: float
    letters: float  # has a word of two letters or more
    ticked: bool = False  # answers ticked in a list, joined by commas
    option: bool = False  # one answer of a list: ticked or not

    @property
    def is_value(self) -> bool:
        """Numbers, dates, addresses: nothing that a person says in words."""
        return max(self.numeric, self.dates, self.emails, self.links) > 0.6 or self.letters < 0.3

    @property
    def is_wordy(self) -> bool:
        """Sentences in many variations; in a table of a few rows, two words will do."""
        if self.is_value or self.ticked or self.option:
            return False
        varied = self.distinct >= 0.3 or self.values > 300
        return varied and self.words >= (2 if self.values <= 3 else 3)


NOTHING = Look(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def look_at(frame: pl.DataFrame) -> Mapping[str, Look]:
    """Return the look of each column of a table (``_row`` left out), from evenly spread rows."""
    names = [name for name in frame.columns if name != ROW]
    if frame.is_empty():
        return dict.fromkeys(names, NOTHING)
    step = max(1, frame.height // _SAMPLE)
    sample = frame.gather_every(step)
    looks: dict[str, Look] = {}
    for name in names:
        cells = sample[name].drop_nulls()
        looks[name] = _look(cells, sample.height) if len(cells) else NOTHING
    return looks


def _look(cells: pl.Series, rows: int) -> Look:
    c = pl.col(cells.name)
    number = c.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    row = (
        cells.to_frame()
        .select(
            (c.str.count_matches(r"\S+") + c.str.count_matches(_DENSE) / 2).mean().alias("words"),
            c.str.len_chars().mean().alias("chars"),
            c.n_unique().alias("values"),
            number.is_not_null().mean().alias("numeric"),
            (number.is_between(0, 10) & (number == number.round(0))).mean().alias("zero_to_ten"),
            number.max().alias("top"),
            number.min().alias("low"),
            date_like(c).mean().alias("dates"),
            c.str.contains(r"^[^@\s]+@[^@\s]+\.[^@\s]+$").mean().alias("emails"),
            c.str.contains(r"^https?://\S+$").mean().alias("links"),
            c.str.contains(rf"\p{{L}}{{2}}|{_DENSE}").mean().alias("letters"),
        )
        .row(0, named=True)
    )
    found = {key: float(value or 0) for key, value in row.items()}
    ticked = len(cells) >= 20 and found["words"] >= 2 and _is_ticked(cells)
    return Look(
        filled=len(cells) / rows,
        words=found["words"],
        chars=found["chars"],
        distinct=found["values"] / len(cells),
        values=int(found["values"]),
        numeric=found["numeric"],
        zero_to_ten=found["zero_to_ten"],
        top=found["top"],
        low=found["low"],
        dates=found["dates"],
        emails=found["emails"],
        links=found["links"],
        letters=found["letters"],
        ticked=ticked,
        option=found["values"] == 1 and _is_option(cells),
    )


def _is_option(cells: pl.Series) -> bool:
    """The only answer is the name of the column, or it is given over and over."""
    answer = fold(str(cells[0]))
    return len(cells) >= 3 or (answer != "" and answer in fold(cells.name))


def _is_ticked(cells: pl.Series) -> bool:
    """The same few answers come again and again, several of them in one cell."""
    parts = cells.str.split(", ").explode()
    if len(parts) < 1.3 * len(cells):
        return False
    common = parts.value_counts(sort=True).head(30)
    return int(common["count"].sum()) > 0.75 * len(parts)
