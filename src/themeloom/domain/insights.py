"""Insights: claims for product managers, the words they are described with, and what leaves the house."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class InsightType(StrEnum):
    """What people say by it."""

    PROBLEM = "problem"
    REQUEST = "request"
    PRAISE = "praise"
    QUESTION = "question"


class Grade(StrEnum):
    """How severe an insight is, and how sure one can be of it."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Urgency(StrEnum):
    """When something has to be done."""

    NOW = "now"
    NEXT_QUARTER = "next quarter"
    LATER = "later"


class Stage(StrEnum):
    """How far the sender is with an insight."""

    DRAFT = "draft"
    READY = "ready"
    SENT = "sent"


class PmStatus(StrEnum):
    """How far the product manager is with an insight."""

    NEW = "new"
    ACCEPTED = "accepted"
    IN_WORK = "in work"
    DONE = "done"
    DECLINED = "declined"


#: A product manager has decided: the insight stays quiet unless it grows past a threshold.
DECIDED = frozenset({PmStatus.DONE, PmStatus.DECLINED})


class Direction(StrEnum):
    """How a theme goes over time; ``UNKNOWN`` where there are too few full periods or records."""

    NEW = "new"
    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"
    UNKNOWN = "unknown"


class Field(StrEnum):
    """What a person may set of an insight. What nobody set is drafted from the data each time."""

    TITLE = "title"  # headline, at most 80 characters are shown
    STATEMENT = "statement"  # the claim in one or two sentences
    TYPE = "type"  # InsightType
    SEVERITY = "severity"  # Grade
    URGENCY = "urgency"  # Urgency
    CONFIDENCE = "confidence"  # Grade
    NEXT_STEP = "next step"
    NOTE = "note"  # the sender's, to the PM
    AREA = "area"  # product area
    OWNER = "owner"  # the PM
    STATUS = "status"  # PmStatus
    DECISION = "decision"  # the PM's words
    NOTES = "notes"  # the PM's, come back in a workbook
    DUE = "due"  # ISO 8601 day
    STAGE = "stage"  # Stage; "sent" is set by a send
    COUNTER = "counter"  # excerpt id of the counter-example, "" for none
    LINKS = "links"  # JSON: list of Link as mappings
    BASIS = "basis"  # JSON: the numbers when a person last wrote the words; tells what is stale


#: What a product manager may edit in a workbook, and what comes back by `merge`.
RETURNING = (
    Field.TITLE,
    Field.SEVERITY,
    Field.OWNER,
    Field.STATUS,
    Field.DECISION,
    Field.NEXT_STEP,
    Field.NOTES,
)


@dataclass(frozen=True, slots=True)
class Link:
    """Where an insight lives in another tool."""

    tool: str  # "jira", "productboard", … as the exporter is called
    key: str  # the tool's own, "ABC-123"
    url: str = ""
    title: str = ""
    status: str = ""  # in the tool's words


@dataclass(frozen=True, slots=True)
class Delivery:
    """What left the project: one written file or folder.

    Attributes:
        id: 32 hex digits, in the file where its format has room for it.
        created: ISO 8601, UTC.
        kind: "export", "send" or "hand-off".
        format: name of the exporter.
        recipient: PM or product area; "" for everybody.
        place: file or folder, as a path.
        values: insight id → what was written of it (``Field`` and others → text); empty in lists.
        about: what else has to be known of it (period, raw, …).
    """

    id: str
    created: str
    kind: str
    format: str
    recipient: str
    place: str
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    about: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def when(self) -> datetime:
        """The moment, with its zone."""
        return datetime.fromisoformat(self.created)
