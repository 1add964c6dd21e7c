"""packaging/check_system.py says what is missing, with the command that mends it."""

import re
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PACKAGING = Path(__file__).parents[2] / "packaging"
SYSTEM = runpy.run_path(str(PACKAGING / "check_system.py"))
DEBIAN = {"ID": "debian"}
UBUNTU_CHILD = {"ID": "linuxmint", "ID_LIKE": "ubuntu debian"}
FEDORA = {"ID": "fedora"}


def loader(*missing: str) -> Callable[[str], None]:
    def load(name: str) -> None:
        if name in missing:
            raise OSError(f"{name}: cannot open shared object file")

    return load


def check(**changed: Any) -> list[str]:
    arguments: dict[str, Any] = {
        "version": (3, 11, 2),
        "platform": "linux",
        "os_release": DEBIAN,
        "is_root": False,
        "has_module": lambda name: True,
        "load": loader(),
    }
    return SYSTEM["check"](**(arguments | changed))


def test_complete_system_has_no_problems() -> None:
    assert check() == []


@pytest.mark.parametrize(
    ("os_release", "is_root", "command"),
    [
        (DEBIAN, False, "    sudo apt-get install libegl1 libxcb-cursor0"),
        (UBUNTU_CHILD, True, "    apt-get install libegl1 libxcb-cursor0"),
        (FEDORA, False, "    sudo dnf install libglvnd-egl xcb-util-cursor"),
    ],
)
def test_missing_libraries_come_with_the_exact_command(
    os_release: dict[str, str], is_root: bool, command: str
) -> None:
    (problem,) = check(
        os_release=os_release,
        is_root=is_root,
        load=loader("libEGL.so.1", "libxcb-cursor.so.0"),
    )
    assert "libEGL.so.1, libxcb-cursor.so.0" in problem
    assert problem.splitlines()[1:] == [command]


def test_unknown_distribution_gets_both_commands() -> None:
    (problem,) = check(os_release={}, load=loader("libGL.so.1"))
    assert problem.splitlines()[1:] == [
        "    sudo apt-get install libgl1",
        "or",
        "    sudo dnf install libglvnd-glx",
    ]


def test_package_with_two_libraries_is_named_once() -> None:
    (problem,) = check(load=loader("libglib-2.0.so.0", "libgthread-2.0.so.0"))
    assert problem.count("libglib2.0-0") == 1


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_libraries_are_looked_for_on_linux_only(platform: str) -> None:
    assert check(platform=platform, load=loader("libEGL.so.1")) == []


@pytest.mark.parametrize("version", [(3, 9, 2), (3, 10, 13), (3, 14, 0)])
def test_unsupported_python_is_the_only_problem_told(version: tuple[int, int, int]) -> None:
    (problem,) = check(version=version, load=loader("libEGL.so.1"))
    assert "3.11 to 3.13" in problem
    assert ".".join(map(str, version)) in problem


def test_missing_ensurepip_names_the_package_of_this_python() -> None:
    (problem,) = check(version=(3, 12, 3), has_module=lambda name: name != "ensurepip")
    assert problem.endswith("    sudo apt-get install python3.12-venv")


def test_os_release_is_read(tmp_path: Path) -> None:
    file = tmp_path / "os-release"
    file.write_text('NAME="Linux Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"\n\n# end\n')
    fields = SYSTEM["read_os_release"](str(file))
    assert fields == {"NAME": "Linux Mint", "ID": "linuxmint", "ID_LIKE": "ubuntu debian"}
    assert SYSTEM["read_os_release"](str(tmp_path / "none")) == {}


def test_debian_deps_installs_every_library_that_is_checked() -> None:
    script = (PACKAGING / "debian-deps.sh").read_text()
    (packages,) = re.findall(r"packages=\((.*?)\n\)", script, re.DOTALL)
    assert {debian for _, debian, _ in SYSTEM["QT_LIBRARIES"]} <= set(packages.split())
