"""Choices of a project about hand-offs, kept as JSON (name → text) under ``handoff.<tool>``."""

import json
from collections.abc import Collection, Mapping
from typing import cast

from themeloom.domain.errors import ExportError, UsageError
from themeloom.exporters.exporter import ANY_NAME


def choices_key(tool: str) -> str:
    """Return under which key a project keeps the choices for ``tool``."""
    return f"handoff.{tool}"


def choices_of(choices: Mapping[str, str], tool: str) -> dict[str, str]:
    """Return what was chosen for ``tool`` in a project's ``choices``; nothing where nobody chose.

    Raises:
        ExportError: what was chosen cannot be read.
    """
    told = choices.get(choices_key(tool))
    if not told:
        return {}
    try:
        found: object = json.loads(told)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ExportError(
            f"What was chosen for {tool} cannot be read.",
            hint="Undo it in the window: Edit > History.",
        )
    named = cast(dict[str, object], found)
    return {name: value for name, value in named.items() if isinstance(value, str)}


def with_choices(
    choices: Mapping[str, str], tool: str, takes: Collection[str], given: Mapping[str, str]
) -> str | None:
    """Return what to keep when ``given`` is set on top of what was chosen; "" takes a choice back.

    Args:
        choices: those of the project.
        tool: name of the format.
        takes: names of what can be set for it, as ``Exporter.choices``.
        given: name → text.

    Returns:
        What stands under ``choices_key``; None where nothing is left.

    Raises:
        UsageError: there is no such choice for this format.
        ExportError: what was chosen before cannot be read.
    """
    for name in given:
        if name not in takes and ANY_NAME not in takes:
            can = f"What can be set: {', '.join(takes)}." if takes else "Nothing can be set for it."
            raise UsageError(f"“{name}” cannot be set for {tool}.", hint=can)
    chosen = {**choices_of(choices, tool), **given}
    kept = {name: value for name, value in chosen.items() if value}
    return json.dumps(kept, ensure_ascii=False) if kept else None
