"""What a person can send when something broke: versions, counts, errors. No texts of customers."""

import platform
import sys
from importlib import metadata

from themeloom import __version__
from themeloom.base import crashes
from themeloom.services.view import Totals

_PACKAGES = ("PySide6-Essentials", "polars", "apsw", "bertopic", "openvino", "openpyxl")


def diagnosis(totals: Totals | None) -> str:
    """Return the diagnosis as plain text; ``totals`` of the open project, or None."""
    lines = [
        f"Themeloom {__version__}",
        f"Python {platform.python_version()}, {platform.platform()}",
        f"frozen: {getattr(sys, 'frozen', False)}",
    ]
    for package in _PACKAGES:
        try:
            lines.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            lines.append(f"{package} missing")
    if totals is not None:
        lines.append(
            f"project: {totals.sources} sources, {totals.records} records, "
            f"{totals.excerpts} excerpts, {totals.themes} themes"
        )
    for title, text in (
        ("errors", crashes.recent_errors(8_000)),
        ("last hard crash", crashes.last_crash()),
    ):
        if text:
            lines += ["", f"--- {title}", text.rstrip()]
    return "\n".join(lines)
