"""A sentence encoder from a folder of the person's: safetensors or ONNX, nothing is downloaded."""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import numpy as np
import openvino as ov
from openvino import opset15
from safetensors import SafetensorError, safe_open
from tokenizers import Tokenizer

from themeloom.domain.errors import SynthesisError
from themeloom.engine.graph_encoder import Done, GraphEncoder, Vectors, compile_graph
from themeloom.engine.transformer_graph import (
    ACTIVATIONS,
    BERT,
    FIRST,
    MEAN,
    MPNET,
    Architecture,
    build,
    parameters,
    pooled,
    unit_model,
)

#: Raise it whenever the same folder would give other vectors.
VERSION = 1
_LONGEST = 512
_FAMILIES = {"bert": "BERT", "xlm-roberta": "XLM-R", "roberta": "RoBERTa", "mpnet": "MPNet"}
_FROM_PADDING = {"xlm-roberta", "roberta", "mpnet"}  # positions start after the padding's number
_ONNX = ("model.onnx", "onnx/model.onnx")
_WORDS = "embeddings.word_embeddings.weight"
_DENSE = "sentence_transformers.models.Dense"
_ANOTHER = "Choose the folder of another model."
#: OpenVINO's operators; the package declares no types for them.
ops: Any = opset15


@dataclass(frozen=True)
class ModelFolder:
    """What a folder says about its model.

    Attributes:
        path: the folder.
        family: "bert", "xlm-roberta", "roberta" or "mpnet"; with ONNX any.
        weights: ``*.safetensors`` or ``*.onnx``.
        config: of the model, as in ``config.json``.
        pooling: how tokens become one vector.
        longest: tokens after which a text is cut.
        prompt: what the model wants to read before each text.
    """

    path: Path
    family: str
    weights: Path
    config: dict[str, Any]
    pooling: str
    longest: int
    prompt: str

    @property
    def onnx(self) -> bool:
        """Whether the weights are a ready graph."""
        return self.weights.suffix == ".onnx"

    @property
    def first_position(self) -> int:
        """Row of the position table that the first token takes."""
        return int(self.config.get("pad_token_id") or 0) + 1 if self.family in _FROM_PADDING else 0

    @property
    def kind(self) -> str:
        """The family and the format, for people."""
        family = _FAMILIES.get(self.family, self.family or "unknown family")
        return f"{family}, {'ONNX' if self.onnx else 'safetensors'}"


def read_folder(path: Path) -> ModelFolder:
    """Return what is in a model's folder.

    Raises:
        SynthesisError: something is missing, or the model is of a kind that cannot be read.
    """
    if not path.is_dir():
        raise _unfit(path, "The folder of the language model is not there.", "Choose it again.")
    if not (path / "tokenizer.json").is_file():
        raise _unfit(
            path,
            "tokenizer.json is missing, so texts cannot be taken apart as the model needs it.",
            "Save the model together with its fast tokenizer.",
        )
    config = _config(path)
    weights = _weights(path)
    family = str(config.get("model_type", ""))
    if weights.suffix != ".onnx":
        _require_known(path, family, config)
    if _DENSE in _text(path / "modules.json"):
        raise _unfit(path, "The model has a layer after pooling that cannot be read.", _ANOTHER)
    return ModelFolder(
        path,
        family,
        weights,
        config,
        _pooling(path),
        _longest(path, family, config),
        _prompt(path),
    )


class LocalEncoder(GraphEncoder):
    """The model of a folder; read at once, compiled at the first text."""

    def __init__(self, path: Path) -> None:
        """Read what the folder says, and the weights' print.

        Raises:
            SynthesisError: something is missing or cannot be read.
        """
        self.folder = read_folder(path)
        self._id = f"local-{_print_of(self.folder)}"

    @property
    def id(self) -> str:
        """A print of everything that the vectors depend on."""
        return self._id

    @property
    def width(self) -> int:
        """Number of dimensions."""
        return int(self.compiled.output(0).partial_shape[1].get_length())

    @property
    def languages(self) -> frozenset[str] | None:
        """The languages that it was seen to read, by trying."""
        return self._languages

    @cached_property
    def _languages(self) -> frozenset[str]:
        from themeloom.engine.encoder_check import languages_of

        return languages_of(self)

    def encode(self, texts: Sequence[str], done: Done | None = None) -> Vectors:
        """Return unit vectors, float32 of shape (len(texts), width); long texts are cut."""
        prompt = self.folder.prompt
        return super().encode([prompt + text for text in texts] if prompt else texts, done)

    @cached_property
    def tokenizer(self) -> Any:
        """The tokenizer, cutting texts where the model does, without padding."""
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
        try:
            made: Any = Tokenizer.from_file(str(self.folder.path / "tokenizer.json"))
        except Exception as error:
            raise _unfit(
                self.folder.path, "tokenizer.json cannot be read.", "Save the model anew."
            ) from error
        made.no_padding()
        made.enable_truncation(self.folder.longest)
        return made

    @cached_property
    def compiled(self) -> ov.CompiledModel:
        """The graph, ready to run.

        Raises:
            SynthesisError: the weights do not make the model that ``config.json`` describes.
        """
        core: Any = ov.Core()
        try:
            model = _from_onnx(core, self.folder) if self.folder.onnx else self._from_weights()
            compiled = compile_graph(core, model)
        except (KeyError, IndexError, ValueError, RuntimeError, SafetensorError) as error:
            raise _unfit(
                self.folder.path,
                f"{self.folder.weights.name} cannot be read as the model that config.json names"
                f" ({_FAMILIES.get(self.folder.family, self.folder.family)}).",
                "The file may be damaged or incomplete. Copy the folder anew, or choose another.",
            ) from error
        return compiled

    def _from_weights(self) -> ov.Model:
        folder, config = self.folder, self.folder.config
        weights = _load(folder)
        words = len(weights[_WORDS])
        if self.tokenizer.get_vocab_size(with_added_tokens=True) > words:
            raise _unfit(
                folder.path,
                "tokenizer.json and the weights do not belong together.",
                "Copy all files of the model from one place.",
            )
        architecture = Architecture(
            layers=int(config["num_hidden_layers"]),
            heads=int(config["num_attention_heads"]),
            epsilon=float(config.get("layer_norm_eps", 1e-12)),
            activation=str(config.get("hidden_act", "gelu")),
            first_position=folder.first_position,
            longest=folder.longest,
            pooling=folder.pooling,
            names=MPNET if folder.family == "mpnet" else BERT,
        )
        return build(weights, architecture, folder.family)


def _require_known(path: Path, family: str, config: dict[str, Any]) -> None:
    if family not in _FAMILIES:
        raise _unfit(
            path,
            f"Models of the kind “{family or 'unknown'}” cannot be read from their weights.",
            f"{', '.join(_FAMILIES.values())} can, and any kind that is saved as ONNX.",
        )
    activation = config.get("hidden_act", "gelu")
    if activation not in ACTIVATIONS or config.get("position_embedding_type", "absolute") not in (
        "absolute",
        None,
    ):
        raise _unfit(
            path,
            "The model is built in an unusual way that cannot be read from its weights.",
            "Save it as ONNX.",
        )


def _weights(path: Path) -> Path:
    named = [path / "model.safetensors", *(path / name for name in _ONNX)]
    found = next((file for file in named if file.is_file()), None)
    others = sorted([*path.glob("*.onnx"), *path.glob("onnx/*.onnx")])
    if found is None and others:
        found = others[0]
    if found is not None:
        return found
    if (path / "model.safetensors.index.json").is_file():
        raise _unfit(
            path, "The weights are cut into several files; only small models work here.", _ANOTHER
        )
    saved = (path / "pytorch_model.bin").is_file()
    raise _unfit(
        path,
        "There is no model.safetensors and no model.onnx"
        + (", only pytorch_model.bin, which may run programs when it is opened." if saved else "."),
        "Save the model as safetensors or ONNX.",
    )


def _pooling(path: Path) -> str:
    said = _said(path / "1_Pooling" / "config.json")
    wanted = {key for key in said if key.startswith("pooling_mode_") and said[key] is True}
    if "pooling_mode" in said:  # as newer versions write it
        wanted = {f"pooling_mode_{said['pooling_mode']}"}
    if wanted in ({"pooling_mode_cls_token"}, {"pooling_mode_cls"}):
        return FIRST
    if wanted <= {"pooling_mode_mean_tokens", "pooling_mode_mean"}:
        return MEAN
    raise _unfit(path, "The model sums up its words in a way that cannot be read.", _ANOTHER)


def _longest(path: Path, family: str, config: dict[str, Any]) -> int:
    wanted = _said(path / "sentence_bert_config.json").get("max_seq_length")
    places = int(config.get("max_position_embeddings") or _LONGEST)
    if family in _FROM_PADDING:
        places -= int(config.get("pad_token_id") or 0) + 1
    return max(1, min(int(wanted or _LONGEST), places, _LONGEST))


def _prompt(path: Path) -> str:
    said = _said(path / "config_sentence_transformers.json")
    prompts: dict[str, Any] = said.get("prompts") or {}
    return str(prompts.get(str(said.get("default_prompt_name"))) or "")


def _load(folder: ModelFolder) -> dict[str, Any]:
    """Return the weights under their names without what comes before "embeddings." and "encoder."."""
    reader: Any = safe_open
    weights: dict[str, Any] = {}
    with reader(str(folder.weights), framework="numpy") as file:
        names: list[str] = list(file.keys())
        words = next((name for name in names if name.endswith(_WORDS)), None)
        if words is None:
            raise KeyError(_WORDS)
        before = words.removesuffix(_WORDS)
        for name in names:
            if name.startswith((f"{before}embeddings.", f"{before}encoder.")):
                try:
                    weights[name.removeprefix(before)] = file.get_tensor(name)
                except TypeError as error:  # bfloat16 and smaller: numpy has no such numbers
                    raise _unfit(
                        folder.path,
                        "The weights are stored in a number format that cannot be read.",
                        "Save the model as float32 or float16.",
                    ) from error
    return weights


def _from_onnx(core: Any, folder: ModelFolder) -> ov.Model:
    """Return the graph of an ONNX file with our inputs, pooling and length.

    What gives token vectors gets pooling; what gives sentence vectors stays as it is.
    """
    model: Any = core.read_model(str(folder.weights))
    ids, mask = parameters()
    wide_ids, wide_mask = ops.convert(ids, "i64"), ops.convert(mask, "i64")
    zeros = ops.broadcast(ops.constant(np.int64(0)), ops.shape_of(ids, "i64"))
    given = {"input_ids": wide_ids, "attention_mask": wide_mask, "token_type_ids": zeros}
    for parameter in model.get_parameters():
        names = parameter.output(0).get_names() | {parameter.get_friendly_name()}
        name = next((name for name in given if name in names), None)
        if name is None:
            raise ValueError(f"an input is called {sorted(names)}")
        kind = parameter.get_element_type().get_type_name()
        parameter.output(0).replace(ops.convert(given[name], kind).output(0))
    outputs = {name: output for output in model.outputs for name in output.get_names()}
    chosen = next(
        (
            outputs[name]
            for name in ("sentence_embedding", "token_embeddings", "last_hidden_state")
            if name in outputs
        ),
        model.outputs[0],
    )
    rows = chosen.get_node().input_value(0)
    rank = len(rows.get_partial_shape())
    if rank not in (2, 3):
        raise ValueError(f"an output has {rank} dimensions")
    if rank == 3:
        rows = pooled(rows, mask, folder.pooling)
    return unit_model(ids, mask, rows, folder.family or "onnx")


def _print_of(folder: ModelFolder) -> str:
    """Return a print of everything that the vectors of ``folder`` depend on."""
    told = f"{VERSION}\0{folder.pooling}\0{folder.longest}\0{folder.prompt}\0"
    digest = hashlib.blake2b(told.encode(), digest_size=8)
    files = [folder.path / "config.json", folder.path / "tokenizer.json", folder.weights]
    beside = [folder.weights.with_name(f"{folder.weights.name}{end}") for end in ("_data", ".data")]
    for path in [*files, *(path for path in beside if path.is_file())]:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _config(folder: Path) -> dict[str, Any]:
    said = _said(folder / "config.json")
    if not said:
        raise _unfit(
            folder,
            "config.json is missing or cannot be read.",
            "Choose the folder that holds config.json, tokenizer.json and the weights.",
        )
    return said


def _said(path: Path) -> dict[str, Any]:
    """Return what a JSON file says; nothing where it is missing, damaged or no object."""
    try:
        said = json.loads(_text(path))
    except ValueError:
        return {}
    return cast("dict[str, Any]", said) if isinstance(said, dict) else {}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def _unfit(folder: Path, message: str, hint: str) -> SynthesisError:
    return SynthesisError(message, file=folder.name, hint=hint)
