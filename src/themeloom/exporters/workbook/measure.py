"""How high a row must be so that its wrapped texts are not clipped.

Widths are those of Calibri. Where it is missing another font stands in, and the columns, which are
counted in its digits, grow with it.
"""

from functools import lru_cache

#: Excel's highest row, in points.
HIGHEST = 409.0

_LINE = 1.33  # line pitch as a multiple of the font size, rounded up
_PADDING = 8.0  # points above and below the text together
_SAFETY = 1.06  # for bold type and stand-in fonts

# Advance widths of Calibri in thousandths of an em, a to z.
_DIGIT = 0.507
_LOWER = "479 525 423 525 498 305 471 525 229 239 455 229 799 525 527 525 525 349 391 335 525 452 715 433 453 395"
_WIDTHS = {
    **{chr(97 + place): int(width) / 1000 for place, width in enumerate(_LOWER.split())},
    **dict.fromkeys(" \u00a0", 0.226),
    **dict.fromkeys("!'.,:;|’‘Ij", 0.26),
    **dict.fromkeys('()[]-“”"/', 0.39),
    **dict.fromkeys("mwMW@%—…QOGD", 0.83),
}


def row_height(texts: list[tuple[str, float]], size: float = 11) -> float:
    """Return the height in points of a row that holds these (text, column width) pairs.

    ``width`` is the column's width in Excel's unit (digits of the default font).
    """
    lines = max((count_lines(text, width, size) for text, width in texts), default=1)
    return min(HIGHEST, round(lines * size * _LINE + _PADDING, 1))


def line_width(text: str, size: float = 11) -> float:
    """Return how wide a column, or several, must be to show ``text`` in one line."""
    return _em(text) * _SAFETY * size / (_DIGIT * 11)


@lru_cache(maxsize=4096)
def count_lines(text: str, width: float, size: float = 11) -> int:
    """Return how many lines ``text`` takes when it is wrapped at words in a column."""
    room = width * _DIGIT * 11 / size
    return sum(_lines_of(paragraph, room) for paragraph in text.split("\n"))


def _lines_of(paragraph: str, room: float) -> int:
    lines, used = 1, 0.0
    space = _em(" ") * _SAFETY
    for word in paragraph.split(" "):
        need = _em(word) * _SAFETY
        if used and used + space + need > room:
            lines += 1
            used = 0.0
        if need > room:  # a word that is longer than the line breaks anywhere
            extra = int(need // room)
            lines += extra
            need -= extra * room
        used += need + (space if used else 0)
    return lines


def _em(text: str) -> float:
    return sum(_character(character) for character in text)


@lru_cache(maxsize=4096)
def _character(character: str) -> float:
    if character in _WIDTHS:
        return _WIDTHS[character]
    if character.isascii():
        return 0.6 if character.isupper() else _DIGIT
    if "\u1100" <= character <= "\u11ff" or "\u2e80" <= character <= "\uffdc":
        return 1.0  # CJK and full-width forms
    if ord(character) > 0xFFFF:
        return 1.3  # emoji
    return 0.6
