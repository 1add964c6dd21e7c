"""The documents name what there is: commands, options, formats, menus, keys, rooms, modules."""

import argparse
import ast
import re
from functools import cache
from pathlib import Path

import pytest

from themeloom.cli.main import build_parser
from themeloom.domain.asking import parse
from themeloom.importers.profiles import profiles

#: Menus of other tools in the pages about hand-offs.
OTHERS = {"+ → Import notes"}

ROOT = Path(__file__).parents[2]
HOUSE = ROOT / "src" / "themeloom"
DOCS = ROOT / "docs"
GUIDE = (DOCS / "guide.md").read_text("utf-8")
ARCHITECTURE = (DOCS / "architecture.md").read_text("utf-8")


def _name(path: Path) -> str:
    return path.name


def commands() -> dict[str, argparse.ArgumentParser]:
    (subs,) = (
        action
        for action in build_parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    return dict(subs.choices)


def options(command: str) -> set[str]:
    return {
        option
        for action in commands()[command]._actions
        for option in action.option_strings
        if option.startswith("--")
    }


@cache
def actions() -> set[str]:
    """Every text of the window with a mnemonic, as menus have them, without dots."""
    found: set[str] = set()
    for path in (HOUSE / "gui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "&" in node.value:
                found.add(node.value.replace("&", "").rstrip("…"))
    return found


def test_the_guide_names_every_command_and_option() -> None:
    missing = [name for name in commands() if f"themeloom {name} " not in GUIDE.replace("`", " ")]
    missing += [
        f"{name} {option}"
        for name in commands()
        for option in sorted(options(name) - {"--help"})
        if not re.search(rf"{option}\b", GUIDE)
    ]
    assert missing == []


def test_the_guide_names_every_profile() -> None:
    assert [name for name in profiles() if f"`{name}`" not in GUIDE] == []


def test_what_the_guide_types_into_search_is_understood() -> None:
    table = GUIDE[GUIDE.index("| type | finds |") : GUIDE.index("**More like this**")]
    typed = re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)
    assert len(typed) > 5
    told = {line: parse(line, ["plan"]).message for line in typed}
    assert {line: message for line, message in told.items() if message} == {}


def test_the_guide_names_every_format() -> None:
    (formats,) = (
        action.choices
        for action in commands()["export"]._actions
        if "--format" in action.option_strings
    )
    assert [name for name in formats or () if f"`{name}`" not in GUIDE] == []


@pytest.mark.parametrize("path", [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))], ids=_name)
def test_documents_call_only_commands_and_options_that_there_are(path: Path) -> None:
    wrong: list[str] = []
    for call in re.findall(r"themeloom ([a-z]+ [^`\n|]*)", path.read_text("utf-8")):
        name, *words = call.split()
        if name in commands():
            given = {word.split("=")[0] for word in words if word.startswith("--")}
            wrong += [f"{name} {option}" for option in sorted(given - options(name))]
    assert wrong == []


@pytest.mark.parametrize("path", [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))], ids=_name)
def test_menus_are_called_as_in_the_window(path: Path) -> None:
    """“Insights → Send to PMs…”: the words behind the arrow stand in the menu."""
    menus = "File|Edit|View|Sources|Themes|Insights|Window|Help"
    told = re.findall(rf"\b({menus}) (?:→|›) ([^*\n…,.;:)]+)", path.read_text("utf-8"))
    assert [words for _, words in told if words.strip() not in actions() | OTHERS] == []


def test_architecture_names_every_room_and_only_modules_that_there_are() -> None:
    rooms = {path.name for path in HOUSE.iterdir() if (path / "__init__.py").exists()}
    picture = ARCHITECTURE[: ARCHITECTURE.index("A room imports only")]
    assert sorted(room for room in rooms if not re.search(rf"\b{room}\b", picture)) == []
    named = set(re.findall(r"`([a-z_]+/[a-z_/]*(?:\.py)?)`", ARCHITECTURE))
    assert named
    assert [name for name in sorted(named) if not _is_there(name)] == []


def test_what_is_said_of_the_engine_names_modules_that_there_are() -> None:
    told = (DOCS / "how-themes-are-made.md").read_text("utf-8")
    named = set(re.findall(r"`(?:engine/)?([a-z_]+\.py)`", told))
    assert named
    assert sorted(name for name in named if not (HOUSE / "engine" / name).exists()) == []


def _is_there(name: str) -> bool:
    return any((place / name).exists() for place in (HOUSE, ROOT)) or name == "themeloom/_data/"
