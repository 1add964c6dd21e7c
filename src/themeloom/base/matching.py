"""Words of texts as search compares them: no case, no accents, scripts without spaces by character."""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from themeloom.base.text import UNSPACED


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is compared, and where it stands: code points of the text."""

    form: str
    start: int
    end: int


def searchable(text: str) -> str:
    """Return ``text`` as words with spaces between them, in the form in which they are compared.

    Small letters without accents, half and full width alike, spellings of Arabic unified. Each
    character of a script written without spaces (and each Korean syllable) is a word of its own:
    a run of them is found as a phrase, wherever its words begin.
    """
    return " ".join(text.translate(_FORMS).split())


def words_of(text: str) -> list[Word]:
    """Return the words of ``text`` with their places; their forms are those of ``searchable``."""
    if text.isascii():
        return [Word(found[0], *found.span()) for found in _ASCII_WORD.finditer(text.lower())]
    pieces = [_FORMS[ord(character)] for character in text]
    whole = "".join(pieces)
    ends: list[int] = []
    length = 0
    for piece in pieces:
        length += len(piece)
        ends.append(length)
    words: list[Word] = []
    for found in _RUN.finditer(whole):
        # A place in ``whole`` belongs to the first character whose piece ends behind it.
        start, end = bisect_right(ends, found.start()), bisect_right(ends, found.end() - 1) + 1
        while end < len(text) and not pieces[end]:
            end += 1  # an accent that stands alone belongs to the letter before it
        words.append(Word(found[0], start, end))
    return words


_ASCII_WORD = re.compile(r"[a-z0-9]+")
_RUN = re.compile(r"\S+")
#: Written without spaces, or with endings that nobody types in a search (Korean).
_ALONE = re.compile(f"[{UNSPACED}\u1100-\u11ff\uac00-\ud7af]")
#: Accents and vowel points. Marks of other scripts (Devanagari …) are letters to their readers.
_ACCENTS = re.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe2f"  # Latin, Greek, Cyrillic
    "\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]"  # Hebrew, Arabic
)
_LIKE = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h",
    "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ـ": "",
}  # fmt: skip


class _Forms(dict[int, str]):
    """What each character is compared as; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        form = self[code] = _form(chr(code))
        return form


_FORMS = _Forms()


def _form(character: str) -> str:
    if unicodedata.category(character) == "Cf":
        return ""  # soft hyphens, joiners, marks of direction
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    plain = _ACCENTS.sub("", plain)
    plain = "".join(_LIKE.get(letter, letter) for letter in plain)
    plain = unicodedata.normalize("NFC", plain)
    return "".join(map(_in_word, plain))


def _in_word(letter: str) -> str:
    if unicodedata.category(letter)[0] not in "LNM":
        return " "
    digit = unicodedata.decimal(letter, None)
    if digit is not None:
        return str(digit)
    return f" {letter} " if _ALONE.match(letter) else letter
