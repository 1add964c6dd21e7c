"""Bytes of a text file to UTF-8: marks and proof first, evidence second, never silently."""

import codecs
import re
from dataclasses import dataclass

from themeloom.base.figures import counted

_BOMS = (  # the longer mark first: UTF-32 begins like UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NAMES = {"cp1252": "Western (Windows)", "mac_roman": "Western (Mac)"}
_SAMPLE = 262_144


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text file as UTF-8 without byte-order mark and NUL."""

    data: bytes
    encoding: str
    warnings: tuple[str, ...] = ()


def to_utf8(data: bytes, *, partial: bool = False) -> Decoded:
    """Return ``data`` as UTF-8.

    Order: byte-order mark, UTF-16 by the places of its zero bytes, strict UTF-8, UTF-8 with few
    damaged characters, then Windows or Mac Western by evidence, other encodings by statistics.
    Whatever is not certain is named in ``warnings``.

    Args:
        data: the file, or its beginning.
        partial: ``data`` may end inside a character.
    """
    warnings: list[str] = []
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), None)
    if encoding is not None:
        bom = next(bom for bom, name in _BOMS if name == encoding)
        data = data[len(bom) :]
    elif (wide := _utf16_without_mark(data)) is not None:
        encoding = wide
    if encoding is not None and encoding != "utf-8":
        text = data.decode(encoding, "replace")
        damaged = text.count("\ufffd") if not partial else 0
        data = text.encode("utf-8", "replace")
        if damaged:
            warnings.append(_damaged(damaged))
    elif not _is_utf8(data, partial):
        encoding, data, found = _by_evidence(data)
        warnings.extend(found)
    if b"\0" in data:
        warnings.append(
            counted(data.count(0), "NUL character was left out.", "NUL characters were left out.")
        )
        data = data.replace(b"\0", b"")
    return Decoded(data, encoding or "utf-8", tuple(warnings))


def _damaged(count: int) -> str:
    damaged = counted(count, "character is damaged", "characters are damaged")
    return f"{damaged} in the file and shown as �."


def _utf16_without_mark(data: bytes) -> str | None:
    sample = data[:4096]
    if len(sample) < 4:
        return None
    half = len(sample) // 2
    if sample[1::2].count(0) > 0.7 * half and sample[0::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if sample[0::2].count(0) > 0.7 * half and sample[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return None


def _is_utf8(data: bytes, partial: bool) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, final=not partial)
    except UnicodeDecodeError:
        return False
    return True


def _by_evidence(data: bytes) -> tuple[str, bytes, list[str]]:
    as_utf8 = data.decode("utf-8", "replace")
    damaged = as_utf8.count("\ufffd")
    sound = len(re.findall(r"[^\x00-\x7f\ufffd]", as_utf8))
    if sound >= 4 * damaged:
        return "utf-8", as_utf8.encode("utf-8"), [_damaged(damaged)]
    sample = data[:_SAMPLE]
    high = len(sample) - len(sample.translate(None, bytes(range(128, 256))))
    encoding = None
    # Accents are rare in Western texts; other scripts are high bytes throughout.
    if high >= 60 and high > 0.3 * len(sample):
        encoding = _by_statistics(sample)
    if encoding is None:
        # Only lines with such bytes are evidence; a long file is told by its first thousands.
        evidence = b"\n".join(re.findall(rb"[^\r\n]*[\x80-\xff][^\r\n]*", data)[:5000])
        encoding = max(("cp1252", "mac_roman"), key=lambda name: _plausibility(evidence, name))
    text = data.decode(encoding, "replace")
    shown = _NAMES.get(encoding, encoding)
    warnings = [f"The file is not UTF-8; it was read as {shown}. Check accented characters."]
    if "\ufffd" in text:
        warnings.append(_damaged(text.count("\ufffd")))
    return encoding, text.encode("utf-8"), warnings


def _by_statistics(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes

    for encoding in ("shift_jis", "euc_jp"):  # statistics take them for Korean
        text = sample.decode(encoding, "ignore")
        if len(re.findall("[\u3041-\u30ff]", text)) > 0.2 * len(text):
            return encoding
    best = from_bytes(sample).best()
    return best.encoding if best is not None else None


def _plausibility(data: bytes, encoding: str) -> float:
    """Score how much ``data`` in ``encoding`` looks like words: accents inside, quotes around."""
    text = data.decode(encoding, "replace")
    score = 0.0
    for match in re.finditer(r"[^\x00-\x7f]", text):
        char = match.group()
        before = text[match.start() - 1 : match.start()]
        after = text[match.end() : match.end() + 1]
        if char == "\ufffd" or "\x80" <= char <= "\x9f":
            score -= 3
        elif char in "’‘“”–—…":
            score += 1
        elif char in "\u00a0•€£°©®™½¼¾²³«»¿¡§´·":
            score += 0.5
        elif char.isalpha():
            inside = before.isalpha() or after.isalpha()
            shouted = char.isupper() and before.islower()
            score += -2 if shouted else (1 if inside else -0.5)
        else:
            score -= 1
    return score
