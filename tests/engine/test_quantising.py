"""The encoder in whole numbers: near the exact one, and used only where it is faster."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openvino as ov
import pytest
from numpy.typing import NDArray

from themeloom.base.paths import encoder_cache_dir
from themeloom.engine import processor
from themeloom.engine.encoder import MiniLM
from themeloom.engine.minilm_graph import ARCHITECTURE, checked_weights, graph_path
from themeloom.engine.quantising import (
    WholeNumbers,
    kept_ranges,
    shared_name,
    whole_numbers,
)
from themeloom.engine.transformer_graph import build

DATA = Path(__file__).parent / "data"


def likeness(model: Path) -> NDArray[np.float32]:
    """Return the cosines of English sentences read by a graph in whole numbers to the exact ones."""
    lines = (DATA / "sentences.txt").read_text(encoding="utf-8").splitlines()
    english = [line for line in lines if line.isascii() and len(line) > 20]
    assert len(english) > 10
    core: Any = ov.Core()
    encoder = MiniLM(quantised=True)
    # As on a processor with instructions for whole numbers: others let sums overflow.
    encoder.compiled = core.compile_model(model, "CPU", {"LP_TRANSFORMS_MODE": "NO"})
    return (encoder.encode(english) * MiniLM(quantised=False).encode(english)).sum(axis=1)


def test_english_texts_keep_their_vectors() -> None:
    cosines = likeness(graph_path(quantised=True))
    assert cosines.mean() >= 0.9985
    assert cosines.min() >= 0.98


def test_channels_that_reach_far_stay_in_floats(tmp_path: Path) -> None:
    whole = {name: replace(one, floats=one.floats[:1]) for name, one in kept_ranges().items()}
    model = build(checked_weights(), ARCHITECTURE, "whole", WholeNumbers(whole))
    ov.save_model(model, tmp_path / "whole.xml")
    cosines = likeness(tmp_path / "whole.xml")
    assert (1 - cosines).mean() > 2 * (1 - likeness(graph_path(quantised=True))).mean()


def test_every_product_has_a_range() -> None:
    products = {
        shared_name(name.removesuffix(".weight"))
        for name, weight in checked_weights().items()
        if name.startswith("encoder.") and name.endswith(".weight") and weight.ndim == 2
    }
    assert len(products) == 6 * 5
    assert set(kept_ranges()) == products


def test_weights_come_back_within_half_a_step() -> None:
    weights = np.random.default_rng(0).normal(size=(7, 33)).astype(np.float32)
    numbers, step = whole_numbers(weights)
    assert numbers.dtype == np.int8
    assert step.shape == (7, 1)
    assert (np.abs(numbers * step - weights) <= step / 2 + 1e-6).all()


def test_vectors_of_the_two_graphs_are_never_mixed() -> None:
    assert MiniLM(quantised=True).id != MiniLM(quantised=False).id


@pytest.mark.parametrize(
    ("instructions", "times", "expected"),
    [(False, 9.0, False), (True, 1.5, True), (True, 1.05, False)],
)
def test_only_a_faster_graph_is_chosen_and_the_choice_is_kept(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    instructions: bool,
    times: float,
    expected: bool,
) -> None:
    monkeypatch.setenv("THEMELOOM_ENCODER_CACHE", str(tmp_path))
    monkeypatch.setattr(processor, "_has_instructions", lambda core: instructions)
    monkeypatch.setattr(processor, "_times_faster", lambda core: times)
    assert processor.prefers_whole_numbers() is expected
    monkeypatch.setattr(processor, "_has_instructions", lambda core: pytest.fail("asked again"))
    assert processor.prefers_whole_numbers() is expected


def test_another_processor_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THEMELOOM_ENCODER_CACHE", str(tmp_path))
    monkeypatch.setattr(processor, "_times_faster", lambda core: 1.5)
    first = processor.prefers_whole_numbers()
    path = encoder_cache_dir() / "processor.json"
    kept = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(kept | {"processor": "another", "whole_numbers": not first}))
    assert processor.prefers_whole_numbers() is first
    path.write_text("{broken")
    assert processor.prefers_whole_numbers() is first
