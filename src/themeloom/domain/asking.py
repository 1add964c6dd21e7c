"""Reading what a person types into search. Nothing is wrong: what is not understood are words.

``sync "forgets bookings" -invoice (android OR ios) kind:ticket score:<=6 date:2026-07..2026-09``
"""

import difflib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from themeloom.base.matching import searchable, words_of
from themeloom.domain.asking_values import ValueProblem, filter_names, filter_of
from themeloom.domain.finding import All, Either, Node, Not, Parsed, Words

#: More than anybody types; keeps a pasted page from becoming a query.
MOST_CHARACTERS = 1_000
MOST_PARTS = 64
_MOST_DEPTH = 20


def parse(text: str, segments: Collection[str] = ()) -> Parsed:
    """Return what ``text`` asks for; never raises.

    The word at the very end may go on (it is still being typed), any other with a ``*``. Names of
    filters and states are compared without case and accents; AND, OR, NOT are in capitals.

    Args:
        text: as typed.
        segments: names of the project's segments, each a filter of its own.
    """
    reader = _Reader(segments)
    lexemes = list(reader.lexemes(text[:MOST_CHARACTERS]))
    if len(text) > MOST_CHARACTERS or len(lexemes) > MOST_PARTS:
        reader.note("This is too long to search for as a whole; only its beginning was used.")
    tree = _Grammar(lexemes[:MOST_PARTS], reader).whole()
    return Parsed(tree, reader.message)


class _Sign(StrEnum):
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    OPEN = "("
    CLOSE = ")"


@dataclass(frozen=True, slots=True)
class _Lexeme:
    sign: _Sign | None = None
    node: Node | None = None  # None with no sign: a filter set aside


_QUOTES = {'"': '"', "“": '”"“', "„": '“”"', "«": "»", "「": "」", "『": "』"}
_FIELD = re.compile(r"([^\W\d_][^\s:\"()]*):(?!//)")
_BARE = re.compile(r"[^\s\"“”„«»「」『』]+")
_SIGNS = {"AND": _Sign.AND, "&&": _Sign.AND, "OR": _Sign.OR, "|": _Sign.OR, "||": _Sign.OR}


class _Reader:
    """Cuts the line into words, phrases, filters and signs."""

    def __init__(self, segments: Collection[str]) -> None:
        self._filters = filter_names(segments)
        self.message: str | None = None

    def note(self, message: str) -> None:
        """Keep the first thing that there is to say."""
        self.message = self.message or message

    def lexemes(self, text: str) -> Iterator[_Lexeme]:
        at = 0
        while at < len(text):
            character = text[at]
            if character.isspace():
                at += 1
            elif character in "(（":
                yield _Lexeme(_Sign.OPEN)
                at += 1
            elif character in ")）":
                yield _Lexeme(_Sign.CLOSE)
                at += 1
            elif character in "-−–" and text[at + 1 : at + 2].strip():
                yield _Lexeme(_Sign.NOT)
                at += 1
            elif character in _QUOTES:
                at, phrase = _quoted(text, at)
                yield from self._words(phrase, open=at >= len(text) and text[-1] == phrase[-1:])
            else:
                at, found = self._bare(text, at)
                yield from found

    def _bare(self, text: str, at: int) -> tuple[int, list[_Lexeme]]:
        name = _FIELD.match(text, at)
        if name and (known := self._filters.get(searchable(name[1]))):
            return self._filter(text, name, known)
        found = _BARE.match(text, at)
        if not found:  # a closing quote without an opening one
            return at + 1, []
        word = _before_stray_bracket(found[0])
        end = at + len(word)
        if word in _SIGNS:
            return end, [_Lexeme(_SIGNS[word])]
        if word == "NOT":
            return end, [_Lexeme(_Sign.NOT)]
        if name and (
            meant := difflib.get_close_matches(searchable(name[1]), self._filters, 1, 0.75)
        ):
            self.note(f"There is no filter “{name[1]}:”. Did you mean “{meant[0]}:”?")
        return end, list(self._words(word, open=end == len(text) or word.endswith("*")))

    def _filter(self, text: str, name: re.Match[str], known: str) -> tuple[int, list[_Lexeme]]:
        end = name.end()
        if text[end : end + 1] in _QUOTES and end < len(text):
            end, value = _quoted(text, end)
            values = [value]
        else:
            found = _BARE.match(text, end)
            value = _before_stray_bracket(found[0]) if found else ""
            end += len(value)
            values = [part for part in re.split("[,;，、]", value) if part.strip()]
        try:
            return end, [_Lexeme(node=filter_of(known, values))]
        except ValueProblem as problem:
            self.note(str(problem))
            if end == len(text) or not values:
                # Still being typed: as words it would empty the list for a moment.
                return end, [_Lexeme()]
            return end, list(self._words(text[name.start() : end], open=False))

    def _words(self, text: str, *, open: bool) -> Iterator[_Lexeme]:
        forms = tuple(word.form for word in words_of(text))
        if forms:
            yield _Lexeme(node=Words(forms[:MOST_PARTS], open))


def _quoted(text: str, at: int) -> tuple[int, str]:
    """Return where the phrase that opens at ``at`` ends, and what stands in it."""
    closers = _QUOTES[text[at]]
    end = next((place for place in range(at + 1, len(text)) if text[place] in closers), len(text))
    return min(end + 1, len(text)), text[at + 1 : end]


def _before_stray_bracket(word: str) -> str:
    """Return ``word`` up to a closing bracket that closes none of its own: "user(s)" is whole."""
    depth = 0
    for place, character in enumerate(word):
        depth += (character in "(（") - (character in ")）")
        if depth < 0:
            return word[:place]
    return word


class _Grammar:
    """NOT binds tighter than AND (or nothing between), and that tighter than OR."""

    def __init__(self, lexemes: list[_Lexeme], reader: _Reader) -> None:
        self._lexemes = lexemes
        self._reader = reader
        self._at = 0

    def whole(self) -> Node | None:
        """Return the tree of all lexemes."""
        parts: list[Node] = []
        while self._at < len(self._lexemes):
            parts += self._either(0)
            if self._sign() is _Sign.CLOSE:
                self._reader.note("A closing bracket had no opening one and was left out.")
                self._at += 1
        return _joined(parts)

    def _either(self, depth: int) -> list[Node]:
        parts: list[Node] = []
        while True:
            part = _joined(self._all(depth))
            more = self._sign() is _Sign.OR
            last = self._at + 1 >= len(self._lexemes)
            if part is not None:
                parts.append(part)
            elif more or (parts and not last):
                self._reader.note("OR needs words on both sides; it was left out.")
            if not more:
                break
            self._at += 1
        return [Either(tuple(parts))] if len(parts) > 1 else parts

    def _all(self, depth: int) -> list[Node]:
        parts: list[Node] = []
        while self._at < len(self._lexemes):
            sign = self._sign()
            if sign in (_Sign.OR, _Sign.CLOSE):
                break
            if sign is _Sign.AND:
                if not parts:
                    self._reader.note("AND needs words on both sides; it was left out.")
                self._at += 1
                continue
            part = self._one(depth)
            if part is not None:
                parts.append(part)
        return parts

    def _one(self, depth: int) -> Node | None:
        negated = False
        while self._sign() is _Sign.NOT:
            negated = not negated
            self._at += 1
        part = None
        if self._sign() is _Sign.OPEN:
            self._at += 1
            if depth < _MOST_DEPTH:
                part = _joined(self._either(depth + 1))
                if self._sign() is _Sign.CLOSE:
                    self._at += 1
        elif self._at < len(self._lexemes) and self._sign() is None:
            part = self._lexemes[self._at].node
            self._at += 1
        return Not(part) if negated and part is not None else part

    def _sign(self) -> _Sign | None:
        return self._lexemes[self._at].sign if self._at < len(self._lexemes) else None


def _joined(parts: list[Node]) -> Node | None:
    if len(parts) < 2:
        return parts[0] if parts else None
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, All) else [part]
    return All(tuple(flat))
