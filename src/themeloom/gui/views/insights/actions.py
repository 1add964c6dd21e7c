"""The actions of the Insights place."""

from typing import TYPE_CHECKING

from themeloom.gui.actions import Actions

if TYPE_CHECKING:
    from themeloom.gui.views.insights.place import InsightsPlace


def add_actions(place: "InsightsPlace", actions: Actions) -> None:
    """Add what can be done in ``place``; single letters work while its list has the focus."""
    focus = place.pane.list

    def chosen() -> bool | str:
        return place.chosen is not None or place.tr("Choose an insight first.")

    def editable() -> bool | str:
        if place.read_only:
            return place.tr("The project is open for reading only.")
        return chosen()

    def stale() -> bool | str:
        asked = editable()
        if asked is not True:
            return asked
        return any(item.insight.stale for item in place.pane.chosen) or place.tr(
            "Its words were written with the numbers of now."
        )

    def add(name: str, text: str, slot: object, **more: object) -> None:
        actions.add(name, text, slot, menu="Insights", place="insights", **more)  # pyright: ignore[reportArgumentType]

    add(
        "insights.edit",
        place.tr("&Edit claim"),
        place.edit_title,
        shortcut="F2",
        focus=focus,
        icon="edit",
        enabled=editable,
    )
    add(
        "insights.ready",
        place.tr("Mark as &ready, or as draft again"),
        place.toggle_ready,
        shortcut="R",
        focus=focus,
        icon="check",
        enabled=editable,
    )
    add(
        "insights.checked",
        place.tr("Mark as &checked"),
        place.mark_checked,
        shortcut="K",
        focus=focus,
        enabled=stale,
    )
    add(
        "insights.quotes",
        place.tr("Choose &quotes…"),
        place.choose_quotes,
        shortcut="Q",
        focus=focus,
        enabled=editable,
    )
    add("insights.theme", place.tr("Show &theme"), place.show_theme, enabled=chosen)
    add(
        "insights.copy",
        place.tr("C&opy insight"),
        place.copy,
        shortcut="C",
        focus=focus,
        icon="copy",
        enabled=chosen,
    )
    add(
        "insights.filter",
        place.tr("&Filter insights"),
        place.pane.filter_field.setFocus,
        shortcut="/",
        focus=focus,
    )
