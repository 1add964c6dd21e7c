import html
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from tests.exporters.payloads import FORMULAS, OTHERS
from tests.exporters.payloads_markup import MARKUP

from themeloom.exporters.markup import html as html_markup
from themeloom.exporters.markup import markdown, wiki
from themeloom.exporters.markup.plain import clean, flat, safe_url

PAYLOADS = (*FORMULAS, *OTHERS, *MARKUP)
TEXTS = st.text(st.characters(codec=None), max_size=60)
SIGNS = st.text("\\`*_{}[]<>#|~!&@:/.+-=()0123456789 \t\nwh?^;ab\x1b", max_size=40)


class Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def rendered(text: str) -> tuple[set[str], str]:
    """Return the kinds of tokens in Markdown, and the text that a reader sees."""
    parser: Any = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    kinds: set[str] = set()
    seen: list[str] = []
    for token in parser.parse(text):
        kinds.add(token.type)
        for child in token.children or []:
            kinds.add(child.type)
            seen.append("\n" if child.type in ("hardbreak", "softbreak") else child.content)
    return kinds, "".join(seen)


def unwiki(text: str) -> str:
    return html.unescape(re.sub(r"\\([^\sA-Za-z0-9])", r"\1", text))


PLAIN_KINDS = {"paragraph_open", "inline", "text", "text_special", "hardbreak", "paragraph_close"}


@given(TEXTS | SIGNS)
def test_html_shows_every_text_and_nothing_else(text: str) -> None:
    parser = Words()
    parser.feed(f"<p>{html_markup.text(text)}</p>")
    parser.close()
    assert parser.tags == ["p"]
    assert "".join(parser.words) == clean(text)


@given(TEXTS | SIGNS)
def test_markdown_shows_every_text_and_nothing_else(text: str) -> None:
    kinds, seen = rendered("Said: “" + markdown.lines(text) + "”")
    assert kinds <= PLAIN_KINDS
    assert seen == "Said: “" + clean(text) + "”"
    kinds, seen = rendered(markdown.line(text))
    assert kinds <= PLAIN_KINDS
    assert seen == flat(text)


@given(TEXTS | SIGNS)
def test_wiki_markup_gives_the_text_back(text: str) -> None:
    assert unwiki(wiki.lines(text)) == clean(text)
    assert unwiki(wiki.line(text)) == flat(text)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_becomes_an_address_or_a_macro(payload: str) -> None:
    marked = markdown.lines(payload)
    assert not re.search(r"(?<!\\):(?=//)|(?i:www)\.|(?<!\\)[@<\[!]", marked)
    issue = wiki.lines(payload)
    assert not re.search(r"(?<!\\)[{}\[\]!|@~^*]|(?<![\\&])#|(?<!\\):(?=//)", issue)
    assert not re.search(r"(?i:mailto|javascript|file):", issue)
    assert not re.search(r"(?m)^\s*(?:h[1-6]|bq)\.", issue)
    assert "<" not in html_markup.text(payload)


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.com/browse/ABC-1?x=1&y=%20#z", True),
        ("mailto:pm@example.com", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("//evil.example", False),
        ("https://", False),
        ("https://x.example/a b", False),
        ('https://x.example/"onload=1', False),
        ("https://x.example/)[x](y", False),
        ("https://x.example/\x00", False),
        ("https://[::1", False),
        ("", False),
    ],
)
def test_links_lead_only_where_a_person_can_see(url: str, safe: bool) -> None:
    assert safe_url(url) == (url if safe else "")
    assert ("href" in html_markup.link(url, "words")) == safe
    assert ("](" in markdown.link(url, "words")) == safe
    assert ("|" in wiki.link(url, "words")) == safe
