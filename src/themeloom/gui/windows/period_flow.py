"""The period that the whole window is about: offered, chosen, kept, and said."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from themeloom.domain import periods
from themeloom.domain.changes import Deed
from themeloom.domain.periods import Period
from themeloom.gui.dialogs.period import PeriodDialog
from themeloom.gui.windows.period_box import OTHER_DAYS, PeriodBox, PeriodStrip
from themeloom.insights.wording import count
from themeloom.services import period_choice
from themeloom.services.period_choice import (
    ALL_TIME,
    LAST_MONTH,
    LAST_QUARTER,
    SINCE_LAST_SEND,
    THIS_YEAR,
    Offer,
    PeriodChoice,
)
from themeloom.services.session import Session

if TYPE_CHECKING:
    from themeloom.gui.windows.main_window import MainWindow


class PeriodFlow(QObject):
    """Connects box and strip with the workspace."""

    def __init__(self, window: "MainWindow", box: PeriodBox, strip: PeriodStrip) -> None:
        """Use the window's own parts."""
        super().__init__(window)
        self._window = window
        self._workspace = window.workspace
        self._settings = window.settings
        self._box = box
        self._strip = strip
        self._offer: Offer | None = None
        self._last_send: date | None = None
        box.chosen.connect(self.choose)
        strip.show_all.connect(self.show_all)
        self._workspace.opened.connect(self._refresh)
        self._workspace.closed.connect(self._refresh)
        self._workspace.view_changed.connect(self._on_change)

    # --- what a person does

    def choose(self, key: str) -> None:
        """Make all numbers be about another period; ``OTHER_DAYS`` asks for the days."""
        session = self._workspace.session
        if session is None:
            return
        if key == OTHER_DAYS:
            self._ask_for_days()
            return
        period_choice.keep(self._settings, session.project.id, key)
        self._workspace.choose_period(period_choice.meaning(key, self._last_send, _today()))

    def show_all(self) -> None:
        """Make all numbers be about all time."""
        self.choose(ALL_TIME)

    def can_show_all(self) -> bool | str:
        """Tell whether records are hidden."""
        session = self._workspace.session
        if session is None:
            return self.tr("Open a project first.")
        return session.period is not None or self.tr("All records are shown.")

    def _ask_for_days(self) -> None:
        session, offer = self._workspace.session, self._offer
        if session is None or offer is None or offer.first is None or offer.last is None:
            return
        shown = session.period or Period(offer.first, offer.last)
        dialog = PeriodDialog(shown, Period(offer.first, offer.last), self._window)
        dialog.chosen.connect(self.choose)
        dialog.open()

    # --- following the project

    def _on_change(self, deed: object) -> None:
        if isinstance(deed, Deed) and deed.content:
            self._refresh()
        else:
            self._say()

    def _refresh(self) -> None:
        self._say()
        if self._workspace.session is None:
            self._box.show_closed()
            return

        def query(session: Session) -> tuple[Offer, date | None]:
            sent = period_choice.last_send(session.project)
            return period_choice.offer(session.view, sent, _today()), sent

        self._workspace.ask("periods", query, self._show)

    def _show(self, answer: tuple[Offer, date | None]) -> None:
        session = self._workspace.session
        if session is None:
            return
        self._offer, self._last_send = answer
        offer, period = self._offer, session.period
        key = period_choice.kept_key(self._settings, session.project.id) if period else ALL_TIME
        named = [(one.key, self._title(one)) for one in offer.named]
        blocks = [
            named,
            [(one.key, self._days(one.period)) for one in offer.quarters],
            [(one.key, self._days(one.period)) for one in offer.months],
        ]
        if key not in {one for block in blocks for one, _ in block}:
            blocks.insert(1, [(key, self._days(period))])
        if offer.first is not None:
            blocks.append([(OTHER_DAYS, self.tr("Other days…"))])
        since = key == SINCE_LAST_SEND
        said = self.tr("Since last send") if since else self._days(period)
        self._box.show_choices(blocks, key, said)

    def _say(self) -> None:
        view = self._workspace.view
        if view is None or view.period is None:
            self._strip.say("")
            return
        totals, days = view.totals, self._days(view.period)
        if totals.records == 0:
            self._strip.say(self.tr("No record is of {period}.").format(period=days))
            return
        text = self.tr("Numbers are about {period}: {n} of {all}.").format(
            period=days, n=f"{totals.records:,}", all=count(totals.all_records, "record")
        )
        if totals.records_before:
            text += " " + self.tr("{n} in the period before.").format(
                n=f"{totals.records_before:,}"
            )
        self._strip.say(text)

    def _title(self, choice: PeriodChoice) -> str:
        titles = {
            ALL_TIME: self.tr("All time"),
            LAST_MONTH: self.tr("Last month"),
            LAST_QUARTER: self.tr("Last quarter"),
            THIS_YEAR: self.tr("This year"),
            SINCE_LAST_SEND: self.tr("Since last send"),
        }
        title = titles[choice.key]
        if choice.period is None:
            return title
        if choice.key == THIS_YEAR:
            return f"{title} ({choice.period.first.year})"
        return f"{title} ({periods.words(choice.period)})"

    def _days(self, period: Period | None) -> str:
        return periods.words(period) if period else self.tr("All time")


def _today() -> date:
    return datetime.now().astimezone().date()
