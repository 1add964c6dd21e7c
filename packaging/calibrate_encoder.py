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
from themeloom.engine.quantising import Floats, shared_name, stays_in_floats
from themeloom.engine.transformer_graph import Weights, build, exact_dense
from themeloom.services.session import Session

TARGET = Path(__file__).parent.parent / "resources" / "encoder" / "minilm-l6-v2-ranges.json"
_TEXTS = 300
#: How much of a channel's reach is moved into the weights, by the kind of product: the values that
#: kept vectors of the sample closest to the exact ones, each tried with the others left exact.
_MOVED = {"self": 0.3, "attention": 0.85, "intermediate": 0.65}


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


def _inputs(weights: Weights, texts: list[str]) -> dict[str, Floats]:
    """Return what went into each product: float32 (tokens, channels)."""
    taps: dict[str, Any] = {}

    def dense(rows: Any, weights: Weights, name: str) -> Any:
        if not stays_in_floats(name):
            taps.setdefault(shared_name(name), rows)
        return exact_dense(rows, weights, name)

    model: Any = build(weights, ARCHITECTURE, "tapped", dense)
    model.add_outputs([rows.output(0) for rows in taps.values()])
    compiled: Any = ov.Core().compile_model(model, "CPU")
    seen: dict[str, list[Floats]] = {name: [] for name in taps}
    for text in texts:
        ids = np.array([MiniLM().tokenizer.encode(text).ids], np.int32)
        results = compiled([ids, np.ones_like(ids)])
        for number, name in enumerate(taps, 1):
            seen[name].append(np.array(results[number][0]))
    return {name: np.concatenate(parts) for name, parts in seen.items()}


def _range(name: str, rows: Floats, weights: Weights) -> dict[str, object]:
    moved = next(share for part, share in _MOVED.items() if part in name.split("."))
    products = [key for key in weights if key.endswith("weight") and shared_name(key[:-7]) == name]
    reach = np.maximum(np.abs(rows).max(axis=0), 1e-5)
    most = np.max([np.abs(np.asarray(weights[key])).max(axis=0) for key in products], axis=0)
    divisors = reach**moved / np.maximum(most, 1e-5) ** (1 - moved)
    divided = rows / divisors
    return {
        "low": float(f"{divided.min():.5g}"),
        "high": float(f"{divided.max():.5g}"),
        "divisors": [float(f"{one:.4g}") for one in divisors],
    }


if __name__ == "__main__":
    main()
