"""E-mail addresses."""

import re

from themeloom.base.text import fold
from themeloom.privacy.finding import Finding, Kind


def find_emails(text: str) -> list[Finding]:
    """Return all e-mail addresses: also with umlauts, in web addresses (``email=name%40example.com``),
    with ``(at)``, and ``name at example dot com``.
    """
    found: list[Finding] = []
    if "@" in text or "＠" in text or "%40" in text:
        found += [_finding(match, _SIGN.sub("@", match[0])) for match in _PLAIN.finditer(text)]
    if _AT.search(text):
        for match in _SPELLED.finditer(text):
            found.append(_finding(match, _SPELLING.sub(_symbol, match[0])))
    return found


#: Without / ? & =, which part it from the rest of a web address.
_LOCAL = r"[\w.!#$%'*+^`{|}~-]{1,64}?"
#: Whom a mail that came back was for: bounce+anna=example.com@lists.example.org.
_RETURN = r"(?:\+[\w.+-]{1,64}=[\w.-]{1,64})"
_DOMAIN = r"(?:[\w-]{1,63}\.){1,6}[^\W\d_][\w-]{1,23}"
#: An address starts with a letter or digit, ends with a letter, and may follow "mailto:".
_PLAIN = re.compile(
    rf"(?<![\w.+-])[\w](?:{_LOCAL})?{_RETURN}?(?:[@＠]|%40){_DOMAIN}(?![\w@])", re.UNICODE
)
_SIGN = re.compile("＠|%40")
_AT = re.compile(r"[(\[{] ?(?:at|@|ät) ?[)\]}]|\bat\b.{1,60}\b(?:dot|punkt|punto)\b", re.IGNORECASE)
_SPELLED = re.compile(
    r"(?<![\w.+-])\w[\w.+-]{0,63}"
    r"(?: ?[(\[{] ?(?:at|@|ät) ?[)\]}] ?(?:[\w-]{1,63}(?: ?[(\[{] ?(?:dot|\.|punkt) ?[)\]}] ?|\.))"
    r"| at [\w-]{1,63}(?: dot | punkt | punto ))"
    r"(?:[\w-]{1,63}(?:\.| dot ))*(?:com|org|net|info|example|io|eu|edu|gov|[a-z]{2})(?!\w)",
    re.IGNORECASE,
)
_SPELLING = re.compile(
    r" ?[(\[{] ?(?P<at>at|@|ät) ?[)\]}] ?| ?[(\[{] ?(?P<dot>dot|\.|punkt) ?[)\]}] ?"
    r"| (?P<at_word>at) | (?:dot|punkt|punto) ",
    re.IGNORECASE,
)


def _symbol(match: re.Match[str]) -> str:
    return "@" if match["at"] or match["at_word"] else "."


def _finding(match: re.Match[str], address: str) -> Finding:
    return Finding(match.start(), match.end(), Kind.EMAIL, fold(address))
