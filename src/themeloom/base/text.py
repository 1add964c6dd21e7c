"""Text helpers: sentences as spans, counting words; and folding, from ``base.folding``."""

import re
from collections.abc import Iterator

import polars as pl

from themeloom.base.folding import fold, fold_series
from themeloom.base.words import word_list

__all__ = ["UNSPACED", "Span", "count_words", "fold", "fold_series", "sentence_spans", "word_count"]

#: A character class of scripts that are written without spaces between words (no brackets).
#: Thai, Lao, Burmese, Khmer, Kana, Han.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0002fa1f"
)

Span = tuple[int, int]


def count_words(text: str) -> int:
    """Return the number of words: runs between spaces that hold a letter or digit.

    Scripts written without spaces count one word for two characters.
    """
    if text.isascii():
        return len(_WORD.findall(text))
    unspaced = sum(len(run) for run in _UNSPACED_RUN.findall(text))
    spaced = _UNSPACED_RUN.sub(" ", text) if unspaced else text
    return len(_WORD.findall(spaced)) + (unspaced + 1) // 2


def word_count(column: pl.Expr) -> pl.Expr:
    """Return ``count_words`` of a string column as an expression."""
    pattern = f"[{UNSPACED}]"
    unspaced = column.str.count_matches(pattern).cast(pl.Int64)
    spaced = column.str.replace_all(pattern, " ").str.count_matches(r"[\p{L}\p{N}]\S*")
    return spaced.cast(pl.Int64) + (unspaced + 1) // 2


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Return the sentences of ``text[start:end]`` as ``(start, end)`` in code points of ``text``.

    The spans are in order, do not overlap, begin and end without spaces, and cover every
    character that is not a space. Sentences end at ``. ! ? …`` with closing quotes, at CJK full
    stops, at bullets and line breaks (but for lines that were broken to a width); not at
    abbreviations, decimals, versions, addresses or ordinals.
    """
    end = len(text) if end is None else end
    spans: list[Span] = []
    begin = start
    for border in _borders(text, start, end):
        _add_trimmed(spans, text, begin, border)
        begin = border
    _add_trimmed(spans, text, begin, end)
    return spans


# What ends a sentence. One pass over the candidates; ``_ends_sentence`` judges full stops.
# Each alternative starts at the start of its run only: a page of dots must not take minutes.
_CLOSERS = "\"'”’»›)\\]」』）】*_"
_CANDIDATE = re.compile(
    rf"(?P<stop>(?<![.!?…])[.!?…]++[{_CLOSERS}]*+)(?=\s)"  # crashes. It …
    rf"|(?P<cjk>[。！？｡]++[{_CLOSERS}]*+)"
    r"|(?P<glued>(?<=[^\W\d_]{3})(?:[!?]++|\.)(?=[^\W\d_]))"  # crashes.It, please!!I
    r"|(?P<line>(?<![^\S\n])[^\S\n]*+\n\s*+)"
    r"|(?P<bullet>\s[•‣▪●·]\s)"
)
_BULLET = re.compile(r"(?:[-*+•‣▪●·–—]|\(?\d{1,2}[.)]|[a-z]\))[^\S\n]+")
_WORD = re.compile(r"[^\W_]\S*")
_UNSPACED_RUN = re.compile(f"[{UNSPACED}]+")
_LAST_TOKEN = re.compile(r"\S*$")
_ADDRESS = re.compile(r"[@/\\:]|www\.")
#: Lines longer than this may have been broken by a mail program (they break at 72 to 78).
_WRAPPED = 55


def _borders(text: str, start: int, end: int) -> Iterator[int]:
    for match in _CANDIDATE.finditer(text, start, end):
        where = match.end()
        kind = match.lastgroup
        if kind == "stop":
            if _ends_sentence(text, start, match, end):
                yield where
        elif kind == "glued":
            if _glues_sentences(text, start, match, end):
                yield where
        elif kind == "line":
            if _breaks_line(text, start, match, end):
                yield where
        elif kind == "bullet":
            yield match.start()
        else:
            yield where


def _ends_sentence(text: str, start: int, match: re.Match[str], end: int) -> bool:
    rest = _next_character(text, match.end(), end)
    if not rest:
        return False
    mark = match["stop"]
    if "!" in mark or "?" in mark:
        # »Really?« he said: a small letter after a closing quote goes on.
        return not (rest.islower() and mark[-1] not in "!?.…")
    if rest.islower():
        # Small letters start sentences in hasty writing, but not after dots of omission.
        return mark == "." and not _is_abbreviation(text, start, match, rest) and _is_full(match)
    return not _is_abbreviation(text, start, match, rest)


def _is_full(match: re.Match[str]) -> bool:
    """Whether the stop follows an ordinary word of some length (``works. but``, not ``ver. b``)."""
    token = _token_before(match)
    return len(token) >= 4 and token.isalpha()


def _is_abbreviation(text: str, start: int, match: re.Match[str], rest: str) -> bool:
    if not match["stop"].startswith(".") or match["stop"].startswith(".."):
        return False
    token = _token_before(match).lstrip("([\"'„“«")
    folded = token.lower()
    if folded in word_list("abbreviations", "always"):
        return True
    if folded in word_list("abbreviations", "number"):
        return rest.isdigit()
    if folded in word_list("abbreviations", "sometimes"):
        return not rest.isupper()
    if len(token) == 1 and token.isalpha():
        return token != "I" and rest.isalpha() and not _is_unspaced(token)
    if token.isdigit():
        # "1. First" at the start of a line, "am 3. September".
        before = text[max(start, match.start() - len(token) - 12) : match.start() - len(token)]
        if not before.strip(" \t") or before.rstrip(" \t").endswith("\n"):
            return True
        return len(token) <= 2 and bool(_ORDINAL_LEAD.search(before)) and rest.isalpha()
    return False


_ORDINAL_LEAD = re.compile(
    r"\b(?:am|vom|bis|zum|dem|den|der|ab|seit|im|die|das)\s+$", re.IGNORECASE
)


def _glues_sentences(text: str, start: int, match: re.Match[str], end: int) -> bool:
    """Whether ``crashes.Please`` lacks a space; not Node.js, file.Txt, an address or a number."""
    left = _token_before(match)
    right = text[match.end() : min(end, match.end() + 40)].split(maxsplit=1)[0]
    if _ADDRESS.search(left) or _ADDRESS.search(right):
        return False
    if match["glued"] != ".":
        return True
    clean = left.strip("(\"'")
    return (
        clean.isalpha() and clean[1:].islower()
        and right[:1].isupper() and (len(right) == 1 or right[1:2].islower() or right[1:2] in "'’")
        and "." not in right.rstrip(".")
        and match.end() + len(right) < end
    )  # fmt: skip


def _breaks_line(text: str, start: int, match: re.Match[str], end: int) -> bool:
    if match["line"].count("\n") > 1 or match.end() >= end:
        return True
    if _BULLET.match(text, match.end(), end):
        return True
    line_start = text.rfind("\n", start, match.start()) + 1 or start
    if match.start() - line_start < _WRAPPED:
        return True
    # A long line that stops in the middle and goes on with a small letter was broken to a width.
    return text[match.start() - 1] in ".!?…:;" or not text[match.end()].islower()


def _token_before(match: re.Match[str]) -> str:
    text = match.string
    found = _LAST_TOKEN.search(text, max(match.pos, match.start() - 40), match.start())
    return found[0] if found else ""


def _next_character(text: str, where: int, end: int) -> str:
    """Return the next character that is neither space nor an opening quote or bracket."""
    while where < end and (text[where].isspace() or text[where] in "\"'“„«‹([*_¿¡"):
        where += 1
    return text[where] if where < end else ""


def _is_unspaced(character: str) -> bool:
    return bool(_UNSPACED_RUN.match(character))


def _add_trimmed(spans: list[Span], text: str, begin: int, end: int) -> None:
    piece = text[begin:end]
    inner = piece.strip()
    if inner:
        begin += len(piece) - len(piece.lstrip())
        spans.append((begin, begin + len(inner)))
