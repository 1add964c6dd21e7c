"""Dates as tools and people write them, a whole column at a time."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from themeloom.domain.records import DateOrder

_MONTHS = (  # beginnings in en, de, fr, es, it, pt, nl and the Nordic languages, folded
    ("jan", "ene", "gen"),
    ("feb", "fev", "fevr"),
    ("mar", "mrz", "maa", "maer"),
    ("apr", "avr", "abr"),
    ("may", "mai", "mag", "mei", "maj"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "aou", "ago"),
    ("sep", "set"),
    ("oct", "okt", "out", "ott"),
    ("nov",),
    ("dec", "dez", "dic", "des"),
)
_ZONES = {  # minutes east of UTC
    **dict.fromkeys(("z", "utc", "gmt", "wet"), 0),
    **dict.fromkeys(("bst", "cet", "west", "mez"), 60),
    **dict.fromkeys(("cest", "eet", "mesz"), 120),
    "eest": 180,
    "est": -300,
    "edt": -240,
    "cst": -360,
    "cdt": -300,
    "mst": -420,
    "mdt": -360,
    "pst": -480,
    "pdt": -420,
}
_ZONE = r"(?P<zone>Z|UTC|GMT|[A-Z]{3,4}|(?:UTC|GMT)?[+\-−]\d{1,2}:?(?:\d{2})?)?(?:\s*\([^)]*\))?"
_TIME = (
    r"(?:(?:T|,?\s+(?:at|um|à|a las)?\s*|\s*-\s*)(?P<h>\d{1,2})[:.h](?P<mi>\d{2})"
    r"(?:[:.](?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?\s*(?P<half>[AaPp]\.?\s?[Mm]\.?)?)?"
)
_WEEKDAY = r"(?:\p{L}{2,10}\.?,?\s+)?"
_ISO = rf"^(?P<y>\d{{4}})[-/.](?P<mo>\d{{1,2}})[-/.](?P<d>\d{{1,2}}){_TIME}\s*{_ZONE}$"
_COMPACT = (
    r"^(?P<y>(?:19|20)\d{2})(?P<mo>\d{2})(?P<d>\d{2})"
    rf"(?:[T ]?(?P<h>\d{{2}}):?(?P<mi>\d{{2}}):?(?P<s>\d{{2}})?)?\s*{_ZONE}$"
)
_NUMERIC = (
    rf"^{_WEEKDAY}(?P<first>\d{{1,2}})(?P<sep>[/.\-])(?P<second>\d{{1,2}})[/.\-]"
    rf"(?P<y>\d{{4}}|\d{{2}}){_TIME}\s*{_ZONE}$"
)
_DAY_MONTH = (
    rf"^{_WEEKDAY}(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.|er)?[ /\-]+(?:de\s+|of\s+)?(?P<name>\p{{L}}{{3,}})"
    rf"\.?[ /\-,]+(?:de\s+)?(?P<y>\d{{4}}|\d{{2}}){_TIME}\s*{_ZONE}$"
)
_MONTH_DAY = (
    rf"^{_WEEKDAY}(?P<name>\p{{L}}{{3,}})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+"
    rf"(?P<y>\d{{4}}){_TIME}\s*{_ZONE}$"
)
_DATE_LIKE = (
    r"(?i)^\D{0,12}(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}"
    r"|\d{1,2}(?:st|nd|rd|th|\.)?[ /\-]+(?:de\s+)?\p{L}{3,9}\.?[ /\-,]+(?:de\s+)?\d{2,4}"
    r"|\p{L}{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4})(?:\b|T).{0,40}$"
)


@dataclass(frozen=True, slots=True)
class ParsedDates:
    """A column of dates. ``values`` is Datetime("us"); zones were turned into UTC.

    ``ambiguous`` counts dates that could be day/month or month/day with nothing in the column to
    tell; they were read as ``order`` says. ``unreadable`` counts cells that are no date.
    ``example`` is the first of the ambiguous cells.
    """

    values: pl.Series
    ambiguous: int
    order: str
    unreadable: int
    example: str | None = None


def date_like(column: pl.Expr) -> pl.Expr:
    """Return a Boolean expression: the cell looks like a date."""
    return column.str.contains(_DATE_LIKE)


def parse_dates(values: pl.Series, wanted: DateOrder | None = None) -> ParsedDates:
    """Return a String column as dates.

    ISO shapes first, then day, month and year in either order, month names in several languages,
    Unix seconds and milliseconds, and spreadsheet serial numbers. In ``1/2/2026`` the column
    decides: any number over 12 shows which one is the day; dots mean day first; without evidence
    it is read month first, as the US and most tools write slashes. ``wanted`` overrides both.
    """
    plain = values.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, time_unit="us")
    if plain.null_count() == values.null_count():  # what workbooks and most tools give
        return ParsedDates(plain.alias("date"), 0, "", 0)
    frame = pl.DataFrame({"v": values.str.strip_chars()})
    found = pl.Series("date", [None] * frame.height, pl.Datetime("us"))
    ambiguous = 0
    order = ""
    example: str | None = None
    for pattern in (_ISO, _NUMERIC, _DAY_MONTH, _MONTH_DAY, _COMPACT):
        open_rows = found.is_null() & frame["v"].is_not_null()
        if not open_rows.any():
            break
        if not frame["v"].filter(open_rows).head(1000).str.contains(pattern).any() and not (
            frame["v"].filter(open_rows).str.contains(pattern).any()
        ):
            continue
        groups = frame.select(pl.col("v").str.extract_groups(pattern)).unnest("v")
        if pattern is _NUMERIC:
            groups, doubtful, order = _day_and_month(groups, wanted)
            ambiguous = int(doubtful.sum())
            example = str(frame["v"].filter(doubtful)[0]) if ambiguous else None
        elif "name" in groups.columns:
            groups = _with_month(groups)
        found = found.fill_null(_assembled(groups))
    found = found.fill_null(_numbers(frame["v"]))
    unreadable = int((found.is_null() & frame["v"].is_not_null()).sum())
    return ParsedDates(found.alias("date"), ambiguous, order, unreadable, example)


def find_date(text: str) -> datetime | None:
    """Return the first date in a line of text or a file name, or None. Months by name or ISO."""
    for pattern, names in _IN_TEXT:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            month = _month_number(parts["mo"]) if names else int(parts["mo"])
            try:
                return datetime(int(parts["y"]), month or 0, int(parts["d"]))  # noqa: DTZ001
            except ValueError:
                continue
    return None


_IN_TEXT = (
    (
        re.compile(r"(?<!\d)(?P<y>(?:19|20)\d{2})[-_./](?P<mo>\d{1,2})[-_./](?P<d>\d{1,2})(?!\d)"),
        False,
    ),
    (re.compile(r"(?<!\d)(?P<y>20\d{2})(?P<mo>\d{2})(?P<d>\d{2})(?!\d)"), False),
    (re.compile(r"(?<!\d)(?P<d>\d{1,2})\.(?P<mo>\d{1,2})\.(?P<y>20\d{2})(?!\d)"), False),
    (
        re.compile(
            r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th|\.)?[ \-_]+(?:de )?(?P<mo>[^\W\d_]{3,12})\.?"
            r"[ \-_,]+(?:de )?(?P<y>(?:19|20)\d{2})(?!\d)"
        ),
        True,
    ),
    (
        re.compile(
            r"(?P<mo>[^\W\d_]{3,12})\.?[ \-_]+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?[ \-_]+"
            r"(?P<y>(?:19|20)\d{2})(?!\d)"
        ),
        True,
    ),
)


def _day_and_month(
    groups: pl.DataFrame, wanted: DateOrder | None
) -> tuple[pl.DataFrame, pl.Series, str]:
    """Decide which of two numbers is the day, by what is wanted or the column's own evidence.

    Returns the groups, which rows can be read in two ways, and the order.
    """
    first = groups["first"].cast(pl.Int64, strict=False)
    second = groups["second"].cast(pl.Int64, strict=False)
    dotted = groups["sep"] == "."
    day_first = int(((first > 12) & ~dotted).sum())
    month_first = int(((second > 12) & ~dotted).sum())
    usual = day_first > month_first if wanted is None else wanted is DateOrder.DAY_FIRST
    plain = (~dotted) & (first <= 12) & (second <= 12) & (first != second)
    plain = plain.fill_null(value=False)
    # One clear date settles the whole column, unless others are clear in the other direction.
    doubtful = plain if bool(day_first) == bool(month_first) else plain & False
    swap = dotted | (first > 12) | ((second <= 12) & pl.Series([usual] * len(first)))
    frame = groups.with_columns(
        pl.when(swap).then(pl.col("first")).otherwise(pl.col("second")).alias("d"),
        pl.when(swap).then(pl.col("second")).otherwise(pl.col("first")).alias("mo"),
    )
    return frame, doubtful, "day/month/year" if usual else "month/day/year"


def _with_month(groups: pl.DataFrame) -> pl.DataFrame:
    names = groups["name"].drop_nulls().unique().to_list()
    numbers = {name: str(_month_number(name)) for name in names if _month_number(name)}
    return groups.with_columns(
        pl.col("name").replace_strict(numbers, default=None, return_dtype=pl.String).alias("mo")
    )


def _month_number(name: str) -> int | None:
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    for length in (4, 3):
        for number, beginnings in enumerate(_MONTHS, start=1):
            if plain[:length] in beginnings:
                return number
    return None


def _assembled(groups: pl.DataFrame) -> pl.Series:
    def part(name: str) -> pl.Expr:
        return pl.col(name) if name in groups.columns else pl.lit(None, pl.String)

    year = pl.when(part("y").str.len_chars() == 2).then(
        pl.when(part("y").cast(pl.Int64, strict=False) < 70)
        .then(pl.concat_str(pl.lit("20"), part("y")))
        .otherwise(pl.concat_str(pl.lit("19"), part("y")))
    )
    half = part("half").str.to_lowercase().str.slice(0, 1)
    clock = part("h").cast(pl.Int64, strict=False).fill_null(0)
    hour = (
        pl.when((half == "p") & (clock < 12))
        .then(clock + 12)
        .when((half == "a") & (clock == 12))
        .then(0)
        .otherwise(clock)
    )
    stamp = pl.concat_str(
        year.otherwise(part("y")),
        pl.lit("-"),
        part("mo").str.zfill(2),
        pl.lit("-"),
        part("d").str.zfill(2),
        pl.lit(" "),
        hour.cast(pl.String).str.zfill(2),
        pl.lit(":"),
        part("mi").fill_null("00"),
        pl.lit(":"),
        part("s").fill_null("00"),
        pl.lit("."),
        part("f").fill_null("0").str.pad_end(6, "0").str.slice(0, 6),
    )
    moment = stamp.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", strict=False, time_unit="us")
    zones = groups["zone"].drop_nulls().unique().to_list() if "zone" in groups.columns else []
    offsets = {zone: _offset(zone) for zone in zones}
    minutes = part("zone").replace_strict(offsets, default=0, return_dtype=pl.Int64).fill_null(0)
    return groups.select((moment - pl.duration(minutes=minutes)).alias("date"))["date"].cast(
        pl.Datetime("us")
    )


def _offset(zone: str) -> int:
    plain = zone.lower().replace("−", "-")
    plain = re.sub(r"^(?:utc|gmt)(?=[+-])", "", plain)
    match = re.fullmatch(r"([+-])(\d{1,2}):?(\d{2})?", plain)
    if match is None:
        return _ZONES.get(plain, 0)
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    return -minutes if match[1] == "-" else minutes


def _numbers(values: pl.Series) -> pl.Series:
    """Unix seconds or milliseconds, and days since 1899-12-30 as spreadsheets count them."""
    plain = values.filter(values.str.contains(r"^\d{4,13}(?:\.\d+)?$").fill_null(value=False))
    if plain.is_empty():
        return pl.Series([None] * len(values), dtype=pl.Datetime("us"))
    number = pl.col("v").cast(pl.Float64, strict=False)
    micros = (
        pl.when(number.is_between(1e12, 4e12))
        .then(number * 1e3)
        .when(number.is_between(3e8, 4e9))
        .then(number * 1e6)
        .when(number.is_between(20_000, 80_000))
        .then((number - 25_569) * 86_400e6)
    )
    frame = pl.DataFrame({"v": values})
    return frame.select(micros.round(0).cast(pl.Int64).cast(pl.Datetime("us")).alias("d"))["d"]
