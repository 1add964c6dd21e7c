"""HTML to plain text, only where a text really is HTML."""

import html
import re

#: Tells a column apart in one pass: no match, nothing to do (also a polars pattern).
MAYBE_MARKUP = r"<[a-zA-Z/!][^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]+);"


def plain_text(text: str) -> str | None:
    """Return what a browser would show of ``text`` as plain lines, or None when it is no HTML.

    Tags become line breaks where they are blocks; list items start with ``- ``, quoted blocks
    with ``> ``; links keep their text; scripts, styles and comments go; entities become characters.
    ``a < b``, an address in angle brackets or a lone ``<br>`` that somebody writes about stay.
    """
    if _is_html(text):
        return _render(text)
    if _ENCODED.search(text):
        return html.unescape(text)
    return None


def plain_label(text: str) -> str:
    """Return a name on one line without the markup that a tool wrote into it.

    Survey tools put the emphasis of a question into the header of its column: as elements of HTML,
    as entities, as pairs of asterisks or underscores around words. ``a < b``, ``<name>`` and the
    lone asterisk of a required field stay.
    """
    for _ in range(2):  # some tools encode what was encoded already
        if any(_is_element(tag["name"]) for tag in _TAG.finditer(text)):
            text = _render(text)
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    label = " ".join(text.split())
    if " " in label:  # a single word can be a name of a program: _id_, *args*
        label = _EMPHASIS.sub(lambda found: found["words"], label)
    return label


_BLOCKS = frozenset(
    "address article aside body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 "
    "head header hr html li main nav ol p pre section table tbody td tfoot th thead title tr ul "
    "blockquote".split()
)
_PARAGRAPHS = frozenset("blockquote dl h1 h2 h3 h4 h5 h6 hr ol p pre table ul".split())
_INLINE = frozenset(
    "a abbr b bdi bdo big br code del em font i img ins kbd label mark meta link o:p q s samp small "
    "span strike strong sub sup tt u var wbr input button".split()
)
_SILENT = frozenset("script style head title template noscript svg".split())
_KNOWN = _BLOCKS | _INLINE | _SILENT

# No two ways to match the same text: a damaged page of megabytes must not take minutes.
_OPENING = r"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:]{0,15})"
_TAG = re.compile(_OPENING + r"""(?P<rest>(?:[\s/](?:[^<>"']|"[^"<]*"|'[^'<]*')*)?)>""")
_LOOSE_TAG = re.compile(_OPENING + r"(?P<rest>\s[^<>]*)>")
#: Entities that nobody types by hand in plain text: left by a program that encoded once too often.
_ENCODED = re.compile(r"&(?:amp|quot|apos|#0?39|#x27|#8217|#8220|#8221|#x?[0-9a-fA-F]{2,6});")
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,10}|#\d{2,7}|#x[0-9a-fA-F]{2,6});")
_EMPHASIS = re.compile(
    r"(?<![\w*])(?P<mark>\*{1,3}|_{1,2})(?=[^\s*_])(?P<words>[^*_]*[^\s*_])(?P=mark)(?![\w*])"
)
_SPACE = re.compile(r"[ \t\r\f\v\u00a0]+")
_ANY_SPACE = re.compile(r"\s+")
_BREAK = re.compile(r"(?<![\s])<br\s*/?>|<br\s*/?>(?!\s)", re.IGNORECASE)


def _is_html(text: str) -> bool:
    lead = _match_tag(text, len(text) - len(text.lstrip()))
    if lead and lead["name"].lower() in _BLOCKS | _SILENT | {"span", "br", "font"}:
        return True
    if text.lstrip()[:9].lower().startswith(("<!doctype", "<!--")):
        return True
    if _BREAK.search(text):
        return True
    opened: set[str] = set()
    where = text.find("<")
    while where >= 0:
        tag = _match_tag(text, where)
        if tag:
            name = tag["name"].lower()
            if tag["close"] and name in opened:
                return True
            if not tag["close"] and name in _KNOWN:
                opened.add(name)
        where = text.find("<", where + 1)
    return False


def _match_tag(text: str, where: int) -> re.Match[str] | None:
    return _TAG.match(text, where) or _LOOSE_TAG.match(text, where)


class _Page:
    """The lines that are being written, and the state of lists and quotes around them."""

    def __init__(self, *, keep_lines: bool) -> None:
        self.pieces: list[str] = []
        self.keep_lines = keep_lines
        self.quotes = 0
        self.preformatted = 0
        self.fresh_line = True
        self.unclosed: set[str] = set()

    def write(self, text: str) -> None:
        if text == "\u00a0":  # how mail programs write an empty line
            self.break_line(always=True)
            return
        if self.preformatted or self.keep_lines:
            text = _SPACE.sub(" ", text)
        else:
            text = _ANY_SPACE.sub(" ", text)
            if self.fresh_line:
                text = text.lstrip()
        if not text:
            return
        if self.quotes and self.fresh_line:
            self.pieces.append("> " * self.quotes)
        self.pieces.append(text)
        self.fresh_line = False

    def break_line(self, *, paragraph: bool = False, always: bool = False) -> None:
        if always or not self.fresh_line:
            self.pieces.append("\n")
        if paragraph:
            self.pieces.append("\n")
        self.fresh_line = True

    def text(self) -> str:
        joined = "".join(self.pieces)
        lines = [line.strip() for line in joined.split("\n")]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _render(source: str) -> str:
    has_blocks = any(
        (tag := _match_tag(source, found.start())) and tag["name"].lower() in _BLOCKS | {"br"}
        for found in re.finditer("<", source)
    )
    page = _Page(keep_lines=not has_blocks)
    where = 0
    while where < len(source):
        opening = source.find("<", where)
        if opening < 0:
            page.write(html.unescape(source[where:]))
            break
        if source.startswith(("<!--", "<!", "<?"), opening):
            page.write(html.unescape(source[where:opening]))
            mark = "-->" if source.startswith("<!--", opening) else ">"
            closing = source.find(mark, opening)
            where = len(source) if closing < 0 else closing + len(mark)
            continue
        tag = _match_tag(source, opening)
        if tag is None or not _is_element(tag["name"]):
            # A bare "<", or <somebody@example.com>: text like any other.
            page.write(html.unescape(source[where : opening + 1]))
            where = opening + 1
            continue
        page.write(html.unescape(source[where:opening]))
        where = _apply(page, tag, source)
    return page.text()


def _is_element(name: str) -> bool:
    return name.lower() in _KNOWN or ":" in name


def _apply(page: _Page, tag: re.Match[str], source: str) -> int:
    """Let one tag act on the page; return where reading goes on."""
    name = tag["name"].lower()
    closing = bool(tag["close"])
    if name in _SILENT:
        if closing or tag["rest"].endswith("/") or name in page.unclosed:
            return tag.end()
        end = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(source, tag.end())
        if end:
            return end.end()
        page.unclosed.add(name)
    elif name == "br":
        page.break_line(always=True)
    elif name == "blockquote":
        page.break_line(paragraph=True)
        page.quotes = max(0, page.quotes - 1) if closing else page.quotes + 1
    elif name == "li":
        page.break_line()
        if not closing:
            page.write("- ")
    elif name in ("td", "th"):
        if closing:
            page.write(" ")
    elif name in _BLOCKS:
        if name == "pre":
            page.preformatted += -1 if closing else 1
        page.break_line(paragraph=name in _PARAGRAPHS)
    return tag.end()
