"""The encoder's products in 8-bit whole numbers: for processors with instructions made for them.

Ranges of what goes into each product were taken from the sample's texts once
(``packaging/calibrate_encoder.py``), after Xiao et al. 2023 (SmoothQuant): channels that reach far
are divided by a number that their weights are multiplied with. Weights are whole numbers from -127
to 127 for each output, activations 256 steps between the calibrated ends (Jacob et al. 2018).

What goes into the second product of a feed-forward part (behind GELU) reaches far to one side in a
few channels: these stay in floats (after Dettmers et al. 2022, LLM.int8()). Mean cosine to the
exact vectors on banking77, by how many of 1,536: one 0.9987, 16 0.9992, 128 0.9993, all 0.9995;
all of them in floats cost a fifth of all time.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from themeloom.base.paths import resource
from themeloom.engine.transformer_graph import Products, Step, Weights, ops

Floats = NDArray[np.float32]
Channels = NDArray[np.intp]

_STEPS = 255
_MOST = 127


def _none() -> Channels:
    return np.array([], np.intp)


@dataclass(frozen=True)
class InputRange:
    """What goes into a product.

    Attributes:
        low, high: after the division, of all channels but those in ``floats``.
        divisors: float32 (channels,); None: channels are not divided.
        floats: numbers of channels that are multiplied in floats, ascending.
    """

    low: float
    high: float
    divisors: Floats | None
    floats: Channels = field(default_factory=_none)


Ranges = Mapping[str, InputRange]


def kept_ranges() -> Ranges:
    """Return the calibrated ranges of MiniLM-L6-v2 by the names of its products.

    Query and key of a layer read the same and share a range, called after the layer's attention.
    """
    text = resource("encoder", "minilm-l6-v2-ranges.json").read_text(encoding="utf-8")
    kept = cast(dict[str, dict[str, Any]], json.loads(text))
    return {
        name: InputRange(
            one["low"],
            one["high"],
            np.array(one["divisors"], np.float32) if "divisors" in one else None,
            np.array(one.get("floats", []), np.intp),
        )
        for name, one in kept.items()
    }


def shared_name(name: str) -> str:
    """Return the name of the range of a product: one for query and key."""
    before, _, last = name.rpartition(".")
    return before if last in ("query", "key") else name


class WholeNumbers(Products):
    """Products in whole numbers."""

    def __init__(self, ranges: Ranges) -> None:
        """Take the range of every product.

        Args:
            ranges: by ``shared_name``.
        """
        self._ranges = ranges

    def dense(self, rows: Any, weights: Weights, name: str) -> Any:
        """Return ``rows`` times the weights called ``name``, plus their bias."""
        table, bias = _of(weights, name)
        taken = self._ranges[shared_name(name)]
        return _product(_steps(rows, taken), table, taken.divisors, bias)

    def feed_forward(
        self, rows: Any, weights: Weights, first: str, second: str, activation: Step
    ) -> Any:
        """Return the product called ``second`` of what ``activation`` makes of ``first``'s.

        The first product is made in two parts, so that the channels that stay in floats stand
        together.
        """
        table, bias = _of(weights, first)
        then, last_bias = _of(weights, second)
        taken = self._ranges[second]
        rest = np.setdiff1d(np.arange(len(table)), taken.floats)
        before = self._ranges[shared_name(first)]
        steps = _steps(rows, before)

        def part(channels: Channels) -> Any:
            return activation(_product(steps, table[channels], before.divisors, bias[channels]))

        whole = _product(_steps(part(rest), taken), then[:, rest], taken.divisors, last_bias)
        exact = ops.constant(np.ascontiguousarray(then[:, taken.floats]))
        return ops.add(whole, ops.matmul(part(taken.floats), exact, False, True))


def whole_numbers(weights: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Return weights (outputs, inputs) as whole numbers, and the step of each output (outputs, 1)."""
    step = np.maximum(np.abs(weights).max(axis=1, keepdims=True), 1e-9) / _MOST
    return np.rint(weights / step).astype(np.int8), step.astype(np.float32)


def _of(weights: Weights, name: str) -> tuple[Floats, Floats]:
    table, bias = weights[f"{name}.weight"], weights[f"{name}.bias"]
    return np.asarray(table, np.float32), np.asarray(bias, np.float32)


def _product(steps: Any, table: Floats, divisors: Floats | None, bias: Floats) -> Any:
    numbers, step = whole_numbers(table if divisors is None else table * divisors)
    stored = ops.multiply(ops.convert(ops.constant(numbers), "f32"), ops.constant(step))
    return ops.add(ops.matmul(steps, stored, False, True), ops.constant(bias))


def _steps(rows: Any, taken: InputRange) -> Any:
    if taken.divisors is not None:
        rows = ops.multiply(rows, ops.constant(1 / taken.divisors))
    # Nought is one of the steps: padding stays nought.
    step = (max(taken.high, 0.0) - min(taken.low, 0.0)) / _STEPS
    below = round(-min(taken.low, 0.0) / step)
    low, high = (_scalar(step * end) for end in (-below, _STEPS - below))
    return ops.fake_quantize(rows, low, high, low, high, _STEPS + 1)


def _scalar(value: float) -> Any:
    return ops.constant(np.full((1, 1, 1), value, np.float32))
