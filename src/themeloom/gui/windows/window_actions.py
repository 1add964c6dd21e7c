"""The actions of the window itself: menus File, Edit, View, Window and Help, and what starts work."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QActionGroup, QKeySequence

from themeloom.gui.look import style
from themeloom.gui.windows.place_names import PLACES

if TYPE_CHECKING:
    from themeloom.gui.windows.main_window import MainWindow

_SCHEME = "appearance.scheme"


def add_window_actions(window: "MainWindow") -> None:
    """Add everything that does not belong to a single place."""
    add = window.actions_.add
    projects, work, help_ = window.projects, window.work, window.help
    keys = QKeySequence.StandardKey
    opened = window.is_open
    add("file.new", window.tr("&New project…"), projects.new, menu="File", shortcut=keys.New)
    add("file.open", window.tr("&Open…"), projects.open_other, menu="File", shortcut=keys.Open)
    add("file.sample", window.tr("Open the &sample"), work.open_sample, menu="File")
    add(
        "file.close",
        window.tr("&Close project"),
        projects.close,
        menu="File",
        shortcut=keys.Close,
        group="close",
        enabled=opened,
    )
    add(
        "file.backups",
        window.tr("&Backups…"),
        work.show_backups,
        menu="File",
        group="close",
        enabled=opened,
    )
    add(
        "file.export",
        window.tr("&Export…"),
        work.export,
        menu="File",
        shortcut="Ctrl+E",
        icon="export",
        group="export",
        enabled=work.can_export,
    )
    add(
        "file.settings",
        window.tr("Se&ttings…"),
        work.show_settings,
        menu="File",
        shortcut="Ctrl+,",
        icon="settings",
        group="settings",
    )
    add("file.quit", window.tr("&Quit"), window.close, menu="File", shortcut="Ctrl+Q", group="quit")
    add(
        "edit.undo",
        window.tr("&Undo"),
        window.workspace.undo,
        menu="Edit",
        shortcut=keys.Undo,
        icon="undo",
        enabled=work.can_undo,
    )
    add(
        "edit.redo",
        window.tr("&Redo"),
        window.workspace.redo,
        menu="Edit",
        shortcut=["Ctrl+Shift+Z", "Ctrl+Y"],
        icon="redo",
        enabled=work.can_redo,
    )
    add(
        "edit.history",
        window.tr("&History…"),
        work.show_history,
        menu="Edit",
        shortcut="Ctrl+Shift+H",
        icon="history",
        enabled=opened,
    )
    add(
        "edit.paste",
        window.tr("&Paste rows from a spreadsheet"),
        window.paste,
        menu="Edit",
        shortcut=keys.Paste,
        icon="paste",
        group="clipboard",
    )
    add(
        "edit.find",
        window.tr("&Find"),
        window.search,
        menu="Edit",
        shortcut=keys.Find,
        icon="search",
        group="find",
        enabled=opened,
    )
    add(
        "view.zoom-in",
        window.tr("Larger &text"),
        partial(window.zoom_by, 1),
        menu="View",
        shortcut=["Ctrl++", "Ctrl+="],
        group="zoom",
    )
    add(
        "view.zoom-out",
        window.tr("&Smaller text"),
        partial(window.zoom_by, -1),
        menu="View",
        shortcut="Ctrl+-",
        group="zoom",
    )
    add(
        "view.zoom-100",
        window.tr("&Normal text size"),
        partial(window.set_zoom, 1.0),
        menu="View",
        shortcut="Ctrl+0",
        group="zoom",
    )
    schemes = QActionGroup(window)
    for name, title in (
        ("system", window.tr("Colours as the &system")),
        ("light", window.tr("&Light colours")),
        ("dark", window.tr("&Dark colours")),
    ):
        choose = partial(window.set_scheme, name)
        action = add(f"view.{name}", title, choose, menu="View", group="scheme", checkable=True)
        schemes.addAction(action)
        action.setChecked(style.known_scheme(window.settings.get(_SCHEME, "system")) == name)
    for name, title, setting, slot in (
        (
            "personal-data",
            window.tr("Show &personal data"),
            "privacy.show-personal-data",
            window.show_personal_data,
        ),
        ("compact", window.tr("&Compact tables"), "appearance.compact", window.show_density),
    ):
        action = add(f"view.{name}", title, slot, menu="View", group="shown", checkable=True)
        action.setChecked(window.settings.get(setting, False))
    add(
        "view.next-pane",
        window.tr("Ne&xt pane"),
        window.next_pane,
        menu="View",
        shortcut="F6",
        group="panes",
    )
    add(
        "view.period",
        window.tr("&Period…"),
        window.period_box.open_list,
        menu="View",
        shortcut="Ctrl+Shift+D",
        group="period",
        enabled=opened,
    )
    add(
        "view.all-time",
        window.tr("Numbers of &all time"),
        window.period.show_all,
        menu="View",
        group="period",
        enabled=window.period.can_show_all,
    )
    add(
        "sources.import",
        window.tr("&Import files…"),
        work.choose_files,
        menu="Sources",
        shortcut="Ctrl+I",
        icon="import",
        enabled=work.can_import,
    )
    add(
        "sources.folder",
        window.tr("Import a &folder…"),
        work.choose_folder,
        menu="Sources",
        icon="folder",
        enabled=work.can_import,
    )
    add(
        "themes.find",
        window.tr("&Find themes…"),
        work.find_themes,
        menu="Themes",
        shortcut="Ctrl+R",
        icon="play",
        group="run",
        enabled=work.can_find,
    )
    add(
        "themes.cancel",
        window.tr("&Stop what is under way"),
        window.workspace.cancel_job,
        menu="Themes",
        shortcut="Ctrl+.",
        group="run",
        enabled=work.can_cancel,
    )
    insights = window.insights
    add(
        "insights.send",
        window.tr("&Send to PMs…"),
        insights.send,
        menu="Insights",
        shortcut="Ctrl+Shift+E",
        group="send",
        enabled=insights.can_send,
    )
    add(
        "insights.roster",
        window.tr("&Product areas and PMs…"),
        insights.show_roster,
        menu="Insights",
        shortcut="Ctrl+Shift+O",
        icon="person",
        group="send",
        enabled=opened,
    )
    add(
        "insights.bring_back",
        window.tr("&Bring edits back…"),
        insights.bring_back,
        menu="Insights",
        shortcut="Ctrl+Shift+B",
        group="back",
        enabled=insights.can_change,
    )
    add(
        "insights.trackers",
        window.tr("&Read a tracker's export…"),
        insights.read_tracker,
        menu="Insights",
        group="back",
        enabled=insights.can_change,
    )
    add(
        "insights.verify",
        window.tr("&Check an export…"),
        insights.verify,
        menu="Insights",
        group="back",
        enabled=opened,
    )
    for number, place in enumerate(PLACES, 1):
        add(
            f"window.{place.name}",
            window.tr(place.title),
            partial(window.go_to_place, place.name),
            menu="Window",
            shortcut=f"Ctrl+{number}",
            icon=place.icon,
            enabled=opened,
        )
    add(
        "help.keys",
        window.tr("&Keys of this place"),
        help_.show_keys,
        menu="Help",
        shortcut=["?", "F1"],
        icon="keyboard",
    )
    add(
        "help.palette",
        window.tr("All &actions"),
        help_.show_palette,
        menu="Help",
        shortcut="Ctrl+Shift+P",
        icon="search",
    )
    add(
        "help.diagnosis",
        window.tr("Copy a &diagnosis"),
        help_.copy_diagnosis,
        menu="Help",
        group="about",
    )
    add("help.about", window.tr("&About Themeloom"), help_.show_about, menu="Help", group="about")
