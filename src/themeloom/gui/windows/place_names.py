"""The four places by name, for the parts of the window that are there before the places."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """One place: its id, its title on screens, its icon."""

    name: str
    title: str
    icon: str


PLACES = (
    Place("sources", "Sources", "sources"),
    Place("themes", "Themes", "themes"),
    Place("insights", "Insights", "insights"),
    Place("dashboard", "Dashboard", "dashboard"),
)
