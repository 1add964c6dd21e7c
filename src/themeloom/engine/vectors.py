"""The store of vectors in a project's derived folder: each distinct text is encoded once.

A store is a folder of numbered pairs: ``00000001.keys.npy`` (uint64 hashes of the texts) and
``00000001.npy`` (float16 vectors). Pairs are only ever added, vectors first, each by an atomic
rename, so that a killed run leaves nothing half-written. A pair that cannot be read is removed and
its texts are encoded again: everything here can be computed anew.
"""

import hashlib
import os
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from themeloom.engine.encoder import Encoder, Vectors

#: Called with texts done and texts to do.
Progress = Callable[[int, int], None]

_TEXTS_PER_FILE = 8192
_MOST_FILES = 24


def vectors_of(
    texts: Sequence[str], encoder: Encoder, store: Path, progress: Progress | None = None
) -> Vectors:
    """Return unit vectors of ``texts``: float32 of shape (len(texts), encoder.width).

    Texts that ``store`` knows are read, the others are encoded and added. The values are those of
    float16 in either case, so a second run sees the very same numbers. ``progress`` may raise to
    stop; what was encoded by then is kept.
    """
    kept = VectorStore(store, encoder)
    hashes = text_hashes(texts)
    distinct, first = np.unique(hashes, return_index=True)
    missing: list[int] = first[~kept.has(distinct)].tolist()
    _encode([texts[row] for row in missing], hashes[missing], encoder, kept, progress)
    if progress:
        progress(len(texts), len(texts))
    return kept.read(hashes)


def text_hashes(texts: Sequence[str]) -> NDArray[np.uint64]:
    """Return the 64-bit BLAKE2b hash of each text."""
    digests = b"".join(hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts)
    return np.frombuffer(digests, np.uint64)


class VectorStore:
    """The vectors of one encoder in a folder; reads at construction, appends atomically."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        """Open the store of ``encoder`` below ``folder``; it is made when missing."""
        self._folder = folder / f"vectors-{encoder.id}"
        self._width = encoder.width
        self._folder.mkdir(parents=True, exist_ok=True)
        for leftover in self._folder.glob("*.part"):
            leftover.unlink(missing_ok=True)
        pairs = [pair for pair in map(self._load, self._names()) if pair]
        self._keys = [keys for keys, _ in pairs]
        self._parts = [vectors for _, vectors in pairs]
        if len(pairs) > _MOST_FILES:
            self._compact()

    def has(self, hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Return for each hash whether its vector is in the store."""
        return np.isin(hashes, _joined(self._keys))

    def read(self, hashes: NDArray[np.uint64]) -> Vectors:
        """Return the unit vectors of ``hashes``, all of which must be in the store."""
        keys = _joined(self._keys)
        order = np.argsort(keys, kind="stable")
        places = order[np.searchsorted(keys, hashes, sorter=order)]
        by_place = np.argsort(places, kind="stable")
        result = np.empty((len(hashes), self._width), np.float32)
        first = 0
        # Part by part: all of them in one would be as much again.
        for part in self._parts:
            low, high = np.searchsorted(places, [first, first + len(part)], sorter=by_place)
            for start in range(low, high, _TEXTS_PER_FILE):
                rows = by_place[start : min(start + _TEXTS_PER_FILE, high)]
                vectors = part[places[rows] - first].astype(np.float32)
                vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
                result[rows] = vectors
            first += len(part)
        return result

    def add(self, hashes: NDArray[np.uint64], vectors: Vectors) -> None:
        """Append vectors under new hashes; they are on disk when this returns."""
        small = vectors.astype(np.float16)
        self._write(hashes, small)
        self._keys.append(hashes)
        self._parts.append(small)

    def _names(self) -> list[str]:
        return sorted(path.name.split(".")[0] for path in self._folder.glob("*.keys.npy"))

    def _load(self, name: str) -> tuple[NDArray[np.uint64], NDArray[np.float16]] | None:
        paths = self._folder / f"{name}.keys.npy", self._folder / f"{name}.npy"
        try:
            keys, vectors = (_loaded(path) for path in paths)
        except (OSError, ValueError, EOFError):
            keys = vectors = None
        if keys is not None and vectors is not None:
            right = keys.dtype == np.uint64 and vectors.dtype == np.float16
            if right and vectors.shape == (len(keys), self._width) and np.isfinite(vectors).all():
                return keys, vectors
        for path in paths:
            path.unlink(missing_ok=True)
        return None

    def _write(self, keys: NDArray[np.uint64], vectors: NDArray[np.float16]) -> str:
        taken = set(self._names())
        name = next(name for name in map("{:08d}".format, count(1)) if name not in taken)
        for path, array in (
            (self._folder / f"{name}.npy", vectors),
            (self._folder / f"{name}.keys.npy", keys),
        ):
            part = path.with_suffix(".part")
            with part.open("wb") as file:
                np.save(file, array, allow_pickle=False)
            os.replace(part, path)
        return name

    def _compact(self) -> None:
        old = self._names()
        keys, rows = np.unique(_joined(self._keys), return_index=True)
        vectors = np.concatenate(self._parts)[rows]
        self._write(keys, vectors)
        self._keys, self._parts = [keys], [vectors]
        for name in old:
            (self._folder / f"{name}.keys.npy").unlink(missing_ok=True)
            (self._folder / f"{name}.npy").unlink(missing_ok=True)


def _encode(
    texts: Sequence[str],
    hashes: NDArray[np.uint64],
    encoder: Encoder,
    kept: VectorStore,
    progress: Progress | None,
) -> None:
    # By length, then hash: the batches, and with them the last bits, do not depend on row order.
    order = sorted(range(len(texts)), key=lambda row: (-len(texts[row]), int(hashes[row])))
    for first in range(0, len(order), _TEXTS_PER_FILE):
        rows = order[first : first + _TEXTS_PER_FILE]

        def report(done: int, before: int = first) -> None:
            if progress:
                progress(before + done, len(order))

        vectors = encoder.encode([texts[row] for row in rows], report)
        kept.add(hashes[np.asarray(rows, np.intp)], vectors)


def _loaded(path: Path) -> NDArray[Any]:
    return np.load(path, allow_pickle=False)


def _joined(parts: list[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    return np.concatenate([np.zeros(0, np.uint64), *parts])
