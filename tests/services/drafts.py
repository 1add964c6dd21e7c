"""Drafts of real projects, made once of the same data: for tests of what is made of drafts."""

import hashlib
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from datetime import datetime

import polars as pl
import pytest

from themeloom.exporters import close_the_loop
from themeloom.insights import book
from themeloom.insights.book import Drafts
from themeloom.insights.model import BookData
from themeloom.insights.privacy import Veil
from themeloom.services import insight_list, merging, sending, trackers, verifying

_KNOWN: dict[bytes, Drafts] = {}
_DRAFTING = (book, close_the_loop, insight_list, merging, sending, trackers, verifying)


@contextmanager
def made_once() -> Generator[None]:
    """Draft no data twice that are the same in everything but the moment they were asked for."""
    real = book.draft

    def draft(data: BookData) -> Drafts:
        key = _digest(data).digest()
        if key not in _KNOWN:
            _KNOWN[key] = real(data)
        known = _KNOWN[key]
        # Whoever stops or listens does so through the masker of the data that are asked now.
        now = replace(
            known.data,
            masker=data.masker,
            mask_name=data.mask_name,
            mask_account=data.mask_account,
            created=data.created,
            delivery_id=data.delivery_id,
        )
        return replace(known, data=now, veil=Veil.of(data))

    with pytest.MonkeyPatch.context() as patch:
        for module in _DRAFTING:
            patch.setattr(module, "draft", draft)
        yield


def _digest(value: object) -> "hashlib.blake2b":
    """Return the digest of everything in a value; of a function, only whether it is there.

    A project's masker follows from its id and its records.
    """
    found = hashlib.blake2b(digest_size=16)
    if isinstance(value, pl.DataFrame):
        found.update(repr(value.schema).encode())
        found.update(value.hash_rows().to_numpy().tobytes())
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            if one.name != "delivery_id":
                found.update(one.name.encode())
                found.update(_digest(getattr(value, one.name)).digest())
    elif isinstance(value, frozenset):
        found.update(repr(sorted(map(repr, value))).encode())  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    elif isinstance(value, datetime):
        found.update(value.date().isoformat().encode())
    else:
        found.update(b"callable" if callable(value) else repr(value).encode())
    return found
