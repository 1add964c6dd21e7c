"""Tiny language models with random weights, written by the tests as people have them on disk."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import numpy as safetensors
from tokenizers import Tokenizer, models, pre_tokenizers, processors

WIDTH, HEADS, LAYERS, INNER, PLACES = 24, 4, 2, 48, 40
WORDS = "slow late app parcel login price the is was my very".split()
TEXTS = ["slow app", "my parcel was very late", "the login " * 12 + "price", "unheard of"]
Weights = dict[str, NDArray[np.float32]]


def write_model(folder: Path, family: str, *, pooling: str = "mean_tokens") -> Weights:
    """Write a model of ``family`` (bert, xlm-roberta, mpnet) to ``folder``; return its weights."""
    folder.mkdir(parents=True)
    padding = 0 if family == "bert" else 1
    weights = _weights(family)
    before = {"bert": "bert.", "xlm-roberta": "roberta.", "mpnet": ""}[family]
    package: Any = safetensors
    package.save_file(
        {before + name: value for name, value in weights.items()}, folder / "model.safetensors"
    )
    config = {
        "model_type": family,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "hidden_size": WIDTH,
        "intermediate_size": INNER,
        "hidden_act": "gelu",
        "layer_norm_eps": 1e-5,
        "max_position_embeddings": PLACES,
        "pad_token_id": padding,
        "vocab_size": len(WORDS) + 4,
        "type_vocab_size": 2 if family == "bert" else 1,
        "relative_attention_num_buckets": 32,
    }
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({f"pooling_mode_{pooling}": True}))
    write_tokenizer(folder / "tokenizer.json")
    return weights


def write_tokenizer(path: Path, words: Sequence[str] = WORDS) -> None:
    vocabulary = {word: n for n, word in enumerate(["<s>", "<pad>", "</s>", "<unk>", *words])}
    tokenizer: Any = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.save(str(path))


def expected(weights: Weights, family: str, ids: list[int], pooling: str) -> NDArray[np.float64]:
    """Return the vector of one text, worked out step by step from the papers."""
    first = 0 if family == "bert" else 2
    rows = weights["embeddings.word_embeddings.weight"][ids].astype(np.float64)
    rows += weights["embeddings.position_embeddings.weight"][first : first + len(ids)]
    if family != "mpnet":
        rows += weights["embeddings.token_type_embeddings.weight"][0]
    rows = _norm(rows, weights, "embeddings.LayerNorm")
    mpnet = family == "mpnet"
    query, key, value, out, norm = (
        ("attn.q", "attn.k", "attn.v", "attn.o", "LayerNorm")
        if mpnet
        else ("self.query", "self.key", "self.value", "output.dense", "output.LayerNorm")
    )
    bias = np.zeros((HEADS, len(ids), len(ids)))
    if mpnet:
        table = weights["encoder.relative_attention_bias.weight"]
        for here in range(len(ids)):
            for there in range(len(ids)):
                bias[:, here, there] = table[_bucket(here - there)]
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        q, k, v = (
            _dense(rows, weights, f"{name}.attention.{part}")
            .reshape(len(ids), HEADS, -1)
            .transpose(1, 0, 2)
            for part in (query, key, value)
        )
        scores = q @ k.transpose(0, 2, 1) / np.sqrt(WIDTH / HEADS) + bias
        share = np.exp(scores - scores.max(axis=-1, keepdims=True))
        share /= share.sum(axis=-1, keepdims=True)
        mixed = (share @ v).transpose(1, 0, 2).reshape(len(ids), WIDTH)
        attended = _dense(mixed, weights, f"{name}.attention.{out}") + rows
        rows = _norm(attended, weights, f"{name}.attention.{norm}")
        wide = _gelu(_dense(rows, weights, f"{name}.intermediate.dense"))
        rows = _norm(
            _dense(wide, weights, f"{name}.output.dense") + rows,
            weights,
            f"{name}.output.LayerNorm",
        )
    vector = rows[0] if pooling == "cls_token" else rows.mean(axis=0)
    return vector / np.linalg.norm(vector)


def _bucket(back: int) -> int:
    """Return the bucket of a token ``back`` places before: MPNet's 32, as in T5."""
    offset, far = (16, -back) if back < 0 else (0, back)
    if far < 8:
        return offset + far
    return offset + min(15, 8 + int(np.log(far / 8) / np.log(128 / 8) * 8))


def _weights(family: str) -> Weights:
    random = np.random.default_rng(7)

    def some(*shape: int) -> NDArray[np.float32]:
        return random.normal(0, 0.3, shape).astype(np.float32)

    made: Weights = {
        "embeddings.word_embeddings.weight": some(len(WORDS) + 4, WIDTH),
        "embeddings.position_embeddings.weight": some(PLACES, WIDTH),
    }
    if family != "mpnet":
        made["embeddings.token_type_embeddings.weight"] = some(2, WIDTH)
    else:
        made["encoder.relative_attention_bias.weight"] = some(32, HEADS)
    parts = (
        ("attn.q", "attn.k", "attn.v", "attn.o")
        if family == "mpnet"
        else ("self.query", "self.key", "self.value", "output.dense")
    )
    norms = ["embeddings.LayerNorm"]
    dense: list[tuple[str, int, int]] = []
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        dense += [(f"{name}.attention.{part}", WIDTH, WIDTH) for part in parts]
        dense += [
            (f"{name}.intermediate.dense", INNER, WIDTH),
            (f"{name}.output.dense", WIDTH, INNER),
        ]
        attention = "LayerNorm" if family == "mpnet" else "output.LayerNorm"
        norms += [f"{name}.attention.{attention}", f"{name}.output.LayerNorm"]
    for name, rows, columns in dense:
        made[f"{name}.weight"], made[f"{name}.bias"] = some(rows, columns), some(rows)
    for name in norms:
        made[f"{name}.weight"], made[f"{name}.bias"] = 1 + some(WIDTH), some(WIDTH)
    return made


def _dense(rows: NDArray[np.float64], weights: Weights, name: str) -> NDArray[np.float64]:
    return rows @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def _norm(rows: NDArray[np.float64], weights: Weights, name: str) -> NDArray[np.float64]:
    centred = rows - rows.mean(axis=-1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-5)
    return scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def _gelu(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    from scipy.special import erf

    return rows * 0.5 * (1 + erf(rows / np.sqrt(2)))
