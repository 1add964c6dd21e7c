"""Whether this computer's processor reads texts faster in whole numbers; asked once, then kept."""

import contextlib
import json
import time
from typing import Any, cast

import numpy as np
import openvino as ov
from numpy.typing import NDArray

from themeloom.base.paths import encoder_cache_dir
from themeloom.engine.minilm_graph import GRAPH_VERSION, graph_path
from themeloom.engine.quantising import InputRange, WholeNumbers
from themeloom.engine.transformer_graph import ops, parameters

#: Whole numbers have to be this much faster: below, exact vectors are worth more.
_FASTER = 1.15
_ROUNDS = 8  # the best one of each counts, so that other work does not decide
_TEXTS, _TOKENS = 32, 16
_WIDTH = 64
_GENERAL = ("jit_gemm", "gemm", "ref", "unknown", "jit_uni")


def prefers_whole_numbers() -> bool:
    """Return whether the quantised graph is for this processor: the same answer every time.

    Only where the processor has instructions for such products is the speed of both graphs
    measured, for about a second; the answer is kept in the folder of the encoder's graphs.
    """
    path = encoder_cache_dir() / "processor.json"
    core: Any = ov.Core()
    asked = {
        "processor": str(core.get_property("CPU", "FULL_DEVICE_NAME")),
        "openvino": str(cast(Any, ov).__version__),
        "graph": GRAPH_VERSION,
    }
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        if {key: kept[key] for key in asked} == asked:
            return bool(kept["whole_numbers"])
    except (OSError, ValueError, KeyError, TypeError):
        pass  # not asked yet, or not readable: asked again
    answer = _has_instructions(core) and _times_faster(core) >= _FASTER
    # A folder that cannot be written to: asked again the next time.
    with contextlib.suppress(OSError):
        path.write_text(json.dumps(asked | {"whole_numbers": answer}), encoding="utf-8")
    return answer


def _has_instructions(core: Any) -> bool:
    """Tell from one small product how OpenVINO makes it here.

    Without instructions for whole numbers (AVX2 alone) it falls back on a general routine, which is
    no faster than floats and whose sums may overflow.
    """
    ids, mask = parameters()
    rows = ops.gather(
        ops.constant(np.ones((4, _WIDTH), np.float32)), ids, ops.constant(np.int32(0))
    )
    rows = ops.multiply(rows, ops.unsqueeze(ops.convert(mask, "f32"), ops.constant([2])))
    weights = {
        "probe.weight": np.eye(_WIDTH, dtype=np.float32),
        "probe.bias": np.zeros(_WIDTH, np.float32),
    }
    ranges = {"probe": InputRange(-1.0, 1.0, np.ones(_WIDTH, np.float32))}
    model: Any = ov.Model
    probe = model([WholeNumbers(ranges).dense(rows, weights, "probe")], [ids, mask], "probe")
    request = core.compile_model(probe, "CPU", {"PERF_COUNT": True}).create_infer_request()
    ones = np.ones((_TEXTS, _TOKENS), np.int32)
    request.infer([ones, ones])
    routines = [str(step.exec_type) for step in request.get_profiling_info()]
    products = [name for name in routines if name.endswith(("_i8", "_u8"))]
    return any(not name.startswith(_GENERAL) for name in products)


def _times_faster(core: Any) -> float:
    ids = np.arange(_TEXTS * _TOKENS, dtype=np.int32).reshape(_TEXTS, _TOKENS) % 20_000 + 1_000
    exact, whole = (
        core.compile_model(core.read_model(graph_path(quantised=quantised)), "CPU")
        for quantised in (False, True)
    )
    best = {False: float("inf"), True: float("inf")}
    for _ in range(_ROUNDS + 1):  # the first one of each also prepares
        for quantised, compiled in ((False, exact), (True, whole)):
            best[quantised] = min(best[quantised], _seconds(compiled, ids))
    return best[False] / best[True]


def _seconds(compiled: Any, ids: NDArray[np.int32]) -> float:
    began = time.perf_counter()
    compiled([ids, np.ones_like(ids)])
    return time.perf_counter() - began
