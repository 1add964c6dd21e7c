"""Choices of a project about hand-offs, kept as JSON under ``handoff.<tool>``."""

import json
from typing import cast

from themeloom.domain.errors import ExportError
from themeloom.insights.model import BookData


def choices_of(data: BookData, tool: str) -> dict[str, object]:
    """Return what was chosen for ``tool``; nothing where nobody chose.

    Raises:
        ExportError: what was chosen cannot be read.
    """
    told = data.choices.get(f"handoff.{tool}")
    if not told:
        return {}
    try:
        found: object = json.loads(told)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ExportError(
            f"What was chosen for {tool} cannot be read.", hint="Set it anew in the export window."
        )
    return cast(dict[str, object], found)


def text_choice(data: BookData, tool: str, name: str) -> str:
    """Return one chosen text, "" where nobody chose."""
    value = choices_of(data, tool).get(name)
    return value if isinstance(value, str) else ""
