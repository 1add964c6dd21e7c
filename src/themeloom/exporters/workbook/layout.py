"""Where things stand in the workbook, so that sheets can lead to each other's rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from themeloom.exporters.workbook.table_sheet import FIRST_ROW
from themeloom.insights.model import Book
from themeloom.insights.record_table import RECORD_ID

README: Final = "Read me"
INSIGHTS: Final = "Insights"
EVIDENCE: Final = "Evidence"
THEMES: Final = "Themes"
BY_SEGMENT: Final = "Theme × segment"
BY_PERIOD: Final = "Theme × period"
BY_SOURCE: Final = "Theme × source"
SCORES: Final = "NPS"
RECORDS: Final = "All records"
CODEBOOK: Final = "Codebook"
CHANGES: Final = "Changes"
QUALITY: Final = "Quality"
LONG_TEXTS: Final = "Long texts"  # only where a text is longer than a cell
LISTS: Final = "Lists"  # hidden

#: All sheets in their order; ``LONG_TEXTS`` stands before ``LISTS`` where it is needed.
SHEETS: Final = (
    *(README, INSIGHTS, EVIDENCE, THEMES, BY_SEGMENT, BY_PERIOD, BY_SOURCE, SCORES),
    *(RECORDS, CODEBOOK, CHANGES, QUALITY, LISTS),
)

#: A sheet has 1,048,576 rows.
MOST_RECORDS: Final = 1_048_576 - FIRST_ROW + 1


@dataclass(frozen=True)
class Layout:
    """Rows by id; evidence is found by insight id (its first quote)."""

    insights: Mapping[str, int]
    evidence: Mapping[str, int]
    records: Mapping[str, int]

    @classmethod
    def of(cls, book: Book) -> "Layout":
        """Return where the rows of ``book`` will stand."""
        evidence: dict[str, int] = {}
        for row, quote in enumerate(sorted_evidence(book), FIRST_ROW):
            evidence.setdefault(quote.insight_id, row)
        quoted = {quote.record_id for quote in book.evidence}
        ids = book.records[RECORD_ID].head(MOST_RECORDS)
        return cls(
            insights={one.id: row for row, one in enumerate(book.insights, FIRST_ROW)},
            evidence=evidence,
            records={
                record_id: row
                for row, record_id in enumerate(ids, FIRST_ROW)
                if record_id in quoted
            },
        )


def sorted_evidence(book: Book):
    """Return the quotes in the order of the insights they stand behind."""
    order = {one.id: place for place, one in enumerate(book.insights)}
    return sorted(book.evidence, key=lambda quote: order[quote.insight_id])
