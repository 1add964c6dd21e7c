"""An encoder without a model: words and pieces of words, for any language and script.

Tf-idf of words, word pairs and letter sequences, brought down to few dimensions (latent semantic
analysis: Deerwester et al. 1990; randomised: Halko, Martinsson & Tropp 2011). What a piece of a
word weighs depends on the corpus, so each corpus has a fit, and vectors, of its own.
"""

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.utils import extmath

from themeloom.base.folding import fold
from themeloom.domain.encoders import WORDS
from themeloom.domain.errors import SynthesisError
from themeloom.engine.graph_encoder import Done, Vectors

#: Raise it whenever the same corpus would get other vectors.
VERSION = 1
#: Texts that the fit reads; the first ones of a corpus, which is ordered by content.
_MOST_TO_FIT = 10_000
_WIDTH = 128
_FEATURES = 30_000
_TEXTS_PER_STEP = 1024
_WORD_SHARE = 0.6  # of what two texts can have in common; the rest are letter sequences
#: Japanese, Chinese and Thai are written without spaces: letters there tell as much as words.
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_UNSPACED_SHARE = 0.3
_SCALE = 1e-6


class WordEncoder:
    """Compares texts by the words and letter sequences that they share."""

    languages: frozenset[str] | None = None

    def __init__(self, texts: Sequence[str]) -> None:
        """Learn from ``texts`` what is rare and what goes together.

        Raises:
            SynthesisError: there is not a letter in them.
        """
        sample = texts[:_MOST_TO_FIT]
        digest = hashlib.blake2b(f"{VERSION}\0".encode(), digest_size=8)
        for text in sample:
            digest.update(f"{text}\0".encode(errors="surrogatepass"))
        self._id = f"{WORDS}-{digest.hexdigest()}"
        rows = [_read(text) for text in sample]
        self._parts = _parts(rows)
        counts = self._fit(rows)
        self._axes = _axes(counts)

    @property
    def id(self) -> str:
        """Name, and which corpus it was fitted on."""
        return self._id

    @property
    def width(self) -> int:
        """Number of dimensions."""
        return self._axes.shape[1]

    def encode(self, texts: Sequence[str], done: Done | None = None) -> Vectors:
        """Return unit vectors, float32 of shape (len(texts), width)."""
        vectors = np.zeros((len(texts), self.width), np.float32)
        for start in range(0, len(texts), _TEXTS_PER_STEP):
            part = [_read(text) for text in texts[start : start + _TEXTS_PER_STEP]]
            counts = sparse.hstack([share * one.transform(part) for one, share in self._parts])
            rows = np.asarray(counts.tocsr() @ self._axes, np.float32)
            length = np.linalg.norm(rows, axis=1, keepdims=True)
            # What shares nothing with the corpus is alike to nothing, not to everything.
            rows[length[:, 0] < _SCALE] = 1.0 / np.sqrt(self.width)
            vectors[start : start + len(part)] = rows / np.maximum(
                np.linalg.norm(rows, axis=1, keepdims=True), _SCALE
            )
            if done:
                done(start + len(part))
        return vectors

    def _fit(self, rows: Sequence[str]) -> sparse.csr_array:
        counted: list[Any] = []
        fitted: list[tuple[Any, float]] = []
        for part, share in self._parts:
            try:
                counted.append(share * part.fit_transform(rows))
            except ValueError:  # nothing that two texts have in common
                continue
            fitted.append((part, share))
        if not fitted:
            raise SynthesisError(
                "These texts have no words in common, so they cannot be compared.",
                hint="Import more feedback, or choose another language model.",
            )
        self._parts = fitted
        return sparse.csr_array(sparse.hstack(counted))


@lru_cache(maxsize=2)
def fit_words(texts: tuple[str, ...]) -> WordEncoder:
    """Return the encoder fitted on ``texts``; the last ones are kept."""
    return WordEncoder(texts)


def _read(text: str) -> str:
    return fold(text)


def _parts(rows: Sequence[str]) -> list[tuple[Any, float]]:
    """Return what is counted, each with the square root of its share of a text's length."""
    letters = sum(map(len, rows)) or 1
    unspaced = sum(len(_UNSPACED.findall(row)) for row in rows) / letters > _UNSPACED_SHARE
    share = 0.0 if unspaced else _WORD_SHARE
    least = 2 if len(rows) < 5_000 else 3
    settings: dict[str, Any] = {
        "lowercase": False,
        "sublinear_tf": True,
        "min_df": least,
        "max_df": 0.3,
        "max_features": _FEATURES,
        "dtype": np.float32,
    }
    pieces = TfidfVectorizer(
        analyzer="char" if unspaced else "char_wb",
        ngram_range=(1, 3) if unspaced else (3, 5),
        **settings,
    )
    if not share:
        return [(pieces, 1.0)]
    words = TfidfVectorizer(token_pattern=r"(?u)\b\w\w+\b", ngram_range=(1, 2), **settings)
    return [(words, share**0.5), (pieces, (1.0 - share) ** 0.5)]


def _axes(counts: sparse.csr_array) -> NDArray[np.float32]:
    """Return the directions along which the texts differ most: float32 (features, width)."""
    width = max(1, min(_WIDTH, counts.shape[0] // 2, counts.shape[1] - 1))
    package: Any = extmath  # annotated wrongly there
    _, _, right = package.randomized_svd(counts, width, n_iter=2, random_state=0)
    return np.ascontiguousarray(right.T, np.float32)
