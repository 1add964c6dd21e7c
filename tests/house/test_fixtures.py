"""The fixtures that all tests rely on keep their promises."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from themeloom.base import paths


def test_a_missing_tool_skips(
    require_tool: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception):
        require_tool("no-such-program")


def test_a_missing_tool_fails_on_the_build_server(
    require_tool: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="debian-deps"):
        require_tool("no-such-program")


def test_a_tool_that_is_there_is_found(require_tool: Callable[[str], str]) -> None:
    assert Path(require_tool("git")).is_file()


def test_nothing_is_written_to_the_persons_folders(
    themeloom_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    base = tmp_path_factory.getbasetemp()
    assert themeloom_home.is_relative_to(base)
    assert paths.cache_dir().is_relative_to(themeloom_home)
    assert paths.log_dir().is_relative_to(themeloom_home)
    assert paths.encoder_cache_dir() == Path(os.environ["THEMELOOM_ENCODER_CACHE"])
