"""Texts to vectors by a graph on OpenVINO: tokens in batches of like length, run side by side."""

import contextlib
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import openvino as ov
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
#: Called with the number of texts that are done.
Done = Callable[[int], None]

#: Padded tokens in one call of the graph: measured best between 256 and 4,096 on two cores.
_BATCH_TOKENS = 1024
#: Few enough that the graph has work soon, and that tokenising overlaps with it.
_TEXTS_PER_TOKENISING = 1024
#: Routines that are made for single shapes of batches and kept: 5,000 of them take a gigabyte.
_FEW_SHAPES = {"CPU_RUNTIME_CACHE_CAPACITY": "400"}
_NOTHING: Mapping[str, str] = MappingProxyType({})


def compile_graph(
    core: Any, model: ov.Model, own: Mapping[str, str] = _NOTHING
) -> ov.CompiledModel:
    """Return ``model``, ready to run many texts side by side on the processor.

    Args:
        core: OpenVINO's.
        model: ids and mask in, unit vectors out.
        own: settings that are OpenVINO's own, and may not be there in all versions.

    Raises:
        RuntimeError: OpenVINO cannot run it.
    """
    settings = {"PERFORMANCE_HINT": "THROUGHPUT"}
    with contextlib.suppress(RuntimeError):
        return core.compile_model(model, "CPU", {**settings, **_FEW_SHAPES, **own})
    return core.compile_model(model, "CPU", settings)


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
        waiting: list[tuple[int, list[int]]] = []  # rows and their tokens, longest first
        for first in range(0, len(order), _TEXTS_PER_TOKENISING):
            rows: list[int] = order[first : first + _TEXTS_PER_TOKENISING].tolist()
            encoded = self.tokenizer.encode_batch([texts[row] for row in rows])
            waiting += zip(rows, (entry.ids for entry in encoded), strict=True)
            waiting.sort(key=lambda one: -len(one[1]))
            last = first + _TEXTS_PER_TOKENISING >= len(order)
            while waiting:
                size = max(1, _BATCH_TOKENS // _width(len(waiting[0][1])))
                if len(waiting) < size and not last:
                    # With the next texts it becomes a batch of a usual shape: each new one costs
                    # OpenVINO some milliseconds, and megabytes.
                    break
                batch, waiting = waiting[:size], waiting[size:]
                yield (
                    np.array([row for row, _ in batch], np.intp),
                    *_padded([ids for _, ids in batch]),
                )


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


def _padded(ids: Sequence[Sequence[int]]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    tokens = np.zeros((len(ids), _width(max(map(len, ids)))), np.int32)
    mask = np.zeros_like(tokens)
    for row, entry in enumerate(ids):
        tokens[row, : len(entry)] = entry
        mask[row, : len(entry)] = 1
    return tokens, mask


def _width(tokens: int) -> int:
    """Return the number of tokens that a batch is padded to: 6 % more at most, so of few shapes."""
    step = max(1, tokens // 16)
    return max(1, -(-tokens // step) * step)
