"""Text as every document can hold it, and addresses that may become links."""

import re
from urllib.parse import urlsplit

_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SCHEMES = frozenset({"http", "https", "mailto"})


def clean(text: str) -> str:
    """Return ``text`` with one kind of line end, without what XML 1.0 or a terminal cannot take.

    Control characters (the beginning of terminal sequences among them) and lone surrogates are
    left out; everything else stays as it is.
    """
    return _IMPOSSIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def flat(text: str) -> str:
    """Return ``text`` cleaned and on one line; every run of blanks and line ends is one blank."""
    return " ".join(clean(" ".join(text.split())).split())


def safe_url(url: str) -> str:
    """Return an address that may stand in a link, "" for every other one.

    Only http, https and mailto; no blanks, quotes or brackets, which end an address in some markup.
    """
    if re.search(r"[\s\"'<>\[\](){}|\\^`]", url) or clean(url) != url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in _SCHEMES and (parts.netloc or parts.path) else ""
