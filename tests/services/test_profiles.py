"""Columns mapped once are known again, in any order, and by one person's settings only."""

from pathlib import Path

import pytest

from themeloom.base.settings import Settings
from themeloom.domain.errors import UsageError
from themeloom.domain.records import DateOrder, Duplicates, Kind, Role, SheetChoice
from themeloom.services.profiles import SavedProfiles

HEADERS = ["resp_id", "Submitted", "score", "What would you change?", "plan"]
CHOICE = SheetChoice(
    kind=Kind.NPS,
    header_row=3,
    roles=dict(
        zip(HEADERS, [Role.ID, Role.DATE, Role.SCORE, Role.TEXT, Role.SEGMENT], strict=True)
    ),
    dates=DateOrder.DAY_FIRST,
    duplicates=Duplicates.KEEP_ALL,
)


@pytest.fixture
def profiles(tmp_path: Path) -> SavedProfiles:
    return SavedProfiles(Settings(tmp_path / "settings.json"))


def test_the_same_columns_in_another_order_and_spelling(
    profiles: SavedProfiles, tmp_path: Path
) -> None:
    profiles.remember("NPS export Slotwise", HEADERS, CHOICE)
    again = SavedProfiles(Settings(tmp_path / "settings.json"))
    asked = ["Plan", "SCORE", "resp id", "what would you change", "submitted"]
    found = again.matching(asked)
    assert found is not None
    assert found.name == "NPS export Slotwise"
    applied = found.applied_to(asked)
    assert applied.roles == {
        "Plan": Role.SEGMENT,
        "SCORE": Role.SCORE,
        "resp id": Role.ID,
        "what would you change": Role.TEXT,
        "submitted": Role.DATE,
    }
    assert (applied.kind, applied.dates, applied.duplicates) == (
        Kind.NPS,
        DateOrder.DAY_FIRST,
        Duplicates.KEEP_ALL,
    )
    assert applied.header_row is None  # a title row more or less moves it


def test_a_new_column_does_no_harm_and_a_missing_text_does(profiles: SavedProfiles) -> None:
    profiles.remember("NPS", HEADERS, CHOICE)
    more = profiles.matching([*HEADERS, "browser"])
    assert more is not None
    assert (more.applied_to([*HEADERS, "browser"]).roles or {})["browser"] is Role.FIELD
    assert profiles.matching([header for header in HEADERS if "What" not in header]) is None
    assert profiles.matching(["id", "comment"]) is None


def test_list_rename_delete(profiles: SavedProfiles) -> None:
    profiles.remember("b", HEADERS, CHOICE)
    profiles.remember("A", ["id", "comment"], SheetChoice(roles={"comment": Role.TEXT}))
    assert [profile.name for profile in profiles.all()] == ["A", "b"]
    profiles.rename("b", "NPS")
    with pytest.raises(UsageError, match="Another profile"):
        profiles.rename("NPS", "a")
    with pytest.raises(UsageError, match="no profile"):
        profiles.rename("b", "c")
    profiles.delete("A")
    assert [profile.name for profile in profiles.all()] == ["NPS"]


def test_the_same_columns_again_replace_what_was_kept(profiles: SavedProfiles) -> None:
    profiles.remember("first", HEADERS, CHOICE)
    profiles.remember("second", list(reversed(HEADERS)), CHOICE)
    assert [profile.name for profile in profiles.all()] == ["second"]


def test_a_damaged_entry_is_left_out(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    SavedProfiles(settings).remember("good", HEADERS, CHOICE)
    kept = settings.get("column profiles", [])
    settings.set("column profiles", [*kept, {"name": "bad"}, 7, {"name": "x", "headers": ["a"], "choice": {"kind": "poem"}}])  # fmt: skip
    assert [profile.name for profile in SavedProfiles(settings).all()] == ["good"]
