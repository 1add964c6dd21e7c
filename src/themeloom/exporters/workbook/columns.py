"""Names that an edited workbook is read back by: tables, headers, and the words in cells.

What stands here is a contract with files that are out there: change it only together with
``insights.book.SCHEMA_VERSION``.
"""

from collections.abc import Mapping
from typing import Final

from themeloom.domain.insights import RETURNING, Field, Grade, PmStatus
from themeloom.exporters.safety.cells import fit
from themeloom.exporters.workbook.keys import insight_key, revision
from themeloom.insights.model import Insight
from themeloom.insights.sending import SNAPSHOT, snapshot

#: Names of the Excel tables on the sheets of the same names.
INSIGHTS_TABLE: Final = "Insights"
EVIDENCE_TABLE: Final = "Evidence"

#: Hidden columns of both tables: see ``keys``.
KEY: Final = "_key"
REVISION: Final = "_rev"

INSIGHT_ID: Final = "Id"

#: What comes back, by the header of its column on the sheet ``Insights``.
HEADERS: Final[Mapping[Field, str]] = {
    Field.TITLE: "Insight",
    Field.SEVERITY: "Severity",
    Field.OWNER: "Owner",
    Field.STATUS: "Status",
    Field.DECISION: "Decision",
    Field.NEXT_STEP: "Next step",
    Field.NOTES: "Notes",
}

#: Headers of the sheet ``Evidence`` by which a quote is found again.
QUOTE_ID: Final = "Id"
QUOTE_INSIGHT: Final = "Insight"
QUOTE: Final = "Quote"
QUOTE_RECORD: Final = "Record id"
QUOTE_EXCERPT: Final = "Excerpt id"
QUOTE_START: Final = "Start"
QUOTE_END: Final = "End"
QUOTE_HASH: Final = "Hash"

SEVERITY_WORDS: Final[Mapping[Grade, str]] = {
    Grade.HIGH: "●●● High",
    Grade.MEDIUM: "●●○ Medium",
    Grade.LOW: "●○○ Low",
}
STATUS_WORDS: Final[Mapping[PmStatus, str]] = {
    PmStatus.NEW: "New",
    PmStatus.ACCEPTED: "Accepted",
    PmStatus.IN_WORK: "In work",
    PmStatus.DONE: "Done",
    PmStatus.DECLINED: "Declined",
}

#: Names of custom document properties; the values are ``insights.model.Book.properties``.
PROJECT_ID: Final = "Project id"
EXPORT_ID: Final = "Export id"


def cell_texts(one: Insight) -> dict[Field, str]:
    """Return what stands in the cells that come back, "" for an empty one."""
    severity = one.severity.value
    texts = {
        Field.TITLE: one.title,
        Field.SEVERITY: SEVERITY_WORDS[Grade(severity)] if severity else "",
        Field.OWNER: one.owner,
        Field.STATUS: STATUS_WORDS[one.status],
        Field.DECISION: one.decision,
        Field.NEXT_STEP: one.next_step,
        Field.NOTES: one.notes,
    }
    return {field: fit(texts[field])[0] for field in RETURNING}


def written_values(project_id: str, one: Insight) -> dict[str, str]:
    """Return what the log of deliveries keeps.

    That is field → text of its cell, ``_key``, ``_rev``, and what the next ``Changes`` tell from.
    """
    texts = cell_texts(one)
    return {
        **texts,
        KEY: insight_key(project_id, one.theme_id),
        REVISION: revision(texts.values()),
        SNAPSHOT: snapshot(one),
    }
