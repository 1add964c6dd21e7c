"""Jira's wiki markup (Atlassian: text formatting notation).

A backslash takes the meaning of a sign away; a backslash itself has to be an entity, as two of
them are a line break there.
"""

import re

from themeloom.exporters.markup.plain import clean, flat, safe_url

_ANYWHERE = re.compile(
    r"[{}\[\]!|*^~#@]"
    r"|(?<!\w)[-_+]|[-_+](?!\w)"  # inside a word these are letters like others
    r"|\?(?=\?)|(?<=\?)\?"
    r"|:(?=//)|(?<=[wW]{3})\."
    r"|[:;](?=-?[()DPp|])"  # smileys
    r"|\((?=(?:[yni/x!+?-]|on|off|\*[rgby]?|flag|flagoff)\))"
)
_AT_START = re.compile(r"(?m)^(\s*(?:h[1-6]|bq))\.")
_MAILTO = re.compile(r"(?i)\b(mailto|file|news|nntp|irc|data|javascript):")


def line(value: str) -> str:
    """Return ``value`` as text on one line."""
    return _escaped(flat(value))


def lines(value: str) -> str:
    """Return ``value`` as text; its line ends stay and are line breaks in Jira."""
    return _escaped(clean(value))


def link(url: str, words: str) -> str:
    """Return a link, or the words alone where the address is not one of http, https, mailto."""
    address = safe_url(url)
    return f"[{line(words)}|{address}]" if address else line(words)


def _escaped(value: str) -> str:
    text = value.replace("&", "&amp;")
    text = _ANYWHERE.sub(lambda found: "\x00" + found[0], text)
    text = _AT_START.sub("\\1\x00.", text)
    text = _MAILTO.sub("\\1\x00:", text)
    return text.replace("\\", "&#92;").replace("\x00", "\\")
