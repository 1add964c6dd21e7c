"""Where things lie: packed resources, sample data, the person's cache and settings folders."""

import os
import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def resource(*parts: str) -> Path:
    """Return the path of a packed resource, e.g. ``resource("words", "greetings.txt")``.

    The packed path is tried first (wheel, frozen program), then the repository root: an editable
    install has no packed files.

    Raises:
        FileNotFoundError: the resource is in neither place (a broken installation).
    """
    return _find("resources", *parts)


def sample_data() -> Path:
    """Return the folder of the sample feedback."""
    return _find("sample_data")


def cache_dir() -> Path:
    """Return the folder for what can be computed again; made when missing."""
    return _made(_home("cache") or _platform_cache())


def encoder_cache_dir() -> Path:
    """Return the folder of built encoder graphs; ``THEMELOOM_ENCODER_CACHE`` overrides it."""
    override = os.environ.get("THEMELOOM_ENCODER_CACHE")
    return _made(Path(override) if override else cache_dir() / "encoder")


def config_dir() -> Path:
    """Return the folder of the person's settings; made when missing."""
    return _made(_home("settings") or _platform_config())


def projects_dir() -> Path:
    """Return the folder where new projects go unless the person says otherwise; made when missing."""
    home = _home("projects")
    documents = Path.home() / "Documents"
    return _made(home or (documents if documents.is_dir() else Path.home()) / "Themeloom")


def log_dir() -> Path:
    """Return the folder of log and crash files; made when missing."""
    return _made(_home("logs") or _platform_cache() / "logs")


def is_there(path: Path) -> bool:
    """Tell whether ``path`` is a file; a name that the system does not take is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def is_unicode(path: Path) -> bool:
    """Tell whether the whole name of ``path`` is text that a project can keep.

    Linux takes any bytes for a name: archives of other systems leave such behind.
    """
    try:
        str(path.absolute()).encode()
    except UnicodeEncodeError:
        return False
    return True


def shown(path: Path) -> str:
    """Return ``path`` as text; "?" stands for what is no text."""
    return str(path).encode(errors="replace").decode()


def _find(*parts: str) -> Path:
    for root in (_PACKAGE / "_data", _PACKAGE.parent.parent):
        candidate = root.joinpath(*parts)
        if candidate.exists():
            return candidate
    raise FileNotFoundError(
        f"{'/'.join(parts)} is missing from this installation. Install Themeloom again."
    )


def _home(name: str) -> Path | None:
    root = os.environ.get("THEMELOOM_HOME")
    return Path(root) / name if root else None


def _platform_cache() -> Path:
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
        return Path(base) / "Themeloom" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "Themeloom"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "themeloom"


def _platform_config() -> Path:
    if sys.platform == "win32":
        base = os.environ.get("APPDATA") or str(Path.home() / "AppData" / "Roaming")
        return Path(base) / "Themeloom"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Themeloom"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "themeloom"


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
