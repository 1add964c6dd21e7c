"""Models in folders of the person's: read right, refused in plain words, tried before use."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import openvino as ov
import pytest
from tests.engine.models import TEXTS, expected, write_model, write_tokenizer

from themeloom.domain.encoders import name_of
from themeloom.domain.errors import SynthesisError
from themeloom.engine.encoder import MiniLM, open_encoder
from themeloom.engine.encoder_check import check_encoder
from themeloom.engine.local_encoder import LocalEncoder, read_folder
from themeloom.engine.minilm_graph import model_folder


@pytest.mark.parametrize("pooling", ["mean_tokens", "cls_token"])
@pytest.mark.parametrize("family", ["bert", "xlm-roberta", "mpnet"])
def test_vectors_are_those_of_the_papers(tmp_path: Path, family: str, pooling: str) -> None:
    weights = write_model(tmp_path / "model", family, pooling=pooling)
    encoder = open_encoder(name_of(tmp_path / "model"))
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (4, encoder.width)
    tokenizer = LocalEncoder(tmp_path / "model").tokenizer
    for text, vector in zip(TEXTS, vectors, strict=True):
        told = expected(weights, family, tokenizer.encode(text).ids, pooling)
        assert float(vector @ told) > 0.999, text


@pytest.mark.parametrize("kind", ["onnx", "safetensors"])
@pytest.mark.parametrize("name", ["bert-tokens", "xlm-roberta-beside", "mpnet-sentences"])
def test_vectors_are_those_of_the_program_that_saved_the_model(
    tmp_path: Path, name: str, kind: str
) -> None:
    other = {"onnx": "*.safetensors", "safetensors": "onnx"}[kind]
    saved = Path(__file__).parent / "data" / "saved" / name
    folder = shutil.copytree(saved, tmp_path / name, ignore=shutil.ignore_patterns(other))
    encoder = LocalEncoder(folder)
    assert encoder.folder.onnx == (kind == "onnx")
    told = np.array(json.loads((saved / "vectors.json").read_text(encoding="utf-8")))
    # Where the processor has instructions for bfloat16, OpenVINO keeps 8 bits of a number.
    core: Any = ov.Core()
    rounded = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    assert np.abs(encoder.encode(TEXTS) - told).max() < (1e-2 if rounded else 1e-3)


def test_what_lies_beside_the_graph_belongs_to_the_model(tmp_path: Path) -> None:
    saved = Path(__file__).parent / "data" / "saved" / "xlm-roberta-beside"
    folder = shutil.copytree(
        saved, tmp_path / "model", ignore=shutil.ignore_patterns("*.safetensors")
    )
    before = LocalEncoder(folder).id
    beside = next((folder / "onnx").glob("*data"))
    beside.write_bytes(beside.read_bytes()[:-4] + b"\0\0\0\0")
    assert LocalEncoder(folder).id != before
    beside.unlink()
    with pytest.raises(SynthesisError, match="cannot be read"):
        LocalEncoder(folder).encode(["slow app"])


def test_a_long_text_is_cut_where_the_positions_end(tmp_path: Path) -> None:
    write_model(tmp_path / "model", "xlm-roberta")
    encoder = LocalEncoder(tmp_path / "model")
    assert encoder.folder.longest == 38
    assert np.isfinite(encoder.encode(["slow " * 500])).all()


def test_each_model_has_vectors_of_its_own(tmp_path: Path) -> None:
    write_model(tmp_path / "one", "bert")
    write_model(tmp_path / "other", "bert", pooling="cls_token")
    shutil.copytree(tmp_path / "one", tmp_path / "copy")
    ids = [LocalEncoder(tmp_path / name).id for name in ("one", "other", "copy")]
    assert ids[0] != ids[1]
    assert ids[0] == ids[2]


def test_the_packaged_model_as_a_folder_is_the_packaged_model() -> None:
    local = LocalEncoder(model_folder())
    alike = (local.encode(TEXTS) * MiniLM(quantised=False).encode(TEXTS)).sum(axis=1)
    assert alike.min() > 0.999
    assert local.folder.longest == 256


def test_sentence_prompts_are_read_before_each_text(tmp_path: Path) -> None:
    write_model(tmp_path / "model", "bert")
    plain = LocalEncoder(tmp_path / "model").encode(["the price slow"])
    (tmp_path / "model" / "config_sentence_transformers.json").write_text(
        json.dumps({"prompts": {"query": "the price "}, "default_prompt_name": "query"})
    )
    prompted = LocalEncoder(tmp_path / "model")
    assert np.allclose(prompted.encode(["slow"]), plain, atol=1e-4)


def test_a_good_model_is_told_in_plain_words(tmp_path: Path) -> None:
    shutil.copytree(model_folder(), tmp_path / "minilm")
    stages: list[str] = []
    report = check_encoder(tmp_path / "minilm", lambda stage, done, total: stages.append(stage))
    assert report.ok
    assert report.width == 384
    assert report.languages == ("en",)
    assert report.speed > 0
    assert report.sentences[0] == "It works: BERT, safetensors."
    assert "It reads English" in report.sentences[1]
    assert len(set(stages)) == 3
    assert LocalEncoder(tmp_path / "minilm").languages == {"en"}


def test_a_model_that_knows_no_meanings_is_refused(tmp_path: Path) -> None:
    write_model(tmp_path / "random", "bert")
    report = check_encoder(tmp_path / "random")
    assert not report.ok
    assert "does not tell" in " ".join(report.sentences) or "not usable" in report.sentences[0]
    assert "Choose a model" in report.sentences[-1]


def _no_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()


def _no_config(folder: Path) -> None:
    (folder / "config.json").write_text("{cut o")


def _no_weights(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def _cut_weights(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-500])


def _other_family(folder: Path) -> None:
    _change(folder, model_type="t5")


def _missing_layer(folder: Path) -> None:
    _change(folder, num_hidden_layers=5)


def _other_tokenizer(folder: Path) -> None:
    write_tokenizer(folder / "tokenizer.json", [f"word{number}" for number in range(90)])


def _dense_layer(folder: Path) -> None:
    modules = [{"type": "sentence_transformers.models.Dense", "path": "2_Dense"}]
    (folder / "modules.json").write_text(json.dumps(modules))


def _change(folder: Path, **values: Any) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | values))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_no_tokenizer, "tokenizer.json is missing"),
        (_no_config, "config.json"),
        (_no_weights, "may run programs"),
        (_cut_weights, "cannot be read as the model"),
        (_other_family, "“t5”"),
        (_missing_layer, "cannot be read as the model"),
        (_other_tokenizer, "do not belong together"),
        (_dense_layer, "layer after pooling"),
    ],
)
def test_an_unfit_folder_says_what_is_wrong(tmp_path: Path, spoil: Any, said: str) -> None:
    write_model(tmp_path / "model", "bert")
    spoil(tmp_path / "model")
    report = check_encoder(tmp_path / "model")
    assert not report.ok
    assert said in report.sentences[0]
    assert len(report.sentences) == 2  # and what to do


def test_a_folder_that_went_away_is_named(tmp_path: Path) -> None:
    with pytest.raises(SynthesisError, match="not there"):
        read_folder(tmp_path / "gone")
