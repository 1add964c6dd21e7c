"""Wrong usage: said in plain words, in JSON where that was asked for."""

import json
from pathlib import Path

import pytest

from themeloom.cli.main import run
from themeloom.project.project import Project

SYNTHESIZE = ("synthesize", "a.csv", "--output", "o.xlsx")
MERGE = ("merge", "w.xlsx", "--project", "p.loom")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*SYNTHESIZE, "--themes", "abc"), "must be 'auto' or between 2 and 1000, not “abc”"),
        ((*SYNTHESIZE, "--themes", "1"), "must be 'auto' or between 2 and 1000, not “1”"),
        ((*SYNTHESIZE, "--themes", "1001"), "must be 'auto' or between 2 and 1000, not “1001”"),
        ((*SYNTHESIZE, "--seed", "x"), "must be 0 or more, not “x”"),
        ((*SYNTHESIZE, "--seed", "-1"), "must be 0 or more, not “-1”"),
        ((*SYNTHESIZE, "--kind", "mail"), "“mail” is none of ticket, nps, interview, call, other"),
        ((*MERGE, "--take", "mine"), "“mine” is none of file, project"),
        (
            ("synthesize", "a.csv", "-o", "o.csv"),
            "its name ends in .xlsx, not in “.csv”; 'themeloom export' writes other formats of a "
            "project",
        ),
        (
            ("synthesize", "a.csv", "-o", "p.loom"),
            "its name ends in .xlsx, not in “.loom”; 'themeloom export' writes other formats of a "
            "project",
        ),
        (("synthesize", "a.csv"), "the following arguments are required: --output/-o"),
    ],
)
def test_wrong_usage_is_said_in_plain_words(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*words, "--json"]) == 2
    told = capsys.readouterr()
    assert json.loads(told.out)["error"]["message"].endswith(said)
    assert told.err.startswith(f"usage: themeloom {words[0]}")
    assert told.err.endswith(f"{said}\n")
    assert run(words) == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("command", ["import", "synthesize"])
def test_no_project_is_made_for_files_that_are_not_there(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "p.loom"
    words = [command, str(tmp_path / "gone.csv"), "--project", str(project)]
    assert run(words if command == "import" else [*words, "-o", str(tmp_path / "o.xlsx")]) == 1
    assert "There is no such file or folder." in capsys.readouterr().err
    assert not project.exists()


@pytest.mark.parametrize("command", ["import", "verify", "merge", "themes"])
def test_names_that_are_too_long_are_said_in_plain_words(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.csv").write_text("text\nThe export is far too slow for us.\n")
    long = "x" * 300
    project = tmp_path / "p.loom"
    Project.create(project).close()
    words = [str(tmp_path / f"{long}.xlsx"), "--project", str(project)]
    if command == "themes":
        words = ["--project", str(tmp_path / f"{long}.loom")]
    assert run([command, *words]) == 1
    assert capsys.readouterr().err.startswith("themeloom: ")
    if command == "import":
        assert run([command, str(tmp_path / "a.csv"), "--project", str(tmp_path / long)]) == 1
        assert "Traceback" not in capsys.readouterr().err
