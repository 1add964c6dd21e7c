"""What a level up or down, and a merge, would do: told as it then happens."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from tests.services.fernwick import copy_fernwick

from themeloom.domain.errors import ProjectError
from themeloom.domain.insights import Field
from themeloom.domain.themes import Level
from themeloom.services import levels
from themeloom.services.joining import joined
from themeloom.services.session import Session
from themeloom.services.view import View


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = Session.open(copy_fernwick(tmp_path / "f.loom", few=True))
    for prefix in "GTS":  # the sample's ids were not given by the project
        opened.project.reserve_theme_ids(prefix, 100)
    yield opened
    opened.close()


def ids_of(view: View, level: Level) -> list[str]:
    return view.themes.filter(pl.col("level") == level)["theme_id"].to_list()


def places_of(view: View) -> dict[str, tuple[str | None, str]]:
    rows = view.themes.select("theme_id", "parent_id", "level").rows()
    return {theme: (parent, level) for theme, parent, level in rows}


def moved(before: View, after: View) -> set[str]:
    old, new = places_of(before), places_of(after)
    return {theme for theme in old.keys() & new.keys() if old[theme] != new[theme]}


def test_every_theme_that_moves_was_told(session: Session) -> None:
    first, second, third = ids_of(session.view, Level.THEME)[:3]
    before = session.view
    told = levels.demotion(before, [first, second], third)
    session.change(lambda now: now.project.demote_themes([first, second], third))
    assert moved(before, session.view) == {one.theme_id for one in told.moves} == {first, second}
    title = before.themes.filter(pl.col("theme_id") == third)["title"][0]
    assert {one.then for one in told.moves} == {f"Sub-theme of “{title}”"}

    before = session.view
    told = levels.promotion(before, [third])
    assert (told.made, told.empty) == (title, "")
    session.change(lambda now: now.project.promote_themes([third]))
    assert moved(before, session.view) == {one.theme_id for one in told.moves}
    assert told.moves[0].theme_id == third

    before = session.view
    group = places_of(before)[third][0]
    told = levels.demotion(before, [str(group)])
    assert (told.made, told.gone) == (title, title)
    session.change(lambda now: now.project.demote_themes([str(group)]))
    assert moved(before, session.view) == {one.theme_id for one in told.moves}
    assert str(group) not in places_of(session.view)

    before = session.view
    told = levels.promotion(before, [first])
    session.change(lambda now: now.project.promote_themes([first]))
    assert moved(before, session.view) == {first}
    assert told.moves[0].then == "Theme outside groups"


def test_an_emptied_theme_is_told(session: Session) -> None:
    theme, other = ids_of(session.view, Level.THEME)[:2]
    session.change(lambda now: now.project.demote_themes([other], theme))
    own = session.view.shares.filter(pl.col("theme_id") == theme)["excerpt"]
    ids = session.view.excerpts.filter(pl.col("excerpt").is_in(own.implode()))["excerpt_id"]
    session.change(lambda now: now.project.assign(ids.to_list(), other))
    title = session.view.themes.filter(pl.col("theme_id") == theme)["title"][0]
    assert levels.promotion(session.view, [theme]).empty == title


def test_what_cannot_move_says_why(session: Session) -> None:
    view = session.view
    group, theme = ids_of(view, Level.GROUP)[0], ids_of(view, Level.THEME)[0]
    assert "nothing above" in levels.why_no_promotion(view, [group])
    assert "one theme at a time" in levels.why_no_promotion(view, ids_of(view, Level.THEME)[:2])
    assert levels.why_no_promotion(view, []) == levels.why_no_demotion(view, [])
    assert "one group at a time" in levels.why_no_demotion(view, [group, theme])
    assert levels.why_no_demotion(view, [theme]) == ""
    with pytest.raises(ProjectError, match="nothing above groups"):
        levels.promotion(view, [group])
    with pytest.raises(ProjectError, match="Choose which one"):
        levels.demotion(view, [theme])


def test_places_of_the_same_group_come_first(session: Session) -> None:
    view = session.view
    theme = ids_of(view, Level.THEME)[0]
    mates = {
        one for one, (parent, _) in places_of(view).items() if parent == places_of(view)[theme][0]
    }
    found = [one for one, _ in levels.places(view, [theme])]
    assert set(found) == set(ids_of(view, Level.THEME)) - {theme}
    assert set(found[: len(mates) - 1]) == mates - {theme}


def test_the_score_told_before_a_merge_is_the_one_after(session: Session) -> None:
    view = session.view
    scored = view.themes.filter((pl.col("level") == Level.THEME) & (pl.col("nps_n") > 0))
    ids = scored.sort("nps_n", descending=True)["theme_id"].to_list()[:2]
    fields = session.project.insight_fields()
    told = joined(view, fields, ids)
    (nps,) = (one for one in told.scores if one.kind == "nps")
    parts = [next(one for one in member.scores if one.kind == "nps") for member in told.members]
    assert max(part.n for part in parts) <= nps.n <= sum(part.n for part in parts)
    assert nps.words.startswith("NPS ")
    session.change(lambda now: now.project.merge_themes(ids[:1], ids[1]))
    (after,) = joined(session.view, fields, ids[1:]).members
    assert after.scores == told.scores
    count = session.view.themes.filter(pl.col("theme_id") == ids[1])["nps_n"][0]
    assert nps.n <= count, "answers about competitors are no answers about us"


def test_edits_of_insights_that_a_merge_hides_are_told(session: Session) -> None:
    first, second = ids_of(session.view, Level.THEME)[:2]
    edits = {first: {Field.OWNER: "Ann", Field.STATUS: "in work", Field.BASIS: "{}"}}
    session.change(lambda now: now.project.edit_insights(edits))
    told = joined(session.view, session.project.insight_fields(), [first, second])
    assert told.lost(first) == ()
    (lost,) = told.lost(second)
    assert (lost.theme_id, lost.edits) == (first, ("owner", "status"))
