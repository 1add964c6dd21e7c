"""HTML, and Confluence's storage format, which takes the same escapes."""

from html import escape

from themeloom.exporters.markup.plain import clean, flat, safe_url


def text(value: str) -> str:
    """Return ``value`` for between tags and inside quoted attributes; line ends stay."""
    return escape(clean(value), quote=True)


def line(value: str) -> str:
    """Return ``value`` on one line."""
    return escape(flat(value), quote=True)


def lines(value: str) -> str:
    """Return ``value`` with its line ends as ``<br/>``."""
    return text(value).replace("\n", "<br/>")


def link(url: str, words: str) -> str:
    """Return a link, or the words alone where the address is not one of http, https, mailto."""
    address = safe_url(url)
    if not address:
        return line(words)
    return f'<a href="{escape(address, quote=True)}" rel="noreferrer">{line(words)}</a>'
