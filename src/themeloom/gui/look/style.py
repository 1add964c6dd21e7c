"""Puts the look on the whole program: Fusion, a palette and a style sheet made of the tokens."""

import re
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from themeloom.base.paths import cache_dir, resource
from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import Tokens, choose, tokens

#: What a person can choose in the settings.
SCHEMES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


def known_scheme(name: str) -> str:
    """Return ``name`` where it is one of ``SCHEMES``, else "system"."""
    return name if name in SCHEMES else "system"


def choose_scheme(app: QApplication, name: str) -> None:
    """Use the scheme ``name``: "system", "light" or "dark"; ``apply`` makes it seen."""
    choose(name if name in ("light", "dark") else None)
    # The frame and the system's own dialogs follow, where the system can do that.
    hints = app.styleHints()
    if SCHEMES[name] == Qt.ColorScheme.Unknown:
        hints.unsetColorScheme()
    else:
        hints.setColorScheme(SCHEMES[name])


def apply(app: QApplication) -> None:
    """Put the look on; call it again after the scheme or the zoom has changed.

    It is cheapest after many widgets were built: under a style sheet each is styled again whenever
    it, or what it stands in, is put into a layout.
    """
    if app.style().objectName().lower() != "fusion":
        app.setStyle("Fusion")
    colors = tokens()
    app.setFont(sizes.font())
    app.setPalette(palette(colors))
    app.setStyleSheet(style_sheet(colors))


def fixed_fonts() -> list[tuple[QWidget, int]]:
    """Return the widgets that were given a font, with its size: the style reaches only the others."""
    return [
        (widget, widget.font().pixelSize())
        for widget in QApplication.allWidgets()
        if widget.testAttribute(Qt.WidgetAttribute.WA_SetFont) and widget.font().pixelSize() > 0
    ]


def rescale_fonts(fixed: list[tuple[QWidget, int]], before: float, after: float) -> None:
    """Scale fonts that widgets were given; those that follow the zoom by themselves have done so.

    Args:
        fixed: from ``fixed_fonts``, before the zoom changed.
        before: the zoom then.
        after: the zoom now.
    """
    for widget, size in fixed:
        font = widget.font()
        base = widget.property("designSize")
        if base is None and font.pixelSize() != size:
            continue
        # What a design size came to by rounding is kept, so that zooming back and forth returns.
        base = base or size / before
        widget.setProperty("designSize", base)
        font.setPixelSize(max(1, round(float(base) * after)))
        widget.setFont(font)


def palette(colors: Tokens) -> QPalette:
    """Return the palette of a scheme."""
    result = QPalette()
    role = QPalette.ColorRole
    names = {
        role.Window: "window",
        role.WindowText: "text",
        role.Base: "surface",
        role.AlternateBase: "window",
        role.Text: "text",
        role.Button: "surface",
        role.ButtonText: "text",
        role.BrightText: "bad",
        role.ToolTipBase: "surface",
        role.ToolTipText: "text",
        role.Highlight: "selection",
        role.HighlightedText: "text",
        role.Link: "accent",
        role.LinkVisited: "accent",
        role.PlaceholderText: "text-2",
        role.Light: "surface",
        role.Midlight: "sunken",
        role.Mid: "line",
        role.Dark: "edge",
        role.Shadow: "edge",
        role.Accent: "accent",
    }
    for which, name in names.items():
        result.setColor(which, colors.color(name))
    for which in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, which, colors.color("disabled"))
    return result


def style_sheet(colors: Tokens) -> str:
    """Return the style sheet with colours and zoomed lengths filled in."""
    sheet = resource("look", "style.qss").read_text(encoding="utf-8")
    sheet = re.sub(
        r"@icon\(([a-z-]+)(?:,([a-z0-9-]+))?\)",
        lambda found: _icon_file(found[1], colors.color(found[2] or "text-2")),
        sheet,
    )
    # Longer names first: "@text-2" is not "@text" and something.
    for name in sorted(_names(sheet), key=len, reverse=True):
        sheet = sheet.replace(f"@{name}", colors.hex(name))
    return re.sub(r"(?<!\w)(\d+)px", _zoomed, sheet)


def _zoomed(found: "re.Match[str]") -> str:
    length = int(found[1])
    # Hairlines stay hairlines.
    return f"{length if length <= 2 else sizes.px(length)}px"


def _names(sheet: str) -> set[str]:
    return set(re.findall(r"@([a-z0-9]+(?:-[a-z0-9]+)*)", sheet))


def _icon_file(name: str, color: QColor) -> str:
    """Style sheets take pictures from files only: write the tinted outline into the cache."""
    outline = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    folder = cache_dir() / "look"
    folder.mkdir(parents=True, exist_ok=True)
    target: Path = folder / f"{name}-{color.name()[1:]}.svg"
    tinted = outline.replace("#000", color.name())
    if not target.exists() or target.read_text(encoding="utf-8") != tinted:
        target.write_text(tinted, encoding="utf-8")
    return target.as_posix()
