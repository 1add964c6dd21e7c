"""Texts to vectors: what an encoder is, the default one (MiniLM-L6-v2), and how to get another."""

import os
import shutil
from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Protocol

import openvino as ov
from tokenizers import Tokenizer

from themeloom.domain.encoders import MINILM, WORDS, folder_of, read_by
from themeloom.domain.errors import SynthesisError
from themeloom.engine.graph_encoder import Done, GraphEncoder, Vectors, compile_graph
from themeloom.engine.minilm_graph import GRAPH_VERSION, discard_graph, graph_path, model_folder
from themeloom.engine.processor import prefers_whole_numbers

#: Tokens after which the reference model cuts a text.
MAX_TOKENS = 256
#: So many fits of the word encoder keep their vectors in a project's store.
_FITS_KEPT = 3


class Encoder(Protocol):
    """Turns texts into vectors whose cosine tells how alike their meanings are."""

    @property
    def id(self) -> str:
        """Name and version: vectors of different ids are never mixed."""
        ...

    @property
    def width(self) -> int:
        """Number of dimensions."""
        ...

    @property
    def languages(self) -> frozenset[str] | None:
        """The languages that it reads (ISO 639-1); None: any."""
        ...

    def encode(self, texts: Sequence[str], done: Done | None = None) -> Vectors:
        """Return one unit vector per text: float32 of shape (len(texts), width)."""
        ...


def encoder_for(name: str, texts: Sequence[str], store: Path | None = None) -> Encoder:
    """Return the encoder called ``name`` for a corpus; only the one without a model looks at it.

    Args:
        name: see ``domain.encoders``.
        texts: distinct texts of the corpus, in an order that does not depend on their rows.
        store: the derived store; vectors of older fits of the word encoder are removed from it.

    Raises:
        SynthesisError: there is none of that name, or its files are missing or unfit.
    """
    if name != WORDS:
        return open_encoder(name)
    from themeloom.engine.word_encoder import fit_words  # brings scikit-learn

    encoder = fit_words(tuple(texts))
    if store is not None:
        _forget_old_fits(store, encoder.id)
    return encoder


@cache
def open_encoder(name: str) -> Encoder:
    """Return the model called ``name``, the same one every time: it stays warm.

    Raises:
        SynthesisError: there is none of that name, or its files are missing or unfit.
    """
    if name == MINILM:
        return MiniLM()
    folder = folder_of(name)
    if folder is not None:
        from themeloom.engine.local_encoder import LocalEncoder

        return LocalEncoder(folder)
    raise SynthesisError(
        f"There is no encoder called {name}.", hint=f"Use {MINILM}, or the folder of a model."
    )


class MiniLM(GraphEncoder):
    """all-MiniLM-L6-v2 (English), without torch: exact, or mostly in whole numbers where faster.

    The graph is compiled at the first text. The exact one has the precision that OpenVINO holds
    best for the processor: cosine to the float32 reference is at least 0.9999 with bfloat16.
    Products in whole numbers keep it at 0.998 or more on average (see ``quantising``).
    """

    languages: frozenset[str] | None = frozenset(read_by(MINILM) or ())

    def __init__(self, *, quantised: bool | None = None) -> None:
        """Choose the graph; None: the one that is made for this processor."""
        self._asked = quantised

    @cached_property
    def quantised(self) -> bool:
        """Whether most products are in whole numbers."""
        return prefers_whole_numbers() if self._asked is None else self._asked

    @property
    def id(self) -> str:
        """Name and version; vectors of the two graphs are never mixed."""
        return f"minilm-l6-v2-mixed-g{GRAPH_VERSION}" if self.quantised else "minilm-l6-v2"

    @property
    def width(self) -> int:
        """Number of dimensions."""
        return 384

    @cached_property
    def tokenizer(self) -> Any:
        """The tokenizer, cutting texts where the reference model does, without padding."""
        # Must be set before the first batch; our own threads already use the cores.
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
        tokenizer: Any = Tokenizer.from_file(str(model_folder() / "tokenizer.json"))
        tokenizer.no_padding()  # the shipped file pads every text to 128 tokens
        tokenizer.enable_truncation(MAX_TOKENS)
        return tokenizer

    @cached_property
    def compiled(self) -> ov.CompiledModel:
        """The graph, ready to run."""
        try:
            return self._compile()
        except RuntimeError:
            # The cached file is damaged: it can be made again.
            discard_graph()
            return self._compile()

    def _compile(self) -> ov.CompiledModel:
        core: Any = ov.Core()
        model = core.read_model(graph_path(quantised=self.quantised))
        # Attention made of single operators is faster where the number of tokens is no multiple of
        # 16.
        own = {"SNIPPETS_MODE": "DISABLE"} if self.quantised else {}
        return compile_graph(core, model, own)


def _forget_old_fits(store: Path, kept: str) -> None:
    folders = [path for path in store.glob(f"vectors-{WORDS}-*") if path.name != f"vectors-{kept}"]
    folders.sort(key=lambda path: path.stat().st_mtime_ns)
    for folder in folders[: max(0, len(folders) + 1 - _FITS_KEPT)]:
        shutil.rmtree(folder, ignore_errors=True)
