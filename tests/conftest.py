"""What every test gets: own settings and caches, Qt offscreen or blocked, test data and tools."""

import os
import runpy
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

BLOCK_QT = Path(__file__).parent / "block_qt"

# Two halves of the tests run side by side on two cores, over small frames: more threads only wait
# for each other. The engine's process sets its own number.
os.environ.setdefault("POLARS_MAX_THREADS", "1")


def pytest_addoption(pluginmanager: pytest.PytestPluginManager) -> None:
    """Keep bytecode. With THEMELOOM_BLOCK_QT=1 make Qt unimportable.

    Both here and in every process that is started from here.
    """
    # Compiling all of Themeloom takes a child process longer than what most tests ask of it.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    if os.environ.get("THEMELOOM_BLOCK_QT") != "1":
        return
    # pytest-qt imports PySide6 when pytest configures its plugins, which comes after this hook.
    pluginmanager.unregister(name="pytest-qt")
    runpy.run_path(str(BLOCK_QT / "sitecustomize.py"))
    inherited = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(BLOCK_QT), *([inherited] if inherited else [])])


@pytest.fixture(scope="session", autouse=True)
def session_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the test run away from the person's files; build the encoder graph once for all tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THEMELOOM_HOME", str(tmp_path_factory.mktemp("session-home")))
        if "THEMELOOM_ENCODER_CACHE" not in os.environ:
            patch.setenv("THEMELOOM_ENCODER_CACHE", str(tmp_path_factory.mktemp("encoder")))
        if "QT_QPA_PLATFORM" not in os.environ:
            patch.setenv("QT_QPA_PLATFORM", "offscreen")
        yield


@pytest.fixture(autouse=True)
def themeloom_home(
    session_environment: None,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """Return this test's own root of settings, caches and logs (THEMELOOM_HOME)."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("THEMELOOM_HOME", str(home))
    return home


@pytest.fixture(scope="session")
def test_data() -> Path:
    """Return the folder of extra test data (THEMELOOM_TEST_DATA); skip where there is none."""
    folder = os.environ.get("THEMELOOM_TEST_DATA")
    if not folder:
        pytest.skip("THEMELOOM_TEST_DATA is not set")
    if not Path(folder).is_dir():
        pytest.fail(f"THEMELOOM_TEST_DATA names no folder: {folder}")
    return Path(folder)


@pytest.fixture(scope="session")
def require_tool() -> Callable[[str], str]:
    """Return a function: a program's name to its path.

    Where the program is missing the test is skipped, and fails with CI=true.
    """

    def find(name: str) -> str:
        path = shutil.which(name)
        if path:
            return path
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(f"{name} is missing; packaging/debian-deps.sh installs it")
        pytest.skip(f"{name} is not installed")

    return find
