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
