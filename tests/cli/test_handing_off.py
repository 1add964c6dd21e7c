"""The command ``export`` for other tools: only what is new, and all again with ``--all``."""

import csv
import json
from pathlib import Path

import pytest
from tests.services.fernwick import make_fernwick

from themeloom.cli.main import run


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
