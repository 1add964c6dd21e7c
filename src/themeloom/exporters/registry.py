"""Finds the export formats: every module of this room that has an ``EXPORTER``."""

import pkgutil
from functools import cache
from importlib import import_module

from themeloom import exporters
from themeloom.domain.errors import ExportError
from themeloom.exporters.exporter import Exporter


@cache
def formats() -> dict[str, Exporter]:
    """Return name → exporter, in alphabetical order. Cheap: heavy packages are not imported."""
    found: dict[str, Exporter] = {}
    for module in pkgutil.iter_modules(exporters.__path__):
        if not module.ispkg:
            exporter = getattr(
                import_module(f"{exporters.__name__}.{module.name}"), "EXPORTER", None
            )
            if isinstance(exporter, Exporter):
                found[exporter.name] = exporter
    return found


def exporter(name: str) -> Exporter:
    """Return the exporter called ``name``.

    Raises:
        ExportError: there is no such format.
    """
    try:
        return formats()[name]
    except KeyError:
        raise ExportError(
            f"There is no export format “{name}”.", hint=f"Choose one of {', '.join(formats())}."
        ) from None
