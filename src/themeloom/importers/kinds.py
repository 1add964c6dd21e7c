"""What a table's rows are, and what scale its scores have."""

import re
from collections.abc import Iterable

from themeloom.domain.records import Kind
from themeloom.importers.columns import Look
from themeloom.importers.names import fold

#: The question of the net promoter score, in several languages (folded).
RECOMMEND = re.compile(
    r"how likely|likely are you|likelihood|(would|do) you recommend|wie wahrscheinlich"
    r"|recommanderiez|recomendar|raccomand|waarschijnlijk|weiterempfehl"
)
_TICKET_WORDS = frozenset(
    "ticket id,ticket number,ticket no,ticket,case number,case id,issue key,issue id,ticketnummer,"
    "ticket type".split(",")
)
_DESK_WORDS = frozenset(
    "status,priority,assignee,agent,group,requester,requester name,requester email,resolved,"
    "resolved at,closed at,solved at,resolution,subject,first response time,queue,severity".split(
        ","
    )
)


def score_kind(folded: str, look: Look) -> str:
    """Return the scale of a column of numbers: "nps", "csat", "ces" or "rating".

    Whole numbers from 0 or 1 to beyond 5, at most 10, are taken for a net promoter score unless
    the folded header speaks of a rating.
    """
    if re.search(r"\bnps\b|promoter", folded) or RECOMMEND.search(folded):
        return "nps"
    if re.search(r"\bcsat\b|satisf|zufrieden", folded):
        return "csat"
    if re.search(r"\bces\b|effort", folded):
        return "ces"
    rated = re.search(r"rating|stars|bewertung|review|beoordeling|valutazione", folded)
    if not rated and look.zero_to_ten > 0.95 and look.top > 5 and look.low <= 1:
        return "nps"
    return "rating"


def guess_kind(folded_headers: Iterable[str], file: str, score: str | None) -> Kind:
    """Return what the rows are, from the headers, the kind of score and the file's name."""
    folded = set(folded_headers)
    stem = fold(file.rpartition(".")[0])
    if score == "nps":
        return Kind.NPS
    if _TICKET_WORDS & folded and _DESK_WORDS & folded:
        return Kind.TICKET
    if len(_DESK_WORDS & folded) >= 3 or re.search(r"\b(tickets?|helpdesk|support)\b", stem):
        return Kind.TICKET
    if "call id" in folded or re.search(r"\b(sales )?calls?\b", stem):
        return Kind.CALL
    if "interview id" in folded or re.search(r"\binterviews?\b", stem):
        return Kind.INTERVIEW
    if re.search(r"\bnps\b", stem) and score is not None:
        return Kind.NPS
    return Kind.OTHER
