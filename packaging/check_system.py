"""Says early, and with the exact command, what this computer lacks for Themeloom.

Runs before anything is installed, on whatever Python the person has: standard library only, and no
syntax newer than Python 3.6. Exit status 0: all there. 1: something is missing, told on stderr.
"""

import ctypes
import importlib.util
import os
import sys
from typing import Callable, Dict, List, Sequence, Tuple

Library = Tuple[str, str, str]

OLDEST, NEWEST = (3, 11), (3, 13)

# What Qt's core, its xcb and its offscreen plugin load from the system:
# (shared library, Debian and Ubuntu package, Fedora package).
QT_LIBRARIES: Tuple[Library, ...] = (
    ("libEGL.so.1", "libegl1", "libglvnd-egl"),
    ("libGL.so.1", "libgl1", "libglvnd-glx"),
    ("libglib-2.0.so.0", "libglib2.0-0", "glib2"),
    ("libgthread-2.0.so.0", "libglib2.0-0", "glib2"),
    ("libfontconfig.so.1", "libfontconfig1", "fontconfig"),
    ("libfreetype.so.6", "libfreetype6", "freetype"),
    ("libdbus-1.so.3", "libdbus-1-3", "dbus-libs"),
    ("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon"),
    ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11"),
    ("libX11.so.6", "libx11-6", "libX11"),
    ("libX11-xcb.so.1", "libx11-xcb1", "libX11-xcb"),
    ("libxcb.so.1", "libxcb1", "libxcb"),
    ("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor"),
    ("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm"),
    ("libxcb-image.so.0", "libxcb-image0", "xcb-util-image"),
    ("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms"),
    ("libxcb-randr.so.0", "libxcb-randr0", "libxcb"),
    ("libxcb-render.so.0", "libxcb-render0", "libxcb"),
    ("libxcb-render-util.so.0", "libxcb-render-util0", "xcb-util-renderutil"),
    ("libxcb-shape.so.0", "libxcb-shape0", "libxcb"),
    ("libxcb-shm.so.0", "libxcb-shm0", "libxcb"),
    ("libxcb-sync.so.1", "libxcb-sync1", "libxcb"),
    ("libxcb-util.so.1", "libxcb-util1", "xcb-util"),
    ("libxcb-xfixes.so.0", "libxcb-xfixes0", "libxcb"),
    ("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb"),
)


def main() -> int:
    """Check this computer; return the exit status."""
    found = check(
        version=sys.version_info[:3],
        platform=sys.platform,
        os_release=read_os_release(),
        is_root=hasattr(os, "geteuid") and os.geteuid() == 0,
        has_module=has_module,
        load=ctypes.CDLL,
    )
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


def has_module(name: str) -> bool:
    """Return whether this Python can import the module."""
    return importlib.util.find_spec(name) is not None


def check(
    version: Sequence[int],
    platform: str,
    os_release: Dict[str, str],
    is_root: bool,
    has_module: Callable[[str], bool],
    load: Callable[[str], object],
) -> List[str]:
    """Return what is missing as a list of messages, each with its remedy; empty when all is there.

    Args:
        version: of the running Python, e.g. ``(3, 11, 7)``.
        platform: as ``sys.platform`` has it; Qt's libraries are looked for on ``linux`` only.
        os_release: the fields of /etc/os-release.
        is_root: leaves ``sudo`` out of the commands.
        has_module: tells whether a module can be imported.
        load: loads a shared library by name, raising OSError where it cannot.
    """
    if not OLDEST <= tuple(version[:2]) <= NEWEST:
        return [
            "Themeloom needs Python {}.{} to {}.{}; this is {} ({}). Name another one with "
            "make install PYTHON=/path/to/python".format(
                *OLDEST, *NEWEST, ".".join(map(str, version)), sys.executable
            )
        ]
    problems: List[str] = []
    sudo = "" if is_root else "sudo "
    if not (has_module("venv") and has_module("ensurepip")):
        problems.append(
            "This Python cannot create virtual environments. Install what is missing with\n"
            "    {}apt-get install python{}.{}-venv".format(sudo, *version[:2])
        )
    missing = missing_libraries(load) if platform.startswith("linux") else []
    if missing:
        commands = install_commands(missing, os_release)
        problems.append(
            "Qt needs system libraries that are missing here: {}. Install them with\n{}".format(
                ", ".join(name for name, _, _ in missing),
                "\nor\n".join("    " + sudo + command for command in commands),
            )
        )
    return problems


def missing_libraries(load: Callable[[str], object]) -> List[Library]:
    """Return the rows of ``QT_LIBRARIES`` that ``load`` refuses."""
    missing: List[Library] = []
    for row in QT_LIBRARIES:
        try:
            load(row[0])
        except OSError:
            missing.append(row)
    return missing


def install_commands(missing: Sequence[Library], os_release: Dict[str, str]) -> List[str]:
    """Return the commands that install these rows: of this distribution, or of both when unknown."""
    apt = "apt-get install " + " ".join(sorted({debian for _, debian, _ in missing}))
    dnf = "dnf install " + " ".join(sorted({fedora for _, _, fedora in missing}))
    family = {os_release.get("ID", "")} | set(os_release.get("ID_LIKE", "").split())
    if family & {"debian", "ubuntu"}:
        return [apt]
    if family & {"fedora", "rhel", "centos"}:
        return [dnf]
    return [apt, dnf]


def read_os_release(path: str = "/etc/os-release") -> Dict[str, str]:
    """Return the fields of an os-release file; empty where there is none."""
    try:
        with open(path, encoding="utf-8") as file:
            lines = [line.strip() for line in file if "=" in line]
    except OSError:
        return {}
    return {key: value.strip("\"'") for key, value in (line.split("=", 1) for line in lines)}


if __name__ == "__main__":
    sys.exit(main())
