import os
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest

from themeloom.domain.errors import ExportError
from themeloom.exporters.safety.targets import check_target, free_name, write_whole
from themeloom.project.project import Project
from themeloom.services.sending import make_folder


def test_file_is_replaced_in_one_step(tmp_path: Path) -> None:
    target = tmp_path / "a b ü.xlsx"
    target.write_bytes(b"old")

    def write(file: BinaryIO) -> None:
        file.write(b"new, ")
        assert target.read_bytes() == b"old"
        file.write(b"whole")

    write_whole(target, write)
    assert target.read_bytes() == b"new, whole"
    assert list(tmp_path.iterdir()) == [target]


def test_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    target.write_bytes(b"old")

    def write(file: BinaryIO) -> None:
        file.write(b"half")
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError):
        write_whole(target, write)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_missing_folder_and_folder_as_target_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"does not exist\. Make it first"):
        check_target(tmp_path / "none" / "a.xlsx")
    with pytest.raises(ExportError, match="This is a folder"):
        check_target(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError):
        check_target(tmp_path / "file" / "a.xlsx")


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit on Windows")
def test_full_disk_is_told_and_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    target.write_bytes(b"old")
    script = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from themeloom.domain.errors import ExportError\n"
        "from themeloom.exporters.safety.targets import write_whole\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: write_whole(Path(sys.argv[1]), lambda file: file.write(b'x' * 5000))\n"
        "except ExportError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(target)], capture_output=True, text=True, check=True
    )
    assert "not enough space" in done.stdout
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(sys.platform != "linux", reason="a running program as a locked file")
def test_file_in_use_is_told_with_a_free_name(tmp_path: Path) -> None:
    target = tmp_path / "book.xlsx"
    target.write_bytes(Path("/bin/sleep").read_bytes())
    target.chmod(0o755)
    running = subprocess.Popen([target, "60"])
    try:
        with pytest.raises(ExportError, match=r"open in another program.*“book \(2\)\.xlsx”"):
            check_target(target)
    finally:
        running.kill()
        running.wait()


def test_free_name_counts_on(tmp_path: Path) -> None:
    (tmp_path / "a (2).xlsx").touch()
    assert free_name(tmp_path / "a.xlsx").name == "a (3).xlsx"


def test_what_is_needed_is_never_written_over(tmp_path: Path) -> None:
    needed = tmp_path / "tickets.csv"
    needed.write_bytes(b"id,text")
    aside = tmp_path / "folder"
    aside.mkdir()
    with pytest.raises(ExportError, match="would be lost"):
        check_target(aside / ".." / "tickets.csv", [needed])
    check_target(needed)


def test_no_project_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "p.loom"
    Project.create(path).close()
    before = path.read_bytes()
    with pytest.raises(ExportError, match="would be lost"):
        write_whole(path, lambda _file: None)
    assert path.read_bytes() == before


@pytest.mark.skipif(sys.platform != "linux", reason="a pipe is no file, a name Unicode there")
def test_pipes_and_names_that_are_no_text_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(ExportError, match="a device or a pipe"):
        check_target(tmp_path / "pipe.csv")
    with pytest.raises(ExportError, match="no text") as refused:
        check_target(tmp_path / os.fsdecode(b"caf\xe9.csv"))
    assert str(refused.value).encode()
    with pytest.raises(ExportError, match="no text"):
        make_folder(tmp_path / os.fsdecode(b"caf\xe9"))
