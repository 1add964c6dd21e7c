"""Settings outlive a restart, and no file content can stop the program."""

from pathlib import Path

import pytest

from themeloom.base.settings import Settings


def test_values_are_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    first = Settings(path)
    first.set("a.text", "é")
    first.set("a.number", 1.5)
    first.set("a.flag", False)
    second = Settings(path)
    assert second.get("a.text", "") == "é"
    assert second.get("a.number", 0.0) == 1.5
    assert second.get("a.flag", True) is False


def test_an_unknown_name_gives_the_default(tmp_path: Path) -> None:
    assert Settings(tmp_path / "settings.json").get("nothing", 7) == 7


@pytest.mark.parametrize("content", ["", "{", "[1, 2]", "null", "\x00\xff", '{"a": {"b": 1}}'])
def test_a_damaged_file_gives_the_defaults(tmp_path: Path, content: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(content, encoding="latin-1")
    settings = Settings(path)
    assert settings.get("a", 3) == 3
    settings.set("a", 4)
    assert Settings(path).get("a", 3) == 4


def test_a_value_of_another_type_gives_the_default(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    settings.set("zoom", "large")
    settings.set("flag", 1)
    assert settings.get("zoom", 1.0) == 1.0
    assert settings.get("flag", False) is False


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "gone" / "settings.json")
    settings.set("a", 1)
    assert settings.get("a", 0) == 1


def test_removing_forgets(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    settings.set("a", 1)
    settings.remove("a")
    assert Settings(tmp_path / "settings.json").get("a", 0) == 0
