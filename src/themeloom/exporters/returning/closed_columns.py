"""Edits in columns that do not come back: found by the marks of the export, told with what to do."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final, cast

from themeloom.domain.insights import Field
from themeloom.exporters.returning.tables import fold
from themeloom.exporters.workbook.columns import HEADERS
from themeloom.exporters.workbook.marks import says

_NOTES: Final = HEADERS[Field.NOTES]
#: What can be done about an edit, by the folded header of its column; the first that fits.
_ADVICE: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (
        re.compile(r"area|type|urgency|confidence|due|statement|note from the sender"),
        f"Set it at the insight in Themeloom, or have it written into “{_NOTES}”.",
    ),
    (
        re.compile(r"links"),
        "Themeloom reads links from the export of the other tool: "
        f"read that, or have it written into “{_NOTES}”.",
    ),
    (
        re.compile(r"theme|group"),
        f"Rename it in the place Themes, or have it written into “{_NOTES}”.",
    ),
    (
        re.compile(r"top quote|quote \d+"),
        "Quotes stay what customers said: choose other ones at the insight in Themeloom.",
    ),
)
_WORKED_OUT: Final = (
    f"It is worked out from the records: what is wrong with it belongs into “{_NOTES}”."
)


def edited(marks: str, cells: Mapping[str, str]) -> Iterator[str]:
    """Yield the headers of the cells of one row that say something else than was written.

    Args:
        marks: what the log keeps under ``CLOSED``, a line for each export that the row can be of.
        cells: header → text; columns that no export wrote are passed over.
    """
    written = [_folded(line) for line in marks.splitlines()]
    for header, text in cells.items():
        known = [one[fold(header)] for one in written if fold(header) in one]
        if known and not any(says(mark, text) for mark in known):
            yield header


def why_not(header: str, place: str) -> str:
    """Return why an edit is not taken, where it stands, and what to do about it."""
    name = fold(header)
    advice = next((text for names, text in _ADVICE if names.fullmatch(name)), _WORKED_OUT)
    return f"“{header}” was changed in {place}, but does not come back from a file. {advice}"


def _folded(line: str) -> dict[str, str]:
    try:
        found: object = json.loads(line)
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    marks = cast(dict[str, object], found)
    return {fold(header): str(mark) for header, mark in marks.items()}
