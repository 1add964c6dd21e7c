"""Sheets about customers and about who answers for what: recognised, never counted as feedback."""

import re
from typing import Literal

import polars as pl

from themeloom.domain.frames import ACCOUNTS, ROSTER, conform
from themeloom.importers import names
from themeloom.importers.columns import look_at
from themeloom.importers.headers import ROW
from themeloom.importers.mapping import json_object
from themeloom.importers.names import fold
from themeloom.importers.tables import Table

_AREA = frozenset(
    "product area,area,product areas,team,squad,component,module,produktbereich,bereich,domaine,"
    "domaine produit,area de producto,area prodotto".split(",")
)
_PM = frozenset(
    "pm,product manager,pm name,owner,product owner,responsible,lead,produktmanager,"
    "verantwortlich,chef de produit,responsable,product lead".split(",")
)
_PM_EMAIL = frozenset(
    "pm e mail,pm email,e mail,email,mail,owner email,email address,product manager email".split(
        ","
    )
)
_COVERS = frozenset("covers,themes,scope,topics,description,rules,keywords,umfasst".split(","))
_ABOUT_ACCOUNT = frozenset(
    "plan,tier,region,country,segment,industry,account tier,employees,seats,health score,"
    "renewal date,edition,market,branche,land,tarif".split(",")
)
_ACCOUNT_OWNER = frozenset(
    "account owner,account manager,customer success manager,success manager,csm,cs manager,"
    "owner,account executive,kundenbetreuer,account responsible".split(",")
)
_NEVER_SEGMENT = frozenset({"employees", "seats", "renewal date", "health score"})


def role_of(table: Table, file: str) -> Literal["records", "accounts", "roster"]:
    """Return what a table is about, told by its headers and how its rows repeat."""
    by_fold = {fold(header): header for header in table.headers}
    folded = by_fold.keys()
    if folded & _AREA and folded & _PM and len(by_fold) <= 12 and table.frame.height <= 500:
        return "roster"
    account = _account_column(table)
    if account is None or folded & names.TEXT or folded & {"ticket id", "response id"}:
        return "records"
    cells = table.frame[account].drop_nulls()
    if len(cells) == 0 or cells.n_unique() < 0.9 * len(cells):
        return "records"
    has_revenue = any(names.REVENUE.search(name) for name in folded)
    about = len(folded & _ABOUT_ACCOUNT)
    named_so = re.search(r"\b(accounts?|customers?|companies|kunden|clients?)\b", fold(file))
    return "accounts" if has_revenue or about >= 2 or (about and named_so) else "records"


def read_accounts(table: Table) -> pl.DataFrame:
    """Return ACCOUNTS: name, yearly revenue (monthly recurring revenue times 12), segments, owner."""
    account = _account_column(table)
    frame = table.frame.filter(pl.col(account).is_not_null()) if account else table.frame
    revenue_name = next(
        (header for header in table.headers if names.REVENUE.search(fold(header))), None
    )
    looks = look_at(frame)
    segments = [
        header
        for header in table.headers
        if header not in (account, revenue_name)
        and fold(header) not in names.INTERNAL | _NEVER_SEGMENT
        and fold(header) in names.SEGMENT | _ABOUT_ACCOUNT
        and looks[header].dates < 0.5
    ]
    owner = next((header for header in table.headers if fold(header) in _ACCOUNT_OWNER), None)
    revenue = pl.Series("revenue", [None] * frame.height, pl.Float64)
    if revenue_name:
        times = 12 if re.search(r"\bmrr\b|month", fold(revenue_name)) else 1
        amounts = [amount(cell) for cell in frame[revenue_name].to_list()]
        revenue = pl.Series(
            "revenue", [None if value is None else value * times for value in amounts], pl.Float64
        )
    return conform(
        frame.with_columns(revenue).select(
            pl.col(account).alias("account") if account else pl.lit(None).alias("account"),
            "revenue",
            json_object(segments, [pl.col(name) for name in segments]).alias("segments_json"),
            (pl.col(owner) if owner else pl.lit(None, pl.String)).alias("owner"),
        ),
        ACCOUNTS,
    )


def read_roster(table: Table) -> pl.DataFrame:
    """Return ROSTER: area, PM, e-mail, what the area covers."""

    def column(wanted: frozenset[str], name: str) -> pl.Expr:
        found = next((header for header in table.headers if fold(header) in wanted), None)
        return (pl.col(found) if found else pl.lit(None, pl.String)).alias(name)

    frame = table.frame.drop(ROW).select(
        column(_AREA, "area"),
        column(_PM, "pm"),
        column(_PM_EMAIL, "email"),
        column(_COVERS, "covers"),
    )
    return conform(frame.filter(pl.col("area").is_not_null()), ROSTER)


def amount(cell: str | None) -> float | None:
    """Return a money amount as a number, or None: "€ 4.320,00", "$118.5k", "1 200 000"."""
    if cell is None:
        return None
    match = re.search(r"-?\d[\d.,'’\s\u00a0\u202f]*", cell)
    if match is None:
        return None
    digits = re.sub(r"['’\s\u00a0\u202f]", "", match.group()).rstrip(".,")
    rest = cell[match.end() :].strip().lower()
    comma, dot = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and dot >= 0:
        thousands = "," if dot > comma else "."
        digits = digits.replace(thousands, "").replace(",", ".")
    elif comma >= 0 or dot >= 0:
        mark = "," if comma >= 0 else "."
        # Groups of three digits are thousands; anything else behind the mark is a fraction.
        grouped = re.fullmatch(rf"-?\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+", digits)
        whole = grouped and not (rest.startswith(("k", "m")) and digits.count(mark) == 1)
        digits = digits.replace(mark, "" if whole else ".")
    try:
        value = float(digits)
    except ValueError:
        return None
    if re.match(r"k\b|tsd", rest):
        return value * 1e3
    return value * 1e6 if re.match(r"m\b|mio|million", rest) else value


def _account_column(table: Table) -> str | None:
    by_fold = {fold(header): header for header in reversed(table.headers)}
    found = next((by_fold[name] for name in names.ACCOUNT if name in by_fold), None)
    if found is None and any(names.REVENUE.search(name) for name in by_fold):
        found = by_fold.get("name")
    return found
