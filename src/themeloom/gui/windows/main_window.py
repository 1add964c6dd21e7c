"""The main window: menus, toolbar, sidebar, the places, status bar; it hands deeds to the flows."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QByteArray, QMimeData, QSize, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QMainWindow,
    QMenu,
    QPlainTextEdit,
    QSplitter,
    QStackedWidget,
    QTextEdit,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from themeloom.base.settings import Settings
from themeloom.domain.errors import Complaint
from themeloom.gui.actions import MENUS, Actions
from themeloom.gui.dialogs.native import NativeDialogs
from themeloom.gui.look import sizes, style
from themeloom.gui.look.icons import app_icon, icon
from themeloom.gui.views.welcome import WelcomePage
from themeloom.gui.widgets.menu import Menu
from themeloom.gui.widgets.message_bar import MessageBar
from themeloom.gui.windows.period_box import PeriodBox, PeriodStrip
from themeloom.gui.windows.place_names import PLACES
from themeloom.gui.windows.sidebar import Sidebar
from themeloom.gui.windows.status import StatusBar
from themeloom.gui.windows.way_through import steps
from themeloom.services import recents

if TYPE_CHECKING:
    from themeloom.gui.bridge.workspace import Workspace
    from themeloom.gui.views.place_view import PlaceView
    from themeloom.gui.windows.help_flow import HelpFlow
    from themeloom.gui.windows.insight_flow import InsightFlow
    from themeloom.gui.windows.period_flow import PeriodFlow
    from themeloom.gui.windows.project_flow import ProjectFlow
    from themeloom.gui.windows.work_flow import WorkFlow

_FRAME, _TITLE = 16, 32  # room for what the window manager draws around
_NARROW = 1280  # below this width the sidebar shows icons only
_SMALLEST = (960, 600)
_SAID_MS = 4_000
_SEARCH, _SEARCH_NARROW = 254, 180


class MainWindow(QMainWindow):
    """One window on one project.

    It is seen before everything in it is loaded: ``furnish`` brings the rest. What is asked for
    until then is done afterwards.
    """

    workspace: "Workspace"
    projects: "ProjectFlow"
    work: "WorkFlow"
    help: "HelpFlow"
    insights: "InsightFlow"
    period: "PeriodFlow"
    places: "dict[str, PlaceView]"

    def __init__(self, settings: Settings, *, dialogs: type[NativeDialogs] = NativeDialogs) -> None:
        """Build the frame and the welcome page. ``dialogs`` asks for files."""
        super().__init__()
        self.settings = settings
        self.actions_ = Actions(self)
        self.dialogs = dialogs(settings, self)
        self.bar = MessageBar()
        self.bar.left.connect(self._focus_place)
        self.furnished = False
        self._waiting: list[Callable[[], object]] = []
        self._visited: set[str] = set()  # places that were shown of this project
        self.setAcceptDrops(True)
        self.setWindowIcon(app_icon())
        self.setMinimumSize(*_SMALLEST)
        self._build()
        self._menus = {title: self._empty_menu(title) for title in MENUS}
        self._connect_welcome()
        self._restore_size()
        self.setWindowTitle(self.tr("Welcome – Themeloom"))
        self._show_recents()
        self.status.show_totals(None)
        self.status.show_saved(open_=False, saving=False, read_only=False)
        self._sidebar.set_steps(self.tr("The way through"), steps(self, None, None))
        self._sidebar.set_open(opened=False)
        self.welcome.choose_button.setFocus()

    def furnish(self) -> None:
        """Load and build the rest: workspace, flows, actions, places."""
        from themeloom.gui.windows.furnishing import furnish
        from themeloom.gui.windows.menus import fill_menu, fill_toolbar

        furnish(self)
        for place in self.places.values():
            self._stack.addWidget(place)
        for title, menu in self._menus.items():
            fill_menu(menu, title, self)
        fill_toolbar(self._toolbar, self._before_search, self)
        self._connect()
        self._restore_panes()
        self.furnished = True
        self._show_project()
        waiting, self._waiting = self._waiting, []
        for deed in waiting:
            deed()

    def when_furnished(self, deed: Callable[[], object]) -> None:
        """Do something now, or as soon as everything is there."""
        if self.furnished:
            deed()
        else:
            self._waiting.append(deed)

    # --- what is seen

    @property
    def place(self) -> str | None:
        """The place that is shown, or None for the welcome page."""
        if not self.furnished:
            return None
        shown = self._stack.currentWidget()
        return next((name for name, widget in self.places.items() if widget is shown), None)

    def show_place(self, name: str) -> None:
        """Show a place; without a project the welcome page stays."""
        if self.workspace.session is None:
            self._stack.setCurrentWidget(self.welcome)
            self._sidebar.set_current(None)
            return
        place, focus = self.places[name], QApplication.focusWidget()
        begins = name not in self._visited and focus is not None and self._stack.isAncestorOf(focus)
        self._visited.add(name)
        self._stack.setCurrentWidget(place)
        if begins:
            self._focus_place()  # Qt takes any control: the cross of a key phrase, a button
        self._sidebar.set_current(name)
        self.actions_.refresh()

    def go_to_place(self, name: str) -> None:
        """Show a place and give it the keyboard, wherever that was: in the sidebar, in the search."""
        self.show_place(name)
        focus = QApplication.focusWidget()
        if focus is None or not self._stack.isAncestorOf(focus):
            self._focus_place()

    def _focus_place(self) -> None:
        name = self.place
        if name is not None:
            self.places[name].take_focus()

    def say_copied(self, what: str) -> None:
        """Say in the status bar what is in the clipboard now."""
        self.status.showMessage(what, _SAID_MS)

    def search(self) -> None:
        """Put the cursor into the search field."""
        self.search_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search_field.selectAll()

    def set_zoom(self, value: float) -> None:
        """Scale all texts: 1.0 is 100 %."""
        before = sizes.zoom()
        fixed = style.fixed_fonts()
        sizes.set_zoom(value)
        self.settings.set("appearance.zoom", sizes.zoom())
        self.restyle()
        # After the style sheet: it puts back the fonts that widgets had when it came.
        style.rescale_fonts(fixed, before, sizes.zoom())

    def restyle(self) -> None:
        """Put the look on again after the scheme or the zoom has changed."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            style.apply(app)
        self._sidebar.set_narrow(narrow=self.width() < _NARROW)

    # --- building

    def _build(self) -> None:
        center = QWidget()
        row = QHBoxLayout(center)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._sidebar = Sidebar([(p.name, self.tr(p.title), p.icon) for p in PLACES])
        row.addWidget(self._sidebar)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.bar)
        self.period_strip = PeriodStrip()
        column.addWidget(self.period_strip)
        self._stack = QStackedWidget()
        self.welcome = WelcomePage()
        self._stack.addWidget(self.welcome)
        column.addWidget(self._stack, 1)
        row.addLayout(column, 1)
        self.setCentralWidget(center)
        self.status = StatusBar()
        self.setStatusBar(self.status)
        self.search_field = QLineEdit()
        self.search_field.setPlaceholderText(self.tr("Search all text"))
        self.search_field.setAccessibleName(self.tr("Search all text"))
        self.search_field.setClearButtonEnabled(True)
        self.search_field.setEnabled(False)  # there is no project yet
        self.search_field.addAction(
            icon("search", "text-2"), QLineEdit.ActionPosition.LeadingPosition
        )
        self.search_field.setFixedWidth(sizes.px(_SEARCH))
        self._toolbar = QToolBar(self.tr("Main toolbar"))
        self._toolbar.setMovable(False)
        self._toolbar.setIconSize(QSize(sizes.px(16), sizes.px(16)))
        self._toolbar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._toolbar.toggleViewAction().setEnabled(False)
        self.addToolBar(self._toolbar)
        spacer = QWidget()
        spacer.setSizePolicy(
            spacer.sizePolicy().Policy.Expanding, spacer.sizePolicy().Policy.Minimum
        )
        self._before_search = self._toolbar.addWidget(spacer)
        self.period_box = PeriodBox()
        self._toolbar.addWidget(self.period_box)
        self._toolbar.addWidget(self.search_field)

    def _empty_menu(self, title: str) -> QMenu:
        menu = Menu(f"&{self.tr(title)}", self)  # opened by Alt and its first letter
        self.menuBar().addMenu(menu)
        menu.setObjectName(f"menu.{title}")
        return menu

    def _connect_welcome(self) -> None:
        later, welcome = self.when_furnished, self.welcome
        welcome.choose_files.connect(lambda: later(lambda: self.work.choose_files()))
        welcome.open_sample.connect(lambda: later(lambda: self.work.open_sample()))
        welcome.open_other.connect(lambda: later(lambda: self.projects.open_other()))
        welcome.open_recent.connect(self.open_recent)
        welcome.locate.connect(self._locate)

    def _connect(self) -> None:
        self.projects.recents_changed.connect(self._show_recents)
        self.projects.restore_wanted.connect(self.work.restore)
        self._sidebar.chosen.connect(self.show_place)
        self._sidebar.step_clicked.connect(self.work.take_step)
        self.status.cancel.connect(self.workspace.cancel_job)
        workspace = self.workspace
        workspace.opened.connect(self._show_project)
        workspace.closed.connect(self._show_project)
        workspace.view_changed.connect(self._show_view)
        workspace.history_changed.connect(self._show_history)
        workspace.job_changed.connect(self._show_job)
        workspace.failed.connect(self._complain)
        workspace.broken.connect(self.help.report)
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._scheme_changed)

    # --- following the project

    def _show_project(self) -> None:
        session = self.workspace.session
        name = session.project.path.name if session else self.tr("Welcome")
        self.setWindowTitle(f"{name} – Themeloom")
        self.search_field.setEnabled(session is not None)
        self._sidebar.set_open(opened=session is not None)
        if session is None:
            self._show_recents()
            self._visited.clear()
            self._stack.setCurrentWidget(self.welcome)
            self._sidebar.set_current(None)
            self.welcome.choose_button.setFocus()
        elif self.place is None:
            self.show_place("themes" if session.view.totals.themes else "sources")
        if session is not None and session.read_only:
            self.bar.say(
                self.tr(
                    "Open elsewhere. You can read and export; changes are made where it is open."
                ),
                "warn",
            )
        self._show_view()
        if session is not None:
            QTimer.singleShot(0, self.work.warm_up)

    def _show_view(self, _deed: object = None) -> None:
        view = self.workspace.view
        totals = view.totals if view else None
        self.status.show_totals(totals)
        self._sidebar.set_count("sources", totals.sources if totals else None)
        self._sidebar.set_count("themes", totals.themes if totals else None)
        self._sidebar.set_count("insights", totals.themes - totals.proposed if totals else None)
        name = self.workspace.session.project.path.stem if self.workspace.session else ""
        heading = name or self.tr("The way through")
        self._sidebar.set_steps(heading, steps(self, view, self.work.headway))
        self.work.look_at_headway(
            lambda: self._sidebar.set_steps(
                heading, steps(self, self.workspace.view, self.work.headway)
            )
        )
        self._show_history()

    def _show_history(self) -> None:
        self.status.show_saved(
            open_=self.workspace.session is not None,
            saving=self.workspace.saving,
            read_only=self.workspace.read_only,
        )
        self.work.name_undo()
        self.actions_.refresh()

    def _show_job(self, job: object) -> None:
        self.status.show_job(self.workspace.job)
        if job is None or self.workspace.job is None or not self.workspace.job.stage:
            self.actions_.refresh()

    def _complain(self, complaint: object) -> None:
        if isinstance(complaint, Complaint):
            self.bar.complain(complaint)

    def _show_recents(self) -> None:
        self.welcome.show_recents(recents.recents(self.settings))

    def open_recent(self, path: Path | str, _checked: bool = False) -> None:
        """Open a project that was open before."""
        self.when_furnished(lambda: self.projects.open(Path(path)))

    def _locate(self, path: str) -> None:
        self.when_furnished(lambda: self.projects.locate(path))

    def show_personal_data(self) -> None:
        """Show texts as they are, or with tokens in place of personal data."""
        shown = self.actions_["view.personal-data"].isChecked()
        self.settings.set("privacy.show-personal-data", shown)
        for place in self.places.values():
            place.show_personal_data(shown=shown)

    def show_density(self) -> None:
        """Show one or two lines for each excerpt."""
        compact = self.actions_["view.compact"].isChecked()
        self.settings.set("appearance.compact", compact)
        for place in self.places.values():
            place.show_compact(compact=compact)

    def is_open(self) -> bool | str:
        """Tell whether a project is open, or why something cannot be done."""
        return self.workspace.session is not None or self.tr("Open a project first.")

    # --- look

    def set_scheme(self, name: str) -> None:
        """Use "system", "light" or "dark" colours."""
        self.settings.set("appearance.scheme", name)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            style.choose_scheme(app, name)
        self.actions_[f"view.{name}"].setChecked(True)
        self.restyle()

    def _scheme_changed(self) -> None:
        self.restyle()
        self.update()

    def zoom_by(self, step: int) -> None:
        """Make texts ``step`` sizes larger, or smaller."""
        nearest = min(sizes.ZOOMS, key=lambda zoom: abs(zoom - sizes.zoom()))
        place = sizes.ZOOMS.index(nearest) + step
        self.set_zoom(sizes.ZOOMS[min(max(place, 0), len(sizes.ZOOMS) - 1)])

    def next_pane(self) -> None:
        """Put the focus into the next pane of the place."""
        name = self.place
        if name is not None:
            self.places[name].next_pane()
        else:
            self.focusNextChild()

    # --- files from outside

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders anywhere on the window."""
        if _files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a dropped project, bring back an edited export, import anything else."""
        self.take_files(_files(event.mimeData()))
        event.acceptProposedAction()

    def take_files(self, files: Sequence[Path]) -> None:
        """Open the project among ``files``, bring back an edited export, or import them."""
        self.when_furnished(lambda: self._take_files(files))

    def _take_files(self, files: Sequence[Path]) -> None:
        loom = [path for path in files if path.suffix == ".loom"]
        if loom:
            self.projects.open(loom[0])
        elif len(files) == 1:
            self.insights.take_dropped(files[0], lambda: self.work.import_files(list(files)))
        elif files:
            self.work.import_files(list(files))

    def paste(self) -> None:
        """Paste into a text field, or take the rows in the clipboard as an import."""
        field = QApplication.focusWidget()
        if isinstance(field, QLineEdit | QPlainTextEdit | QTextEdit):
            field.paste()
            return
        mime = cast(QMimeData | None, QGuiApplication.clipboard().mimeData())
        if mime is None:  # nothing was copied since the system started
            mime = QMimeData()
        files = _files(mime)
        if files:
            self.take_files(files)
        else:
            self.work.import_pasted(mime.text(), mime.html())

    # --- state

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the sidebar as icons in a narrow window."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        self._sidebar.set_narrow(narrow=narrow)
        self.search_field.setFixedWidth(sizes.px(_SEARCH_NARROW if narrow else _SEARCH))

    def _restore_size(self) -> None:
        geometry = self.settings.get("window.geometry", "")
        if not geometry or not self.restoreGeometry(QByteArray.fromBase64(geometry.encode())):
            screen = QGuiApplication.primaryScreen().availableGeometry()
            # The frame and its title have to fit on the screen, too.
            self.resize(
                min(1440, screen.width() - _FRAME), min(900, screen.height() - _FRAME - _TITLE)
            )

    def _restore_panes(self) -> None:
        for name, place in self.places.items():
            for number, splitter in enumerate(place.findChildren(QSplitter)):
                if kept := self.settings.get(f"panes.{name}.{number}", ""):
                    splitter.restoreState(QByteArray.fromBase64(kept.encode()))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close safely: ask once while a job runs, finish what is being saved."""
        if not self.furnished:
            event.accept()
            return
        job = self.workspace.job
        if job is not None and not self.dialogs.stop_job_and_close(job.name):
            event.ignore()
            return
        self.settings.set("window.geometry", _as_text(self.saveGeometry()))
        for name, place in self.places.items():
            place.keep_state(self.settings)
            for number, splitter in enumerate(place.findChildren(QSplitter)):
                self.settings.set(f"panes.{name}.{number}", _as_text(splitter.saveState()))
        self.hide()  # ending the processes may take a moment
        self.workspace.shut_down()
        event.accept()


def _as_text(state: QByteArray) -> str:
    return bytes(state.toBase64().data()).decode()


def _files(mime: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
