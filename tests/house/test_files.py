"""What no file of the repository may hold."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# In pieces, so that this file does not name them either.
REGISTRY_HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs"),
        ("deb", "debian", "org"),
        ("archive", "ubuntu", "com"),
        ("download", "pytorch", "org"),
        ("anaconda", "org"),
        ("proxy", "golang", "org"),
    )
]


@pytest.fixture(scope="module")
def files(require_tool: Callable[[str], str]) -> list[Path]:
    """Every file that is, or may become, part of a commit."""
    command = "ls-files -z --cached --others --exclude-standard".split()
    done = subprocess.run(
        [require_tool("git"), *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip("not a git checkout")
    return [path for name in done.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_no_file_names_a_registry_host(files: list[Path]) -> None:
    assert files
    for path in files:
        content = path.read_bytes()
        assert not [host for host in REGISTRY_HOSTS if host.encode() in content], path


def test_no_file_names_where_the_repository_lies(files: list[Path]) -> None:
    here = f"{ROOT}/".encode()
    assert [path for path in files if here in path.read_bytes()] == []


def test_no_uv_lock(files: list[Path]) -> None:
    assert [path for path in files if path.name == "uv.lock"] == []


def test_scripts_are_executable(files: list[Path]) -> None:
    scripts = [path for path in files if path.suffix == ".sh" or path.parent.name == ".ci"]
    assert ROOT / ".ci" / "run" in scripts
    for path in scripts:
        assert path.stat().st_mode & 0o111, path
