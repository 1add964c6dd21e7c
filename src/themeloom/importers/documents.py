"""md, txt and docx files to paragraphs: plain text, numbered as a person counts them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from themeloom.domain.errors import ImportFileError
from themeloom.importers import preflight
from themeloom.importers.encoding import to_utf8
from themeloom.importers.sniffing import Format

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; ``number`` counts the filled ones from 1, headings included."""

    number: int
    text: str  # may have several lines
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A note or talk as it stands in its file."""

    paragraphs: tuple[Paragraph, ...]
    plain: str  # the whole text with its line breaks, for transcripts that are pasted
    warnings: tuple[str, ...] = ()


def read_document(path: Path, kind: Format) -> Document:
    """Return the paragraphs of a file, markup removed.

    Raises:
        ImportFileError: too large, damaged, or without any text.
    """
    if path.stat().st_size > MAX_BYTES:
        raise ImportFileError(
            "The document is larger than 50 MB.",
            file=path.name,
            hint="Take out its pictures, or save the text alone.",
        )
    if kind is Format.WORD:
        paragraphs, warnings = _word_paragraphs(path), ()
        plain = "\n\n".join(paragraph.text for paragraph in paragraphs)
    else:
        decoded = to_utf8(path.read_bytes())
        plain = decoded.data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
        warnings = decoded.warnings
        blocks = _markdown_blocks(plain) if kind is Format.MARKDOWN else _text_blocks(plain)
        paragraphs = [
            Paragraph(number, text, heading)
            for number, (text, heading) in enumerate(blocks, start=1)
        ]
    if not any(paragraph.text.strip() for paragraph in paragraphs):
        raise ImportFileError(
            "The document has no text.", file=path.name, hint="Pictures of text are not read."
        )
    return Document(tuple(paragraphs), plain, warnings)


def _text_blocks(text: str) -> Iterator[tuple[str, bool]]:
    for block in re.split(r"\n[ \t\f\v]*\n\s*", text):
        lines = [line.rstrip() for line in block.split("\n") if line.strip()]
        if lines:
            yield "\n".join(lines).strip(), False


_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_RULE = re.compile(r"^\s*(?:[-*_=]\s*){3,}$")
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_LINK = re.compile(r"!?\[([^\]\n]*)\]\((?:[^()\n]|\([^()\n]*\))*\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?![\w*])")
_UNDERLINE = re.compile(r"(?<!\w)_(?=[^\s_])([^_\n]+?)(?<=[^\s_])_(?!\w)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|>~])")


def _markdown_blocks(text: str) -> Iterator[tuple[str, bool]]:
    lines: list[str] = []
    for line in [*text.split("\n"), ""]:
        heading = _HEADING.match(line)
        if heading or not line.strip() or _RULE.match(line) or _TABLE_RULE.match(line):
            if lines:
                yield "\n".join(lines), False
                lines = []
            if heading and _inline(heading[2]).strip():
                yield _inline(heading[2]).strip(), True
        elif line.lstrip().startswith("|"):
            row = _cells([_inline(cell).strip() for cell in line.strip().strip("|").split("|")])
            if lines:
                yield "\n".join(lines), False
                lines = []
            if row:
                yield row, False
        else:
            # Two spaces at the end part a name from its time: they stay inside the line.
            plain = _inline(re.sub(r"^\s*>\s?", "", line)).strip()
            if plain:
                lines.append(plain)


def _inline(text: str) -> str:
    text = _LINK.sub(r"\1", text)
    text = _STRONG.sub(r"\2", text)
    text = _EMPHASIS.sub(r"\1", text)
    text = _UNDERLINE.sub(r"\1", text)
    return _ESCAPE.sub(r"\1", re.sub(r"<br\s*/?>", " ", text))


def _cells(cells: list[str]) -> str:
    """Write a table row as a line: "Participant: Ann", "Ann: Hello", "a | b | c"."""
    filled = [cell for cell in cells if cell]
    if len(filled) >= 2 and re.fullmatch(r"\[?(?:\d{1,2}:)?\d{1,2}:\d{2}\]?", filled[0]):
        return f"[{filled[0].strip('[]')}] {_cells(filled[1:])}"
    if len(filled) == 2:
        first, second = filled
        return f"{first} {second}" if first.endswith(":") else f"{first}: {second}"
    return " | ".join(filled)


def _word_paragraphs(path: Path) -> list[Paragraph]:
    preflight.check_package(path)
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        opened: Any = docx.Document(str(path))
        blocks = list(_word_blocks(opened.element.body))
    except (PackageNotFoundError, SyntaxError, KeyError, ValueError, AttributeError) as error:
        raise preflight.damaged(path.name, str(error)[:80]) from None
    except (*preflight.UNPACKING, IndexError, TypeError):
        raise preflight.damaged(path.name) from None
    return [
        Paragraph(number, text, heading) for number, (text, heading) in enumerate(blocks, start=1)
    ]


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _word_blocks(parent: "Element") -> Iterator[tuple[str, bool]]:
    """Yield paragraphs and table rows in order; content controls are looked into."""
    for child in parent:
        if child.tag == f"{_W}p":
            text = _word_text(child).strip()
            if text:
                yield text, _is_heading(child)
        elif child.tag == f"{_W}tbl":
            for row in child.iter(f"{_W}tr"):
                cells = [
                    "\n".join(
                        text
                        for paragraph in cell.iter(f"{_W}p")
                        if (text := _word_text(paragraph).strip())
                    )
                    for cell in row.findall(f"{_W}tc")
                ]
                line = _cells(cells)
                if line:
                    yield line, False
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent"):
            yield from _word_blocks(child)


_NOT_READ = frozenset(f"{_W}{name}" for name in ("del", "moveFrom", "instrText", "txbxContent"))


def _word_text(element: "Element") -> str:
    """Return the text of a paragraph as it would print: insertions kept, deletions not."""
    parts: list[str] = []
    for child in element:
        if child.tag in _NOT_READ:
            continue
        if child.tag == f"{_W}t":
            parts.append(child.text or "")
        elif child.tag == f"{_W}tab":
            parts.append("\t")
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            parts.append("\n")
        elif child.tag == f"{_W}noBreakHyphen":
            parts.append("-")
        else:
            parts.append(_word_text(child))
    return "".join(parts)


def _is_heading(paragraph: "Element") -> bool:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    name = (style.get(f"{_W}val") or "") if style is not None else ""
    return bool(re.match(r"(?i)heading|title|subtitle|überschrift|titre|titel|título", name))
