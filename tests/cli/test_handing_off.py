"""The command ``export`` for other tools: only what is new, and all again with ``--all``."""

import csv
import json
from pathlib import Path

import pytest
from tests.services.fernwick import make_fernwick

from themeloom.cli.main import run
from themeloom.project.project import Project


def test_only_news_unless_all_are_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_fernwick(tmp_path / "fernwick.loom")
    target = tmp_path / "issues.csv"
    words = ["export", "--project", str(project), "--format", "linear", "-o", str(target), "--json"]
    assert run(words) == 0
    first = target.read_bytes()
    assert len(list(csv.reader(first.decode().splitlines(keepends=True)))) == 19
    capsys.readouterr()
    assert run(words) == 1
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["message"].startswith("Nothing is new or changed since")
    assert "--all" in error["hint"]
    assert target.read_bytes() == first
    assert run([*words, "--all"]) == 0
    assert target.read_bytes() == first
    assert run(words) == 1, "what was handed off again counts as handed off"


def test_all_again_is_no_step_of_the_project(tmp_path: Path) -> None:
    path = make_fernwick(tmp_path / "fernwick.loom")
    target = tmp_path / "issues.csv"
    words = ["export", "--project", str(path), "-o", str(target), "--format"]
    assert run([*words, "linear"]) == 0
    with Project.open(path) as project:  # the export finds the project open elsewhere
        before = project.history()
        target.unlink()
        assert run([*words, "linear", "--all"]) == 0
        assert target.exists()
    assert run([*words, "linear", "--all"]) == 0
    assert run([*words, "csv", "--all"]) == 0
    assert run([*words, "linear", "--all", "--for", "nobody"]) == 1
    with Project.open(path, read_only=True) as project:
        assert project.history() == before


def test_people_are_not_handed_over_by_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_fernwick(tmp_path / "fernwick.loom")
    target = tmp_path / "people.csv"
    words = ["export", "--project", str(project), "--format", "mixpanel", "-o", str(target)]
    assert run([*words, "--json"]) == 1
    assert "--raw" in json.loads(capsys.readouterr().out)["error"]["hint"]
    assert not target.exists()
    assert run([*words, "--raw", "--json"]) == 0
    assert target.read_text("utf-8").startswith('"$distinct_id","Themeloom IN-')


def test_what_is_set_for_a_tool_is_kept_and_can_be_taken_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = make_fernwick(tmp_path / "fernwick.loom")
    target = tmp_path / "notes.csv"
    words = ["export", "--project", str(path), "--format", "productboard", "-o", str(target)]

    def header() -> list[str]:
        return next(csv.reader(target.read_text("utf-8-sig").splitlines()))

    usual = "Title,Content,Tags,Owner e-mail,Source origin,Source record id,Source URL".split(",")
    assert run([*words, "--set", "Name=title", "--set", "Note = content_text"]) == 0
    assert header() == ["Name", "Note"]
    assert run([*words, "--all"]) == 0
    assert header() == ["Name", "Note"], "the project keeps it"
    with Project.open(path) as project:
        deed = project.undo()
        assert deed is not None
        assert deed.name == "choice for productboard"
        project.redo()
    capsys.readouterr()
    assert run([*words, "--all", "--set", "Note=nothing"]) == 1
    assert "there is not" in capsys.readouterr().err
    assert run([*words, "--all"]) == 0, "a choice that cannot be used is not kept"
    assert run([*words, "--all", "--set", "Name=", "--set", "Note="]) == 0
    assert header() == usual


@pytest.mark.parametrize(
    ("format_name", "given", "told"),
    [
        ("amplitude", "site=x", "What can be set: id, header."),
        ("bertopic", "id=x", "Nothing can be set for it."),
        ("csv", "id=x", "Nothing can be set for it."),
        ("jira", "site", "must be NAME=VALUE"),
    ],
)
def test_what_cannot_be_set_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], format_name: str, given: str, told: str
) -> None:
    path = make_fernwick(tmp_path / "fernwick.loom")
    words = ["export", "--project", str(path), "--format", format_name, "--raw", "--set", given]
    assert run([*words, "-o", str(tmp_path / "x")]) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "x").exists()
