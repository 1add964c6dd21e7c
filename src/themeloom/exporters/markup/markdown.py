"""Markdown (CommonMark 0.31 and the extensions of GitHub)."""

import re

from themeloom.exporters.markup.plain import clean, flat, safe_url

#: Escaped wherever they stand. Bare addresses become links by ``://``, ``www.`` and ``@``.
_ANYWHERE = re.compile(r"[\\`*_{}\[\]<>#|~!&@$^]|:(?=//)|(?<=[wW]{3})\.")
_AT_START = re.compile(r"^(?:[-+=:]|\d{1,9}(?=[.)](?:\s|$)))")
_BLANK = {" ": "&#32;", "\t": "&#9;"}


def line(value: str) -> str:
    """Return ``value`` as text on one line."""
    return _line(flat(value))


def lines(value: str, lead: str = "") -> str:
    """Return ``value`` as text with hard line breaks; ``lead`` begins each line after the first.

    Blanks at the ends of a line are kept: Markdown would drop them, or take them for code.
    """
    return f"\\\n{lead}".join(_line(_kept(one)) for one in clean(value).split("\n"))


def link(url: str, words: str) -> str:
    """Return a link, or the words alone where the address is not one of http, https, mailto."""
    address = safe_url(url)
    return f"[{line(words)}](<{address}>)" if address else line(words)


def _kept(value: str) -> str:
    """Mark the blanks at both ends; private-use marks keep them through the escaping."""
    body = value.strip(" \t")
    start = value[: len(value) - len(value.lstrip(" \t"))]
    end = value[len(start) + len(body) :]
    return "".join(_MARKS[c] for c in start) + body + "".join(_MARKS[c] for c in end)


_MARKS = {" ": "\x00", "\t": "\x01"}  # ``clean`` has taken these out of every text


def _line(value: str) -> str:
    blanks = len(value) - len(value.lstrip("\x00\x01"))
    head, body = value[:blanks], value[blanks:]
    escaped = _ANYWHERE.sub(lambda found: "\\" + found[0], body)
    if not head:
        escaped = _AT_START.sub(_escaped_start, escaped)
    whole = head + escaped
    return whole.replace("\x00", _BLANK[" "]).replace("\x01", _BLANK["\t"])


def _escaped_start(found: re.Match[str]) -> str:
    begin = found[0]
    return f"&#{ord(begin[0])};{begin[1:]}" if begin[0].isdigit() else "\\" + begin
