"""The four places of the window."""

from typing import TYPE_CHECKING

from themeloom.gui.views.dashboard.place import DashboardPlace
from themeloom.gui.views.insights.place import InsightsPlace
from themeloom.gui.views.place_view import PlaceView
from themeloom.gui.views.sources.place import SourcesPlace
from themeloom.gui.views.themes.place import ThemesPlace

if TYPE_CHECKING:
    from themeloom.gui.windows.main_window import MainWindow


def build_places(window: "MainWindow") -> dict[str, PlaceView]:
    """Return the widgets of the places by their ids, wired to the window's flows."""
    workspace, actions = window.workspace, window.actions_
    sources = SourcesPlace(workspace, actions, window)
    themes = ThemesPlace(window)
    insights = InsightsPlace(workspace, actions, window)
    dashboard = DashboardPlace(workspace, actions, window)

    def show_theme(theme_id: str) -> None:
        window.show_place("themes")
        themes.show_theme(theme_id)

    for place in (insights, dashboard):
        place.theme_chosen.connect(show_theme)
        place.copied.connect(window.say_copied)
    return {
        "sources": sources,
        "themes": themes,
        "insights": insights,
        "dashboard": dashboard,
    }
