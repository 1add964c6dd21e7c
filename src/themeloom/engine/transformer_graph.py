"""Sentence encoders as OpenVINO graphs, put together by hand from their weights.

No torch, no ONNX: BERT (Devlin et al. 2018), XLM-RoBERTa (Conneau et al. 2020) and MPNet (Song et
al. 2020) differ in where positions start, in names, and in MPNet's bias by distance. On top come
pooling and L2 normalisation (Reimers & Gurevych 2019).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino import opset15

Weights = Mapping[str, NDArray[Any]]
#: Makes rows of rows, one by one.
Step = Callable[[Any], Any]
#: OpenVINO's operators; the package declares no types for them.
ops: Any = opset15

#: Activations by their names in ``config.json``, as OpenVINO's approximation of GELU; "" is ReLU.
ACTIVATIONS = {"gelu": "ERF", "gelu_new": "TANH", "gelu_pytorch_tanh": "TANH", "relu": ""}
MEAN, FIRST = "mean", "first"


@dataclass(frozen=True)
class Names:
    """What a family calls its weights, below ``encoder.layer.N.``."""

    query: str = "attention.self.query"
    key: str = "attention.self.key"
    value: str = "attention.self.value"
    mixed: str = "attention.output.dense"
    mixed_norm: str = "attention.output.LayerNorm"


BERT = Names()
MPNET = Names(
    query="attention.attn.q",
    key="attention.attn.k",
    value="attention.attn.v",
    mixed="attention.attn.o",
    mixed_norm="attention.LayerNorm",
)


@dataclass(frozen=True)
class Architecture:
    """The numbers of a model.

    Attributes:
        layers: of the encoder.
        heads: of attention.
        epsilon: of layer normalisation.
        activation: one of ``ACTIVATIONS``.
        first_position: row of the position table that the first token takes.
        longest: tokens that a text may have.
        pooling: ``MEAN`` of the tokens, or the ``FIRST`` one.
        names: of the weights.
    """

    layers: int
    heads: int
    epsilon: float = 1e-12
    activation: str = "gelu"
    first_position: int = 0
    longest: int = 512
    pooling: str = MEAN
    names: Names = BERT


class Products:
    """How a graph multiplies rows with weights: here in floats, as the model was made."""

    def dense(self, rows: Any, weights: Weights, name: str) -> Any:
        """Return ``rows`` times the weights called ``name``, plus their bias."""
        product = ops.matmul(rows, _const(weights[f"{name}.weight"]), False, True)
        return ops.add(product, _const(weights[f"{name}.bias"]))

    def feed_forward(
        self, rows: Any, weights: Weights, first: str, second: str, activation: Step
    ) -> Any:
        """Return the product called ``second`` of what ``activation`` makes of ``first``'s."""
        return self.dense(activation(self.dense(rows, weights, first)), weights, second)


_EXACT = Products()


def build(
    weights: Weights, architecture: Architecture, name: str, products: Products = _EXACT
) -> ov.Model:
    """Return the encoder as a model: token ids and mask in, unit vectors out.

    Inputs ``ids`` and ``mask`` are int32 of shape (texts, tokens), mask 1 for real tokens, which
    come first; the output is float32 of shape (texts, width), rows of length 1.

    Raises:
        KeyError: a weight is missing.
    """
    ids, mask = parameters()
    real = ops.convert(mask, "f32")
    hidden = _embeddings(ids, weights, architecture)
    keep = _attention_mask(ids, real, weights, architecture)
    for layer in range(architecture.layers):
        hidden = _layer(hidden, keep, weights, architecture, f"encoder.layer.{layer}", products)
    return unit_model(ids, mask, pooled(hidden, mask, architecture.pooling), name)


def parameters() -> tuple[Any, Any]:
    """Return the inputs of an encoder: ids and mask."""
    return (
        ops.parameter([-1, -1], np.int32, name="ids"),
        ops.parameter([-1, -1], np.int32, name="mask"),
    )


def pooled(hidden: Any, mask: Any, pooling: str) -> Any:
    """Return one row per text of ``hidden`` (texts, tokens, width): see ``Architecture``."""
    if pooling == FIRST:
        return ops.gather(hidden, _int(0), _int(1))
    weight = ops.unsqueeze(ops.convert(mask, "f32"), _ints(2))
    total = ops.reduce_sum(ops.multiply(hidden, weight), _ints(1))
    count = ops.maximum(ops.reduce_sum(weight, _ints(1)), _const(np.float32(1e-9)))
    return ops.divide(total, count)


def unit_model(ids: Any, mask: Any, rows: Any, name: str) -> ov.Model:
    """Return the model whose output is ``rows``, each brought to length 1."""
    model: Any = ov.Model
    return model([ops.normalize_l2(rows, _ints(1), 1e-12, "max")], [ids, mask], name)


def _embeddings(ids: Any, weights: Weights, architecture: Architecture) -> Any:
    words = ops.gather(_const(weights["embeddings.word_embeddings.weight"]), ids, _int(0))
    first = architecture.first_position
    positions = np.asarray(weights["embeddings.position_embeddings.weight"], np.float32)[first:]
    kinds = weights.get("embeddings.token_type_embeddings.weight")
    if kinds is not None:
        # One kind of token only: its type vector is added to the positions once, here.
        positions = positions + np.asarray(kinds, np.float32)[0]
    taken = ops.slice(_const(positions), _ints(0), _length(ids), _ints(1), _ints(0))
    return _layer_norm(ops.add(words, taken), weights, architecture, "embeddings.LayerNorm")


def _length(ids: Any) -> Any:
    return ops.gather(ops.shape_of(ids, "i32"), _ints(1), _int(0))


def _attention_mask(ids: Any, real: Any, weights: Weights, architecture: Architecture) -> Any:
    blocked = ops.multiply(ops.subtract(_const(np.float32(1)), real), _const(np.float32(-1e9)))
    blocked = ops.unsqueeze(blocked, _ints(1, 2))
    table = weights.get("encoder.relative_attention_bias.weight")
    if table is None:
        return blocked
    bias = _const(distance_bias(np.asarray(table, np.float32), architecture.longest))
    length = _length(ids)
    for axis in (2, 3):
        bias = ops.slice(bias, _ints(0), length, _ints(1), _ints(axis))
    return ops.add(blocked, bias)


def distance_bias(table: NDArray[np.float32], longest: int) -> NDArray[np.float32]:
    """Return MPNet's bias of attention by distance: float32 (1, heads, longest, longest).

    ``table`` is (buckets, heads); half of the buckets are for what comes later, and in each half
    distances share a bucket the more, the farther they are, up to 128 (Raffel et al. 2020).
    """
    half = len(table) // 2
    exact = half // 2
    distance = np.arange(longest)[None, :] - np.arange(longest)[:, None]
    far = np.abs(distance)
    with np.errstate(divide="ignore"):
        scale = np.log(far / exact) / np.log(128 / exact) * (half - exact)
    wide = np.minimum(exact + np.maximum(scale, 0).astype(np.int64), half - 1)
    bucket = np.where(far < exact, far, wide) + np.where(distance > 0, half, 0)
    return np.ascontiguousarray(table[bucket].transpose(2, 0, 1)[None])


def _layer(
    hidden: Any,
    keep: Any,
    weights: Weights,
    architecture: Architecture,
    name: str,
    products: Products,
) -> Any:
    names = architecture.names
    query, key, value = (
        _heads(products.dense(hidden, weights, f"{name}.{part}"), weights, architecture, name)
        for part in (names.query, names.key, names.value)
    )
    rows = ops.transpose(_attention(query, key, value, keep), _ints(0, 2, 1, 3))
    width = _width(weights, architecture, name)
    rows = ops.reshape(rows, _ints(0, 0, width), special_zero=True)
    attended = _layer_norm(
        ops.add(products.dense(rows, weights, f"{name}.{names.mixed}"), hidden),
        weights,
        architecture,
        f"{name}.{names.mixed_norm}",
    )
    fed = products.feed_forward(
        attended,
        weights,
        f"{name}.intermediate.dense",
        f"{name}.output.dense",
        _activation(architecture),
    )
    return _layer_norm(ops.add(fed, attended), weights, architecture, f"{name}.output.LayerNorm")


def _attention(query: Any, key: Any, value: Any, keep: Any) -> Any:
    """Return the mixture of values; all are of shape (texts, heads, tokens, width of a head).

    By single operators: OpenVINO's own one for attention turns the keys over in memory first, which
    costs short texts 3 % of all time.
    """
    each = int(query.get_output_partial_shape(0)[3].get_length())
    likeness = ops.multiply(
        ops.matmul(query, key, False, True), _const(np.full((1, 1, 1, 1), each**-0.5))
    )
    return ops.matmul(ops.softmax(ops.add(likeness, keep), 3), value, False, False)


def _activation(architecture: Architecture) -> Step:
    approximation = ACTIVATIONS[architecture.activation]
    if not approximation:
        return lambda rows: ops.relu(rows)
    return lambda rows: ops.gelu(rows, approximation)


def _width(weights: Weights, architecture: Architecture, name: str) -> int:
    return len(weights[f"{name}.{architecture.names.query}.weight"])


def _heads(rows: Any, weights: Weights, architecture: Architecture, name: str) -> Any:
    each = _width(weights, architecture, name) // architecture.heads
    split = ops.reshape(rows, _ints(0, 0, architecture.heads, each), special_zero=True)
    return ops.transpose(split, _ints(0, 2, 1, 3))


def _layer_norm(rows: Any, weights: Weights, architecture: Architecture, name: str) -> Any:
    centred = ops.mvn(rows, _ints(2), True, architecture.epsilon, "inside_sqrt")
    scaled = ops.multiply(centred, _const(weights[f"{name}.weight"]))
    return ops.add(scaled, _const(weights[f"{name}.bias"]))


def _const(value: Any) -> Any:
    return ops.constant(np.asarray(value, np.float32))


def _ints(*values: int) -> Any:
    return ops.constant(np.asarray(values, np.int32))


def _int(value: int) -> Any:
    return ops.constant(np.asarray(value, np.int32))
