"""Whether a model is fit for use: it loads, gives sound vectors, is fast enough, knows meanings."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from themeloom.base.paths import encoder_cache_dir
from themeloom.domain.encoders import languages_named
from themeloom.domain.errors import SynthesisError
from themeloom.engine.local_encoder import LocalEncoder
from themeloom.engine.sanity_pairs import PAIRS

LOADING, TRYING, TIMING = "Reading the model", "Trying languages", "Measuring the speed"
#: Of eight texts so many must have their own pair nearest: by chance one has.
_RIGHT = 6
_SPEED_TEXTS = 256
_SPEED_SECONDS = 3.0
_SLOW = 40.0  # texts per second
_TYPICAL = 10_000


@dataclass(frozen=True)
class EncoderReport:
    """What came out of the check of a model's folder.

    Attributes:
        ok: it can be used.
        id: under which its vectors are kept; "" where it does not load.
        kind: its family and format.
        width: numbers per text.
        speed: short texts per second on this computer.
        languages: that it reads (ISO 639-1).
        sentences: the result in plain words.
    """

    ok: bool
    id: str
    kind: str
    width: int
    speed: float
    languages: tuple[str, ...]
    sentences: tuple[str, ...]


def check_encoder(
    folder: Path, progress: Callable[[str, int, int], None] = lambda stage, done, total: None
) -> EncoderReport:
    """Return whether the model in ``folder`` can be used, and what can be expected of it.

    ``progress`` is called with (stage, done, total) and may raise to stop.
    """
    progress(LOADING, 0, 1)
    try:
        encoder = LocalEncoder(folder)
        sound = _sound(encoder)
        progress(TRYING, 0, len(PAIRS))
        languages = _tried(encoder, progress) if sound else frozenset[str]()
    except SynthesisError as error:
        complaint = error.complaint
        said = [complaint.message, *([complaint.hint] if complaint.hint else [])]
        return EncoderReport(False, "", "", 0, 0.0, (), tuple(said))
    _remember(encoder, languages)
    kind = encoder.folder.kind
    if not languages:
        said = (
            "It loads, but it does not tell texts of one meaning from others in any of the "
            f"{len(PAIRS)} languages that were tried."
            if sound
            else "It loads, but what it makes of texts are not usable numbers.",
            "Choose a model that was made for comparing sentences.",
        )
        return EncoderReport(False, encoder.id, kind, encoder.width, 0.0, (), said)
    speed = _speed(encoder, progress)
    return EncoderReport(
        True, encoder.id, kind, encoder.width, speed, tuple(sorted(languages)), _said(
            encoder, languages, speed
        ),
    )  # fmt: skip


def languages_of(encoder: LocalEncoder) -> frozenset[str]:
    """Return the languages that a model reads: as the last check found, else by trying now."""
    try:
        said = json.loads(_memory(encoder).read_text(encoding="utf-8"))
        return frozenset(str(code) for code in said)
    except (OSError, ValueError, TypeError):
        languages = _tried(encoder, lambda stage, done, total: None)
        _remember(encoder, languages)
        return languages


def _sound(encoder: LocalEncoder) -> bool:
    """Return whether vectors are finite, of length 1, differ, and do not depend on what is beside."""
    texts = [first for pairs in PAIRS.values() for first, _ in pairs]
    together = encoder.encode(texts)
    alone = encoder.encode(texts[:1])
    return bool(
        np.isfinite(together).all()
        and np.allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-2)
        and float(together.std(axis=0).max()) > 1e-4
        and float(together[0] @ alone[0]) > 0.99
    )


def _tried(encoder: LocalEncoder, progress: Callable[[str, int, int], None]) -> frozenset[str]:
    read: set[str] = set()
    for number, (code, pairs) in enumerate(PAIRS.items()):
        progress(TRYING, number, len(PAIRS))
        vectors = encoder.encode([text for pair in pairs for text in pair])
        likeness = vectors @ vectors.T
        np.fill_diagonal(likeness, -2.0)
        partner = np.arange(len(vectors)) ^ 1
        if int((likeness.argmax(axis=1) == partner).sum()) >= _RIGHT:
            read.add(code)
    progress(TRYING, len(PAIRS), len(PAIRS))
    return frozenset(read)


def _speed(encoder: LocalEncoder, progress: Callable[[str, int, int], None]) -> float:
    """Return texts per second: after a warm-up, on up to 256 short texts or for 3 seconds."""
    texts = [text for pairs in PAIRS.values() for pair in pairs for text in pair]
    began, done = time.perf_counter(), 0
    while done < _SPEED_TEXTS and time.perf_counter() - began < _SPEED_SECONDS:
        progress(TIMING, done, _SPEED_TEXTS)
        encoder.encode(texts[:64])
        done += 64
    return done / max(time.perf_counter() - began, 1e-6)


def _said(encoder: LocalEncoder, languages: frozenset[str], speed: float) -> tuple[str, ...]:
    seconds = _TYPICAL / speed
    lasts = f"{seconds:.0f} seconds" if seconds < 90 else f"{seconds / 60:.0f} minutes"
    sentences = [
        f"It works: {encoder.folder.kind}.",
        f"It reads {languages_named(languages)} (of the {len(PAIRS)} languages that were tried).",
        f"{_TYPICAL:,} short texts take about {lasts} on this computer, once.",
    ]
    if speed < _SLOW:
        sentences.append("That is slow: a smaller model may serve you better.")
    return tuple(sentences)


def _memory(encoder: LocalEncoder) -> Path:
    return encoder_cache_dir() / f"{encoder.id}.json"


def _remember(encoder: LocalEncoder, languages: frozenset[str]) -> None:
    _memory(encoder).write_text(json.dumps(sorted(languages)), encoding="utf-8")
