"""The page "Numbers explained": its examples are what the sample project gives."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.services.fernwick import copy_fernwick

from themeloom.analytics import calendar, impact, segments, trends
from themeloom.analytics.numbers import ThemeNumbers, theme_numbers
from themeloom.domain.periods import parse_period
from themeloom.services.numbers import basis_of
from themeloom.services.session import Session

PAGE = Path(__file__).parents[2] / "docs" / "numbers-explained.md"
OFFLINE, CALENDAR, PRICE = "T-001", "T-004", "T-011"


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    opened = Session.open(copy_fernwick(tmp_path_factory.mktemp("sample") / "fernwick.loom"))
    yield opened
    opened.close()


def signed(value: float, digits: int = 1) -> str:
    return f"{value:.{digits}f}".replace("-", "−")


def examples(whole: ThemeNumbers, september: ThemeNumbers) -> list[str]:
    """Return the examples in the order of the page."""
    of = {name: _by_theme(whole, name) for name in ("reach", "trends", "scores")}
    kind = whole.kinds.filter(theme_id=CALENDAR, kind="ticket").row(0, named=True)
    calls = whole.kinds.filter(theme_id=CALENDAR, kind="call").row(0, named=True)
    reach, trend = of["reach"][CALENDAR], of["trends"][OFFLINE]
    price, overall = of["scores"][PRICE], whole.overall.row(0, named=True)
    before = september.reach.filter(theme_id=OFFLINE).row(0, named=True)
    marked = whole.segments.filter(mark="more").row(0, named=True)
    without = (
        overall["promoters"] - price["promoters"],
        overall["detractors"] - price["detractors"],
    )
    rest = overall["n"] - price["n"]
    return [
        f"September 2026: {before['records']} records; August 2026: {before['records_before']}.",
        f"{kind['records']} of {kind['base']} tickets = {100 * kind['share']:.1f} % "
        f"(90 %: {100 * kind['low']:.1f} to {100 * kind['high']:.1f} %); "
        f"{calls['records']} of {calls['base']} calls = {100 * calls['share']:.0f} % "
        f"(90 %: {100 * calls['low']:.0f} to {100 * calls['high']:.0f} %).",
        f"{reach['records']} records, {reach['people']} people (known for {reach['people_known']} of "
        f"{reach['records']} records), {reach['accounts']} accounts (known for "
        f"{reach['accounts_known']} of {reach['records']} records), in {reach['kinds']} kinds of source.",
        f"{reach['revenue']:,.0f} a year, of {reach['revenue_known']} of {reach['accounts']} accounts; "
        f"the largest pays {reach['revenue_largest']:,.0f}.",
        f"{100 * whole.coverage:.1f} % of the excerpts carry a theme.",
        f"{trend['last']} of {trend['last_base']} records in September; {trend['before_records']} of "
        f"{trend['before_base']} in July and August, {trend['before']:.1f} a month; "
        f"p = {trend['p']:.5f}, for all themes {trend['p_adjusted']:.4f}: {trend['direction']}.",
        f"{overall['promoters']} promoters and {overall['detractors']} detractors of {overall['n']} "
        f"answers: 100 × ({overall['promoters']} − {overall['detractors']}) ÷ {overall['n']} = "
        f"{signed(overall['value'])} (90 %: {signed(overall['low'])} to {signed(overall['high'])}).",
        f"without the theme 100 × ({without[0]} − {without[1]}) ÷ {rest} = "
        f"{signed(100 * (without[0] - without[1]) / rest, 2)}; {signed(overall['value'], 2)} − "
        f"({signed(100 * (without[0] - without[1]) / rest, 2)}) = {signed(price['impact'], 2)} "
        f"(90 %: {signed(price['impact_low'], 2)} to {signed(price['impact_high'], 2)}).",
        f"with the other themes held as they are {signed(price['effect'])} "
        f"(90 %: {signed(price['effect_low'])} to {signed(price['effect_high'])}).",
        f"{price['promoters']} of {overall['promoters']} promoters and {price['detractors']} of "
        f"{overall['detractors']} detractors "
        f"({100 * price['detractors'] / overall['detractors']:.1f} %) speak of it.",
        f"{marked['segment']} {marked['value']}: {marked['records']} of {marked['base']} records = "
        f"{100 * marked['share']:.1f} %, in all records {100 * marked['overall']:.1f} %; "
        f"p = {marked['p']:.5f}, for all cells {marked['p_adjusted']:.3f}: {marked['mark']}.",
    ]


def _by_theme(numbers: ThemeNumbers, name: str) -> dict[str, dict[str, float]]:
    return {row["theme_id"]: row for row in getattr(numbers, name).iter_rows(named=True)}


def test_every_example_is_what_the_sample_gives(session: Session) -> None:
    whole = theme_numbers(basis_of(session))
    session.set_period(parse_period("2026-09"))
    september = theme_numbers(basis_of(session))
    session.set_period(None)
    shown = [
        line.removeprefix("> Example: ")
        for line in PAGE.read_text("utf-8").splitlines()
        if line.startswith("> Example: ")
    ]
    assert [line.partition(": ")[2] for line in shown] == examples(whole, september)


def test_every_stated_limit_is_the_one_in_the_code() -> None:
    page = " ".join(PAGE.read_text("utf-8").split())
    for sentence in (
        f"at most {trends.MOST_BEFORE} full periods before it",
        f"below {trends.CHANCE:.2f}",
        f"at least {trends.CHANGE * 100:.0f} %",
        f"at least {trends.ENOUGH_NEW} records",
        f"under {trends.ENOUGH_RECORDS} records",
        f"fewer than {impact.ENOUGH_ANSWERS} answers",
        f"{impact.DRAWS:,} times",
        f"under {segments.ENOUGH_IN_CELL} records",
        f"at least {calendar.EXPECTED_IN_GAP} records a period",
    ):
        assert sentence in page, sentence
