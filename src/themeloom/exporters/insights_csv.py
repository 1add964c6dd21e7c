"""``csv``: one row for each insight, for spreadsheets and programs."""

from pathlib import Path

import polars as pl

from themeloom.exporters.exporter import Exporter, Progress, Written
from themeloom.exporters.pages.insight import kept, pages_of
from themeloom.exporters.safety.delimited import write_csv
from themeloom.exporters.safety.targets import write_whole
from themeloom.insights.book import compose
from themeloom.insights.model import Book, BookData, Insight

_QUOTES = 5


def insights_table(book: Book) -> pl.DataFrame:
    """Return one row per insight, in the order of ``book``; figures are numbers, shares 0…1.

    ``quote_1`` … are whole quotes with their places beside them, ``counter_quote`` speaks against.
    """
    rows = [_row(one, book) for one in book.insights]
    for row, page in zip(rows, pages_of(book), strict=True):
        said = [quote for quote in page.quotes if not quote.counter]
        against = [quote for quote in page.quotes if quote.counter]
        for n in range(_QUOTES):
            found = said[n] if n < len(said) else None
            row[f"quote_{n + 1}"] = found.text if found else None
            row[f"quote_{n + 1}_place"] = found.place if found else None
        row["counter_quote"] = against[0].text if against else None
        row["counter_quote_place"] = against[0].place if against else None
    return pl.DataFrame(rows, infer_schema_length=None)


def _row(one: Insight, book: Book) -> dict[str, object]:
    row: dict[str, object] = {
        "insight_id": one.id,
        "theme_id": one.theme_id,
        "title": one.title,
        "statement": one.statement,
        "theme": one.theme,
        "group": one.group,
        "type": one.type.value,
        "severity": one.severity.value,
        "urgency": one.urgency.value,
        "confidence": one.confidence.value,
        "records": one.records,
        "records_before": one.records_before,
        "people": one.people if one.people_known else None,
        "people_known": one.people_known,
        "accounts": one.accounts if one.accounts_known else None,
        "accounts_known": one.accounts_known,
        "revenue": one.revenue,
        "revenue_known": one.revenue_known,
        "trend": str(one.trend.direction),
        "trend_words": one.trend.words,
    }
    for kind in book.kinds:
        share = one.shares.get(kind.kind)
        row[f"{kind.kind}_records"] = share.records if share else 0
        row[f"{kind.kind}_base"] = kind.base
        row[f"{kind.kind}_share"] = share.share if share else 0.0
    for kind in book.score_kinds:
        score, impact = one.scores.get(kind), one.impacts.get(kind)
        row[f"{kind}_n"] = score.n if score else 0
        row[kind] = score.value if score and score.enough else None
        row[f"{kind}_impact"] = impact.value if impact else None
        row[f"{kind}_impact_low"] = impact.low if impact else None
        row[f"{kind}_impact_high"] = impact.high if impact else None
    return row | {
        "next_step": one.next_step,
        "area": one.area,
        "owner": one.owner,
        "status": str(one.status),
        "decision": one.decision,
        "notes": one.notes,
        "due": one.due.isoformat() if one.due else None,
        "links": " ".join(link.url or link.key for link in one.links),
        "coverage_note": one.coverage_note,
    }


def _write(data: BookData, target: Path, progress: Progress) -> Written:
    progress("Writing insights", 0, 1)
    book = compose(data)
    table = insights_table(book)
    write_whole(target, lambda file: write_csv(table, file))
    progress("Writing insights", 1, 1)
    return kept(book.insights)


EXPORTER = Exporter(
    name="csv",
    suffix=".csv",
    describes="one row per insight with its numbers and quotes",
    write=_write,
)
