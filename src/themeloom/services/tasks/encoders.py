"""The engine process: whether a language model in a folder can be used."""

from dataclasses import asdict
from pathlib import Path

from themeloom.engine.encoder_check import check_encoder
from themeloom.jobs.child import Channel


def check(channel: Channel, *, folder: str) -> dict[str, object]:
    """Try the model in ``folder``; returns the fields of ``EncoderReport``."""
    return asdict(check_encoder(Path(folder), channel.report))
