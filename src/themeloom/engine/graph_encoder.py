"""Texts to vectors by a graph on OpenVINO: tokens in batches of like length, run side by side."""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import openvino as ov
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
#: Called with the number of texts that are done.
Done = Callable[[int], None]

#: Padded tokens in one call of the graph: measured best between 256 and 4,096 on two cores.
_BATCH_TOKENS = 1024
#: So many that few batches are left over: each new shape costs OpenVINO some milliseconds.
_TEXTS_PER_TOKENISING = 1024


class GraphEncoder(ABC):
    """An encoder whose graph takes token ids and their mask, and gives unit vectors."""

    @property
    @abstractmethod
    def width(self) -> int:
        """Number of dimensions."""

    @cached_property
    @abstractmethod
    def tokenizer(self) -> Any:
        """The tokenizer, cutting texts where the model does, without padding."""

    @cached_property
    @abstractmethod
    def compiled(self) -> ov.CompiledModel:
        """The graph, ready to run."""

    def encode(self, texts: Sequence[str], done: Done | None = None) -> Vectors:
        """Return unit vectors, float32 of shape (len(texts), width); long texts are cut.

        ``done`` is called after every batch and may raise to stop.
        """
        vectors = np.zeros((len(texts), self.width), np.float32)
        running = _Requests(self.compiled, vectors)
        finished = 0
        total = sum(map(len, texts)) or 1
        try:
            # Tokenising the next texts overlaps with the graph's work on the last ones.
            for rows, ids, mask in self._batches(texts):
                running.start(rows, ids, mask)
                finished += sum(len(texts[row]) for row in rows)
                if done:
                    # Long texts come first, so their number would make the rest look too slow.
                    done(len(texts) * finished // total)
        finally:
            running.wait()
        return vectors

    def _batches(
        self, texts: Sequence[str]
    ) -> Iterator[tuple[NDArray[np.intp], NDArray[np.int32], NDArray[np.int32]]]:
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        order = np.argsort(-lengths, kind="stable")
        for first in range(0, len(order), _TEXTS_PER_TOKENISING):
            rows = order[first : first + _TEXTS_PER_TOKENISING]
            encoded = self.tokenizer.encode_batch([texts[row] for row in rows.tolist()])
            ids: list[list[int]] = [entry.ids for entry in encoded]
            for chosen in _by_length(ids):
                yield rows[chosen], *_padded([ids[position] for position in _ints(chosen)])


class _Requests:
    """Inference requests that run beside Python, taken in turn.

    Not ``AsyncInferQueue``: its callbacks run on OpenVINO's threads and want the interpreter's
    lock, which the main thread holds when it drops a compiled model and waits for these threads:
    both then wait for ever.
    """

    def __init__(self, compiled: ov.CompiledModel, vectors: Vectors) -> None:
        # One more than run at once, so that the next is ready when one ends.
        count = int(compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")) + 1
        self._idle: deque[Any] = deque(compiled.create_infer_request() for _ in range(count))
        self._busy: deque[tuple[Any, NDArray[np.intp]]] = deque()
        self._vectors = vectors

    def start(self, rows: NDArray[np.intp], ids: Any, mask: Any) -> None:
        """Start a batch whose results belong to ``rows``; waits where all requests are busy."""
        if not self._idle:
            self._take()
        request = self._idle.popleft()
        request.start_async([ids, mask])
        self._busy.append((request, rows))

    def wait(self) -> None:
        """Wait for all batches that were started."""
        while self._busy:
            self._take()

    def _take(self) -> None:
        request, rows = self._busy.popleft()
        request.wait()
        self._vectors[rows] = request.get_output_tensor(0).data
        self._idle.append(request)


def _by_length(ids: Sequence[Sequence[int]]) -> Iterator[NDArray[np.intp]]:
    """Yield positions in batches of like length, at most ``_BATCH_TOKENS`` with padding."""
    lengths = np.fromiter(map(len, ids), np.int64, len(ids))
    order = np.argsort(-lengths, kind="stable")
    start = 0
    while start < len(order):
        size = max(1, _BATCH_TOKENS // int(lengths[order[start]]))
        yield order[start : start + size]
        start += size


def _ints(positions: NDArray[np.intp]) -> list[int]:
    return positions.tolist()


def _padded(ids: Sequence[Sequence[int]]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    tokens = np.zeros((len(ids), max(map(len, ids))), np.int32)
    mask = np.zeros_like(tokens)
    for row, entry in enumerate(ids):
        tokens[row, : len(entry)] = entry
        mask[row, : len(entry)] = 1
    return tokens, mask
