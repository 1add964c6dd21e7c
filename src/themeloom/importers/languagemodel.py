"""The language model of py3langid, asked about many texts at once.

The library walks each text byte by byte in Python, 0.1 ms for a short ticket. Here all texts of a
batch take the same step at once. Sums of 32-bit floats depend on their order: where an answer is
close enough to a border for that to matter, the library itself is asked.
"""

import threading
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import MODEL_FILE, LanguageIdentifier

#: Confidences at which callers decide; near them the library's own sums count.
BORDERS = (0.4, 0.5, 0.7, 0.9)

_NEAR = 1e-3  # the order of sums moves a confidence by less than a tenth of this
_BATCH = 1 << 18  # bytes that take their steps together: what is looked at stays in the cache
_TEXTS = 8_000  # and so many texts: with their features they are numbered in 32 bits


class LanguageModel:
    """Tells the language of texts among those that it was made for."""

    def __init__(self, languages: Sequence[str]) -> None:
        """Read the model: half a second. ``languages``: ISO 639-1 codes to choose from."""
        untyped: Any = LanguageIdentifier
        self._library = untyped.from_model_file(MODEL_FILE, norm_probs=True)
        self._library.set_languages(list(languages))
        self._steps = _steps_of(self._library)

    def classify(self, texts: Sequence[str]) -> list[tuple[str, float]]:
        """Return the likeliest language of each text and its probability, 0…1."""
        encoded = [_encode(text) for text in texts]
        order = sorted(range(len(encoded)), key=lambda at: len(encoded[at]))
        answers: list[tuple[str, float]] = [("", 0.0)] * len(texts)
        for batch in _batches(order, encoded):
            told = self._tell([encoded[at] for at in batch])
            for at, answer in zip(batch, told, strict=True):
                answers[at] = answer or self._library.classify(texts[at])
        return answers

    def _tell(self, encoded: Sequence[bytes]) -> list[tuple[str, float] | None]:
        """Return the answers for texts of similar length; None where only the library can tell."""
        steps = self._steps
        scores = _scores(steps, encoded)
        lengths = np.array([max(len(text), 1) for text in encoded], np.float32)
        scores /= np.sqrt(lengths)[:, None]
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        for first, second in steps.aliases:
            chances[:, first] += chances[:, second]
            chances[:, second] = 0
        best = chances.argmax(axis=1)
        ranked = np.sort(chances, axis=1)[:, -2:]
        unsure = ranked[:, 1] - ranked[:, 0] < _NEAR
        for border in BORDERS:
            unsure |= np.abs(ranked[:, 1] - border) < _NEAR
        return [
            None if doubt else (steps.languages[at], confidence)
            for at, confidence, doubt in zip(
                best.tolist(), ranked[:, 1].tolist(), unsure.tolist(), strict=True
            )
        ]


@dataclass(frozen=True, slots=True)
class _Steps:
    """The model as arrays.

    Attributes:
        moves: the next state by ``rows[state] + byte``.
        rows: where a state's moves begin.
        features: the feature that a state stands for, -1 for none.
        weights: (languages, features) float32.
        prior: (languages,) float32.
        languages: their codes.
        aliases: pairs of columns that are one language.
    """

    moves: NDArray[np.uint32]
    rows: NDArray[np.int64]
    features: NDArray[np.int32]
    weights: NDArray[np.float32]
    prior: NDArray[np.float32]
    languages: list[str]
    aliases: list[tuple[int, int]]


def _steps_of(library: Any) -> _Steps:
    languages: list[str] = list(library.nb_classes)
    first = {name: at for at, name in reversed(list(enumerate(languages)))}
    return _Steps(
        moves=np.asarray(library.tk_nextmove, np.uint32),
        rows=np.asarray(library.tk_row).astype(np.int64) << 8,
        features=np.asarray(library.tk_output, np.int32),
        weights=np.ascontiguousarray(np.asarray(library.nb_ptc).T, np.float32),
        prior=np.asarray(library.nb_pc).astype(np.float32),
        languages=languages,
        aliases=[(first[name], at) for at, name in enumerate(languages) if first[name] != at],
    )


def _scores(steps: _Steps, encoded: Sequence[bytes]) -> NDArray[np.float32]:
    """Return the unscaled score of each text for each language, (texts, languages)."""
    scores = np.zeros((len(encoded), len(steps.languages)), np.float32)
    found = _features(steps, encoded)
    if not found.size:
        return scores
    found.sort()
    fresh = np.flatnonzero(np.diff(found, prepend=-1))
    texts, features = np.divmod(found[fresh], np.int32(steps.weights.shape[1]))
    counts = np.diff(fresh, append=len(found))
    strength = np.log1p(np.arange(counts.max() + 1, dtype=np.float32)).take(counts)
    starts = np.flatnonzero(np.diff(texts, prepend=-1))
    told = texts[starts]  # a text without any feature keeps zeros: even chances, as in the library
    for language, weights in enumerate(steps.weights):
        sums = np.add.reduceat(weights.take(features) * strength, starts)
        scores[told, language] = sums + steps.prior[language]
    return scores


def _features(steps: _Steps, encoded: Sequence[bytes]) -> NDArray[np.int32]:
    """Return ``text * number of features + feature`` for each feature met on the way."""
    count = len(encoded)
    lengths = np.array([len(text) for text in encoded], np.int32)
    longest = max(1, int(lengths.max()))
    padded = b"".join(text.ljust(longest, b"\0") for text in encoded)
    letters = np.frombuffer(padded, np.uint8).reshape(count, longest).T.astype(np.int64)
    states = np.empty((longest, count), np.uint32)
    state = np.zeros(count, np.uint32)
    for at, column in enumerate(letters):
        state = steps.moves[steps.rows[state] + column]
        states[at] = state
    features = steps.features.take(states)
    met = features >= 0
    met &= np.arange(longest, dtype=np.int32)[:, None] < lengths
    features += np.arange(count, dtype=np.int32) * np.int32(steps.weights.shape[1])
    return features[met]


def _batches(order: Sequence[int], encoded: Sequence[bytes]) -> Iterator[list[int]]:
    """Cut ``order`` (shortest first) into batches that have ``_BATCH`` bytes when padded."""
    batch: list[int] = []
    for at in order:
        if batch and (len(batch) == _TEXTS or (len(batch) + 1) * len(encoded[at]) > _BATCH):
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch


def _encode(text: str) -> bytes:
    """Return the bytes that the library would walk over."""
    if text.isupper():
        text = text.lower()
    return unicodedata.normalize("NFC", text).encode("utf-8", errors="surrogatepass")


def language_model(languages: tuple[str, ...]) -> LanguageModel:
    """Return the model for these languages, read once even where two threads ask at a time."""
    with _reading:
        return read_model(languages)


@cache
def read_model(languages: tuple[str, ...]) -> LanguageModel:
    """Return the model; use ``language_model``."""
    return LanguageModel(languages)


_reading = threading.Lock()
