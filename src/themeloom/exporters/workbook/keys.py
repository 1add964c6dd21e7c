"""Keys by which a row of an edited workbook is known again, whatever was done to the sheet."""

import hashlib
from collections.abc import Iterable


def insight_key(project_id: str, theme_id: str) -> str:
    """Return 12 hex digits: the same for an insight for ever, another one in every other project."""
    return hashlib.sha256(f"{project_id}\n{theme_id}".encode()).hexdigest()[:12]


def revision(values: Iterable[str]) -> str:
    """Return 8 hex digits that change when one of the ``values`` of a row does."""
    return hashlib.sha256("\x1f".join(values).encode("utf-8", "surrogatepass")).hexdigest()[:8]
