"""The commands ``send`` and ``roster``: what they print, write and refuse."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.services.fernwick import make_fernwick

from themeloom.cli.main import run
from themeloom.domain.insights import Field, Stage
from themeloom.project.project import Project
from themeloom.services import roster as rosters


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the sample with a roster of one PM."""
    path = make_fernwick(tmp_path_factory.mktemp("made") / "fernwick.loom")
    with Project.open(path) as project:
        for number in reversed(range(1, 6)):
            rosters.remove_desk(project, number)
    return path


def called(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, dict[str, Any]]:
    code = run([*map(str, words), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_dry_run_says_what_would_go_and_writes_nothing(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = made.read_bytes()
    code, told = called(capsys, "send", "--project", made, "--dry-run", "--limit", "2")
    assert code == 0
    (pack,) = told["packs"]
    assert (pack["pm"], pack["folder"]) == ("Saoirse Lindgren", None)
    assert len(pack["insights"]) == told["limit"] == 2
    for one in pack["insights"]:
        assert sum(one["parts"].values()) == pytest.approx(one["score"], abs=0.05)
    assert len(told["held_back"]) == 16
    assert {one["reason"] for one in told["held_back"]} == {"no product area", "over the limit"}
    assert made.read_bytes() == before
    assert run(["send", "--project", str(made), "--dry-run"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Saoirse Lindgren <saoirse.lindgren@example.com>"
    assert "Held back: 15" in lines


def test_a_dry_run_with_nothing_to_send_says_why(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["send", "--project", str(made), "--dry-run", "--period", "2020-01"]
    assert run(words) == 0
    told = capsys.readouterr().out
    assert told.startswith("No insight has a record in the period 2020-01-01..2020-01-31.")
    assert told.endswith("Choose another period.\n")


def test_drafts_that_were_asked_for_go_without_a_reason(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "one-ready.loom"
    path.write_bytes(made.read_bytes())
    words = ["send", "--project", str(path), "--dry-run"]
    assert run(words) == 0
    assert "Drafts go too, because no insight is marked as ready.\n" in capsys.readouterr().out
    with Project.open(path) as project:
        project.edit_insights({"T-004": {Field.STAGE: Stage.READY}})
    assert run([*words, "--drafts"]) == 0
    assert "Drafts go too.\n" in capsys.readouterr().out


def test_a_send_writes_and_remembers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = make_fernwick(tmp_path / "fernwick.loom")
    roster = tmp_path / "roster.csv"
    roster.write_text("Area,PM,E-mail,Covers\nReports,Callum,c@example.com,custom reports\n")
    code, told = called(capsys, "roster", "--project", path, "--import", roster)
    assert code == 0
    assert [one["pm"] for one in told["desks"]] == ["Callum"]
    out = tmp_path / "new" / "packs"
    code, told = called(capsys, "send", "--project", path, "--output", out, "--period", "2026-Q3")
    assert code == 0
    assert told["period"] == "2026-07-01..2026-09-30"
    assert told["failed"] == []
    (pack,) = told["packs"]
    assert Path(pack["folder"]).parent == out
    assert (Path(pack["folder"]) / "Mail.txt").is_file()
    code, told = called(capsys, "send", "--project", path, "--dry-run", "--ready")
    assert told["packs"][0]["insights"][0]["marks"] == []
    since = called(capsys, "send", "--project", path, "--dry-run", "--period", "since-last-send")
    assert date.today().isoformat() in since[1]["period"]  # noqa: DTZ011
    written = tmp_path / "roster.xlsx"
    code, told = called(capsys, "roster", "--project", path, "--output", written)
    assert (code, told["output"]) == (0, str(written))
    assert written.is_file()


def test_what_is_wrong_is_said(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = called(capsys, "send", "--project", made)
    assert code == 2
    assert "--output" in told["error"]["hint"]
    code, told = called(capsys, "send", "--project", made, "--output", tmp_path, "--ready")
    assert code == 1
    assert told["error"]["hint"] == "Mark insights as ready, or send drafts too."
    code, told = called(
        capsys, "send", "--project", made, "--dry-run", "--period", "Since last send"
    )
    assert (code, told["error"]["message"]) == (2, "Nothing was sent yet.")
    code, told = called(capsys, "send", "--project", made, "--dry-run", "--limit", "0")
    assert (code, told["error"]["message"]) == (2, "argument --limit: must be 1 or more, not “0”")
    code, told = called(capsys, "roster", "--project", made, "--import", tmp_path / "gone.xlsx")
    assert code == 1
    assert told["error"]["file"].endswith("gone.xlsx")


def test_a_project_without_a_roster_says_how_to_bring_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Project.create(tmp_path / "new.loom").close()
    assert run(["roster", "--project", str(tmp_path / "new.loom")]) == 0
    assert "--import FILE" in capsys.readouterr().out
    code, told = called(
        capsys, "send", "--project", tmp_path / "new.loom", "--output", tmp_path / "out"
    )
    assert code == 1
    assert told["error"]["message"] == "There are no insights yet."
    assert not (tmp_path / "out").exists()
