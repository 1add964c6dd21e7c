"""Exit codes, one-line errors, JSON, and what Ctrl-C leaves behind."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.end_to_end.conftest import Program, Synthesis

from themeloom.base.paths import sample_data

pytestmark = pytest.mark.timeout(400)  # the main job is done once, within whoever asks first

FEW = "text\nThe export fails\nI like the colours\n"


def test_wrong_usage_exits_with_2(program: Program) -> None:
    assert program("--nonsense").code == 2
    assert program("gui", "one.loom", "two.loom").code == 2
    assert program("synthesize", "a.csv").code == 2
    assert program("export", "--project", "p", "--format", "nonsense", "--output", "o").code == 2


def test_missing_file_is_named_and_exits_with_1(program: Program, tmp_path: Path) -> None:
    ran = program("synthesize", tmp_path / "gone.csv", "--output", tmp_path / "o.xlsx", "--json")
    assert ran.code == 1
    assert ran.json["error"]["file"].endswith("gone.csv")
    assert ran.err.strip().count("\n") == 0
    assert not (tmp_path / "o.xlsx").exists()


def test_too_few_texts_say_what_to_do(program: Program, tmp_path: Path) -> None:
    source = tmp_path / "few.csv"
    source.write_text(FEW, encoding="utf-8")
    ran = program("synthesize", source, "--output", tmp_path / "o.xlsx", "--json")
    assert ran.code == 1
    assert "30" in ran.json["error"]["message"] + (ran.json["error"]["hint"] or "")


def test_bad_files_do_not_keep_the_good_ones_out(program: Program, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.csv").write_text(FEW, encoding="utf-8")
    (folder / "empty.csv").write_bytes(b"")
    (folder / "broken.xlsx").write_bytes(b"PK\x03\x04 this is no workbook")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    ran = program("import", folder, "--project", tmp_path / "p.loom", "--json")
    assert ran.code == 0, ran.err
    files = {Path(file["file"]).name: file for file in ran.json["files"]}
    assert files["good.csv"]["taken"] == 2
    for name in ("empty.csv", "broken.xlsx", "picture.png"):
        assert files[name]["error"], name
        assert files[name]["taken"] == 0


def test_same_file_again_updates_and_adds_nothing(program: Program, tmp_path: Path) -> None:
    source = tmp_path / "nps.csv"
    source.write_text(
        "Response ID,Score,Comment\nR1,3,Too slow in the morning\nR2,9,Very helpful people here\n",
        encoding="utf-8",
    )
    project = tmp_path / "p.loom"
    first = program("import", source, "--project", project, "--json").json["files"][0]
    second = program("import", source, "--project", project, "--json").json["files"][0]
    assert (first["taken"], first["updated"]) == (2, 0)
    assert (second["taken"], second["updated"]) == (0, 2)


def test_column_that_does_not_exist_is_answered_with_those_that_do(
    program: Program, tmp_path: Path
) -> None:
    source = tmp_path / "a.csv"
    source.write_text("Remark,Stars\nGood enough for us,4\n", encoding="utf-8")
    ran = program(
        *("import", source, "--project", tmp_path / "p.loom", "--text", "Comment", "--json")
    )
    said = json.dumps(ran.json, ensure_ascii=False)
    assert "Comment" in said
    assert "Remark" in said


def test_open_project_is_refused_with_who_has_it(program: Program, tmp_path: Path) -> None:
    from themeloom.project.project import Project

    source = tmp_path / "a.csv"
    source.write_text(FEW, encoding="utf-8")
    with Project.create(tmp_path / "p.loom"):
        ran = program("import", source, "--project", tmp_path / "p.loom", "--json")
    assert ran.code == 1
    assert "open" in ran.json["error"]["message"].lower()


def test_an_import_that_reads_nothing_fails_and_still_tells_of_each_file(
    program: Program, tmp_path: Path
) -> None:
    """A script sees that nothing came in; a person reads why."""
    broken, good = tmp_path / "broken.xlsx", tmp_path / "a.csv"
    broken.write_bytes(b"PK\x03\x04 no workbook")
    good.write_text(FEW, encoding="utf-8")
    ran = program("import", broken, "--project", tmp_path / "p.loom", "--json")
    assert ran.code == 1
    assert ran.json["files"][0]["error"]
    ran = program("import", broken, good, "--project", tmp_path / "p.loom", "--json")
    assert ran.code == 0
    assert sum(file["taken"] for file in ran.json["files"]) > 0


def test_doctor_and_selftest_pass(program: Program, synthesis: Synthesis) -> None:
    looked = program("doctor", synthesis.project, "--json")
    assert looked.code == 0, looked.out
    assert looked.json["ok"] is True
    proved = program("selftest", "--json")
    assert proved.code == 0, proved.out
    assert {check["name"] for check in proved.json["checks"]} >= {"import", "export"}


def test_the_help_says_how_the_workbench_is_opened(program: Program) -> None:
    ran = program("--help")
    assert ran.code == 0
    assert "with 'themeloom gui [PROJECT.loom]'" in " ".join(ran.out.split())
    ran = program("gui", "--help")
    assert (ran.code, ran.out.splitlines()[0]) == (0, "usage: themeloom [gui] [PROJECT.loom]")


def test_ctrl_c_while_the_program_still_loads_is_no_traceback(session_environment: None) -> None:
    interrupted = """
import importlib.abc, sys
class Interrupting(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "themeloom.cli.commands":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupting())
from themeloom.app.main import main
sys.exit(main(["themes", "--project", "p.loom"]))
"""
    ran = subprocess.run(
        [sys.executable, "-c", interrupted], capture_output=True, encoding="utf-8", check=False
    )
    assert (ran.returncode, ran.stderr) == (1, "themeloom: Cancelled. Nothing was begun.\n")


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
def test_ctrl_c_leaves_the_project_as_it_was(
    synthesis: Synthesis, tmp_path: Path, session_environment: None
) -> None:
    project = tmp_path / "p.loom"
    project.write_bytes(synthesis.project.read_bytes())
    before = _state(project)
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "themeloom", "synthesize", sample_data() / "second_wave"),
            *("--project", project, "--output", tmp_path / "o.xlsx"),
        ],
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        encoding="utf-8",
    )
    assert process.stderr is not None
    process.stderr.readline()  # the first file was read: the import is under way
    process.send_signal(signal.SIGINT)
    asked = time.monotonic()
    said = process.stderr.read()
    assert process.wait(10) == 1
    assert time.monotonic() - asked < 4
    assert "Cancelled" in said
    assert not (tmp_path / "o.xlsx").exists()
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["p.loom"]
    assert _state(project) == before


def _state(path: Path) -> str:
    """Everything that a person sees of a project, as one hash."""
    from themeloom.project.project import Project

    digest = hashlib.sha256()
    with Project.open(path, read_only=True) as project:
        assert all(found.ok for found in project.check())
        for frame in (
            project.sources(),
            project.records(),
            project.excerpts(),
            project.themes(),
            project.assignments(),
            project.unsorted(),
        ):
            digest.update(frame.write_json().encode())
    return digest.hexdigest()
