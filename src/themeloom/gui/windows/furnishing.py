"""What the window is furnished with once it is seen: all that takes time to load."""

from typing import TYPE_CHECKING

from themeloom.gui.bridge.workspace import Workspace
from themeloom.gui.windows.help_flow import HelpFlow
from themeloom.gui.windows.insight_flow import InsightFlow
from themeloom.gui.windows.period_flow import PeriodFlow
from themeloom.gui.windows.places import build_places
from themeloom.gui.windows.project_flow import ProjectFlow
from themeloom.gui.windows.window_actions import add_window_actions
from themeloom.gui.windows.work_flow import WorkFlow

if TYPE_CHECKING:
    from themeloom.gui.windows.main_window import MainWindow


def furnish(window: "MainWindow") -> None:
    """Give ``window`` its workspace, flows, actions and places."""
    window.workspace = Workspace(window)
    window.projects = ProjectFlow(
        window.workspace, window.settings, window.dialogs, window.bar, window
    )
    window.work = WorkFlow(window)
    window.help = HelpFlow(window)
    window.insights = InsightFlow(window)
    window.period = PeriodFlow(window, window.period_box, window.period_strip)
    add_window_actions(window)
    window.places = build_places(window)
