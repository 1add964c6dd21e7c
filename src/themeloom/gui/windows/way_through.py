"""The steps from files to sent insights, and which of them are done."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from themeloom.gui.windows.sidebar import Step

if TYPE_CHECKING:
    from themeloom.services.headway import Headway
    from themeloom.services.view import View


def steps(words: QObject, view: "View | None", headway: "Headway | None") -> list[Step]:
    """Return the five steps for a view; ``headway`` is None until it is known."""
    titles = [
        words.tr("Import"),
        words.tr("Find themes"),
        words.tr("Review"),
        words.tr("Write insights"),
        words.tr("Send"),
    ]
    if view is None:
        return [Step(title, "", "ahead") for title in titles]
    # Not at the top: it brings polars, and the window shall be seen before that.
    from themeloom.services.reviewing import review_goal

    totals = view.totals
    reviewed, goal = review_goal(view)
    insights = headway.insights if headway else 0
    ready = headway.ready if headway else 0
    sent = headway.last_send if headway else None
    done = [
        totals.all_records > 0,
        totals.themes > 0,
        goal > 0 and reviewed >= goal,
        # What was sent was good enough, whether or not somebody marked it as ready before.
        insights > 0 and totals.proposed == 0 and (ready >= insights or sent is not None),
        sent is not None,
    ]
    details = [
        _counted(totals.all_records, words.tr("1 record"), words.tr("{n} records")),
        _counted(totals.themes, words.tr("1 theme"), words.tr("{n} themes")),
        words.tr("{done} of {goal} seen").format(done=f"{reviewed:,}", goal=f"{goal:,}")
        if goal
        else "",
        words.tr("{n} of {all} ready").format(n=f"{ready:,}", all=f"{insights:,}")
        if insights
        else "",
        words.tr("last {day} {month}").format(day=sent.day, month=f"{sent:%b}") if sent else "",
    ]
    now = next((place for place, ready in enumerate(done) if not ready), len(done))
    states = [
        "done" if ready else "now" if place == now else "ahead" for place, ready in enumerate(done)
    ]
    return [Step(*parts) for parts in zip(titles, details, states, strict=True)]


def _counted(number: int, one: str, many: str) -> str:
    return (one if number == 1 else many).format(n=f"{number:,}") if number else ""
