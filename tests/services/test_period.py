"""A period rules every number of the view, and nothing in the project."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.services.fernwick import copy_fernwick

from themeloom.base.settings import Settings
from themeloom.domain.insights import Delivery
from themeloom.domain.periods import Period, parse_period, period_before
from themeloom.domain.themes import Level
from themeloom.project.project import Project
from themeloom.services import period_choice
from themeloom.services.period_choice import LAST_QUARTER, SINCE_LAST_SEND, THIS_YEAR
from themeloom.services.session import Session
from themeloom.services.view import View

AUGUST = parse_period("2026-08")
TODAY = date(2026, 10, 6)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return copy_fernwick(tmp_path / "voice.loom", few=True)


@pytest.fixture
def session(path: Path) -> Iterator[Session]:
    opened = Session.open(path)
    yield opened
    opened.close()


def test_only_records_of_the_period_are_shown_and_counted(session: Session) -> None:
    whole = session.view
    session.set_period(AUGUST)
    view = session.view
    inside = whole.records.filter(pl.col("date").dt.month() == 8)
    assert set(view.records["record_id"]) == set(inside["record_id"])
    assert view.totals.records == inside["duplicate_of"].null_count()
    assert set(view.excerpts["record_id"]) <= set(view.records["record_id"])
    for row in view.themes.iter_rows(named=True):
        above = "group_id" if row["level"] == Level.GROUP else "theme_id"
        said = view.excerpts.filter(pl.col(above) == row["theme_id"])
        assert row["excerpts"] == said.height
        assert row["records"] == said["record_id"].n_unique()
        assert row["people"] == said["person_key"].drop_nulls().n_unique()
    assert view.totals.records < view.totals.all_records == whole.totals.records
    assert view.totals.all_excerpts == whole.totals.excerpts


def test_records_are_numbered_as_they_stand(session: Session) -> None:
    session.set_period(AUGUST)
    view = session.view
    assert view.records["record"].to_list() == list(range(view.records.height))
    at = view.records["record_id"].gather(view.excerpts["record"])
    assert at.to_list() == view.excerpts["record_id"].to_list()


def test_the_period_before_stands_beside(session: Session) -> None:
    session.set_period(AUGUST)
    august = session.view
    session.set_period(period_before(AUGUST))
    july = _records(session.view)
    assert dict(august.themes.select("theme_id", "records_before").iter_rows()) == july
    assert august.totals.records_before == session.view.totals.records
    session.set_period(None)
    assert session.view.themes["records_before"].null_count() == session.view.themes.height
    assert session.view.totals.records_before is None


def test_sources_stay_whole(session: Session) -> None:
    before = session.view.sources
    session.set_period(AUGUST)
    assert_frame_equal(session.view.sources, before)


def test_a_duplicate_goes_with_its_original(session: Session) -> None:
    pairs = session.view.records.filter(pl.col("duplicate_of").is_not_null())
    assert pairs.height
    session.set_period(AUGUST)
    shown = set(session.view.records["record_id"])
    for record_id, original in pairs.select("record_id", "duplicate_of").iter_rows():
        assert (record_id in shown) == (original in shown)


def test_all_records_are_as_they_were_before(session: Session) -> None:
    whole = session.view
    for period in (AUGUST, parse_period("2026-09"), None):
        session.set_period(period)
    for name in ("records", "excerpts", "shares", "themes"):
        assert_frame_equal(getattr(session.view, name), getattr(whole, name))
    assert session.view.totals == whole.totals


def test_edits_reach_what_is_hidden_only_where_they_should(session: Session) -> None:
    first, second = session.view.themes.filter(pl.col("level") == Level.THEME)["theme_id"][:2]
    september = session.view.excerpts.filter(
        (pl.col("date").dt.month() == 9) & (pl.col("theme_id") == first)
    )["excerpt_id"].to_list()[:3]
    session.change(lambda now: now.project.confirm(september))
    session.set_period(AUGUST)
    shown = session.view.excerpts.filter(pl.col("theme_id") == first)["excerpt_id"].to_list()
    session.change(lambda now: now.project.unassign(shown[:2]))
    session.set_period(None)
    decided = set(session.project.decisions()["excerpt"])
    assert len(decided) == 5
    session.set_period(AUGUST)
    # A merge is about the themes, whatever is shown of them.
    session.change(lambda now: now.project.merge_themes([first], second))
    session.set_period(None)
    assert first not in session.view.themes["theme_id"].to_list()
    assert session.view.excerpts.filter(pl.col("theme_id") == first).is_empty()
    session.set_period(AUGUST)
    for _ in range(3):
        session.change(lambda now: now.project.undo())
    session.set_period(None)
    assert session.project.decisions().is_empty()


def test_search_finds_what_is_in_the_period(session: Session) -> None:
    session.prepare_search()
    everywhere = set(session.find("calendar").excerpts)
    session.set_period(AUGUST)
    here = set(session.find("calendar").excerpts)
    assert here == everywhere & set(session.view.excerpts["excerpt"])
    assert 0 < len(here) < len(everywhere)


def test_a_period_without_records_shows_themes_with_nothing(session: Session) -> None:
    session.set_period(parse_period("1999"))
    view = session.view
    assert view.records.is_empty()
    assert view.totals.themes == 18
    assert view.themes["records"].sum() == 0
    assert view.totals.coverage == 0.0


# --- what there is to choose from


def test_offered_are_names_and_what_has_records(session: Session) -> None:
    found = period_choice.offer(session.view, None, TODAY)
    assert [one.key for one in found.named] == ["", "last month", LAST_QUARTER, THIS_YEAR]
    assert [str(one.period) for one in found.quarters] == ["2026-07-01..2026-09-30"]
    assert [one.key[:7] for one in found.months] == ["2026-09", "2026-08", "2026-07"]
    assert all(one.period == parse_period(one.key) for one in found.months)
    # Whatever is shown, everything can be chosen.
    session.set_period(AUGUST)
    assert period_choice.offer(session.view, None, TODAY) == found


def test_since_last_send_begins_with_the_day_of_the_newest_send(session: Session) -> None:
    assert period_choice.last_send(session.project) is None
    for number, (kind, day) in enumerate(
        [("send", "2026-09-03"), ("send", "2026-09-20"), ("export", "2026-09-28")]
    ):
        session.project.add_delivery(
            Delivery(f"{number:032x}", f"{day}T12:00:00+00:00", kind, "xlsx", "", "/x")
        )
    sent = period_choice.last_send(session.project)
    assert sent == date(2026, 9, 20)
    found = period_choice.offer(session.view, sent, TODAY).named[-1]
    assert found.key == SINCE_LAST_SEND
    assert found.period == Period(date(2026, 9, 20), TODAY)


@pytest.mark.parametrize(
    ("key", "period"),
    [
        ("", None),
        (LAST_QUARTER, parse_period("2026-Q3")),
        ("last month", parse_period("2026-09")),
        (THIS_YEAR, Period(date(2026, 1, 1), TODAY)),
        ("2026-07-01..2026-07-31", parse_period("2026-07")),
        (SINCE_LAST_SEND, None),
        ("some day", None),
    ],
)
def test_what_a_kept_choice_means_today(key: str, period: Period | None) -> None:
    assert period_choice.meaning(key, None, TODAY) == period


def test_the_choice_is_kept_for_each_project(path: Path, themeloom_home: Path) -> None:
    settings = Settings(themeloom_home / "settings.json")

    def kept(project: Project) -> Period | None:
        return period_choice.kept_period(settings, project)

    with closing(Session.open(path, period=kept)) as session:
        assert session.period is None
        steps = session.undo_name
        period_choice.keep(settings, session.project.id, str(AUGUST))
        period_choice.keep(settings, "another", "2026-07-01..2026-07-31")
        session.set_period(kept(session.project))
        assert session.undo_name == steps  # no step of the project
    with closing(Session.open(path, read_only=True, period=kept)) as session:
        assert session.period == AUGUST
        period_choice.keep(settings, session.project.id, "")
        assert period_choice.kept_key(settings, session.project.id) == ""


def _records(view: View) -> dict[str, int]:
    return dict(view.themes.select("theme_id", "records").iter_rows())
