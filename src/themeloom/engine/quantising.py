"""The encoder's products in 8-bit whole numbers: for processors with instructions made for them.

The second product of each feed-forward part stays in floats: what goes into it (behind GELU) reaches
far to one side, and in whole numbers it alone would cost more than all others (mean cosine to the
exact vectors 0.9972 with it, 0.9988 without). It costs a fifth more time.

Ranges of what goes into each product were taken from the sample's texts once
(``packaging/calibrate_encoder.py``), after Xiao et al. 2023 (SmoothQuant): channels that reach far
are divided by a number that their weights are multiplied with. Weights are whole numbers from -127
to 127 for each output, activations 256 steps between the calibrated ends (Jacob et al. 2018).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from themeloom.base.paths import resource
from themeloom.engine.transformer_graph import Dense, Weights, exact_dense, ops

Floats = NDArray[np.float32]

_STEPS = 255
_MOST = 127


@dataclass(frozen=True)
class InputRange:
    """What goes into a product.

    Attributes:
        low, high: after the division, of all channels.
        divisors: float32 (channels,).
    """

    low: float
    high: float
    divisors: Floats


Ranges = Mapping[str, InputRange]


def kept_ranges() -> Ranges:
    """Return the calibrated ranges of MiniLM-L6-v2 by the names of its products.

    Query, key and value of a layer read the same and share a range, called after the layer.
    """
    text = resource("encoder", "minilm-l6-v2-ranges.json").read_text(encoding="utf-8")
    kept = cast(dict[str, dict[str, Any]], json.loads(text))
    return {
        name: InputRange(one["low"], one["high"], np.array(one["divisors"], np.float32))
        for name, one in kept.items()
    }


def stays_in_floats(name: str) -> bool:
    """Return whether a product has no range: the second one of a feed-forward part."""
    return name.endswith(".output.dense") and not name.endswith(".attention.output.dense")


def shared_name(name: str) -> str:
    """Return the name of the range of a product: one for query, key and value."""
    before, _, last = name.rpartition(".")
    return before if last in ("query", "key", "value") else name


def whole_number_dense(ranges: Ranges) -> Dense:
    """Return what makes products in whole numbers where their ranges are given, else in floats."""

    def dense(rows: Any, weights: Weights, name: str) -> Any:
        taken = ranges.get(shared_name(name))
        if taken is None:
            return exact_dense(rows, weights, name)
        numbers, step = whole_numbers(np.asarray(weights[f"{name}.weight"]) * taken.divisors)
        stored = ops.multiply(ops.convert(ops.constant(numbers), "f32"), ops.constant(step))
        steps = _steps(ops.multiply(rows, ops.constant(1 / taken.divisors)), taken)
        product = ops.matmul(steps, stored, False, True)
        bias = np.asarray(weights[f"{name}.bias"], np.float32)
        return ops.add(product, ops.constant(bias))

    return dense


def whole_numbers(weights: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Return weights (outputs, inputs) as whole numbers, and the step of each output (outputs, 1)."""
    step = np.maximum(np.abs(weights).max(axis=1, keepdims=True), 1e-9) / _MOST
    return np.rint(weights / step).astype(np.int8), step.astype(np.float32)


def _steps(rows: Any, taken: InputRange) -> Any:
    # Nought is one of the steps: padding stays nought.
    step = (max(taken.high, 0.0) - min(taken.low, 0.0)) / _STEPS
    below = round(-min(taken.low, 0.0) / step)
    low, high = (_scalar(step * end) for end in (-below, _STEPS - below))
    return ops.fake_quantize(rows, low, high, low, high, _STEPS + 1)


def _scalar(value: float) -> Any:
    return ops.constant(np.full((1, 1, 1), value, np.float32))
