"""Write the ranges of MiniLM's products, seen on the sample's texts, for the quantised graph.

Run it after the weights or the graph change: ``.venv/bin/python packaging/calibrate_encoder.py``.
The same texts give the same file.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import openvino as ov  # noqa: TID253 - this script needs nothing else

from themeloom.base.paths import sample_data
from themeloom.domain.records import ImportOptions
from themeloom.engine.encoder import MiniLM
from themeloom.engine.minilm_graph import ARCHITECTURE, checked_weights
from themeloom.engine.quantising import Floats, shared_name
from themeloom.engine.transformer_graph import Products, Weights, build
from themeloom.services.session import Session

TARGET = Path(__file__).parent.parent / "resources" / "encoder" / "minilm-l6-v2-ranges.json"
_TEXTS = 300
#: How much of a channel's reach is moved into the weights, by the kind of product: the values that
#: kept vectors closest to the exact ones.
_MOVED = {"value": 0.85, "self": 0.5, "attention": 0.85, "intermediate": 0.65}
#: Channels behind the activation that stay in floats: those that reach farthest.
_IN_FLOATS = 128


def main() -> None:
    """Read the sample, run the exact graph, write the file."""
    weights = checked_weights()
    seen = _inputs(weights, _texts())
    kept = {name: _range(name, rows, weights) for name, rows in seen.items()}
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{json.dumps(name)}: {json.dumps(one)}" for name, one in kept.items()]
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{TARGET}: {len(kept)} ranges")


def _texts() -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        session = Session.create(Path(folder) / "sample.loom")
        try:
            session.bring_in([sample_data()], ImportOptions(), lambda _: None)
            session.reload()
            texts = session.view.excerpts["text"].unique().sort()
        finally:
            session.close()
    return texts.gather_every(max(1, len(texts) // _TEXTS)).to_list()


class _Tapped(Products):
    """Products in floats that remember what goes into each."""

    def __init__(self) -> None:
        self.taps: dict[str, Any] = {}

    def dense(self, rows: Any, weights: Weights, name: str) -> Any:
        self.taps.setdefault(shared_name(name), rows)
        return super().dense(rows, weights, name)


def _inputs(weights: Weights, texts: list[str]) -> dict[str, Floats]:
    """Return what went into each product: float32 (tokens, channels)."""
    tapped = _Tapped()
    model: Any = build(weights, ARCHITECTURE, "tapped", tapped)
    # Query, key and value read the same rows: these become one output.
    distinct = {id(rows): rows for rows in tapped.taps.values()}
    model.add_outputs([rows.output(0) for rows in distinct.values()])
    exactly = {"INFERENCE_PRECISION_HINT": "f32"}
    compiled: Any = ov.Core().compile_model(model, "CPU", exactly)
    seen: dict[int, list[Floats]] = {which: [] for which in distinct}
    for text in texts:
        ids = np.array([MiniLM().tokenizer.encode(text).ids], np.int32)
        results = compiled([ids, np.ones_like(ids)])
        for number, which in enumerate(distinct, 1):
            seen[which].append(np.array(results[number][0]))
    whole = {which: np.concatenate(parts) for which, parts in seen.items()}
    return {name: whole[id(rows)] for name, rows in tapped.taps.items()}


def _range(name: str, rows: Floats, weights: Weights) -> dict[str, object]:
    reach = np.maximum(np.abs(rows).max(axis=0), 1e-5)
    parts = name.split(".")
    if parts[-2] == "output" and parts[-3] != "attention":
        farthest = np.argsort(-reach, kind="stable")[:_IN_FLOATS]
        rest = np.delete(rows, farthest, axis=1)
        return _ends(rest) | {"floats": np.sort(farthest).tolist()}
    moved = next(share for part, share in _MOVED.items() if part in parts)
    products = [key for key in weights if key.endswith("weight") and shared_name(key[:-7]) == name]
    most = np.max([np.abs(np.asarray(weights[key])).max(axis=0) for key in products], axis=0)
    divisors = reach**moved / np.maximum(most, 1e-5) ** (1 - moved)
    return _ends(rows / divisors) | {"divisors": [float(f"{one:.4g}") for one in divisors]}


def _ends(rows: Floats) -> dict[str, object]:
    return {"low": float(f"{rows.min():.5g}"), "high": float(f"{rows.max():.5g}")}


if __name__ == "__main__":
    main()
