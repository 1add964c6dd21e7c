"""Names of known people in running text."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import pairwise

from themeloom.base.text import UNSPACED, fold
from themeloom.base.words import stop_words, word_list
from themeloom.privacy.finding import Finding, Kind, Places


class KnownNames:
    """The names of authors and participants, ready to be found in many texts.

    A full name is found in any case. A first or last name alone is found where it has a capital,
    is three letters or longer and no everyday word (``words/name_words.txt``: Will, Rose, Koch);
    everyday words too where the full name stands in the same text, or where somebody is spoken to
    or signs: "Mr Koch", "Regards, Rose". A name in a script without spaces
    between words is found whole, its parts written apart or together.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._full: set[tuple[str, ...]] = set()
        self._longest: dict[str, int] = {}  # first part → parts of the longest such name
        self._alone: set[str] = set()
        self._everyday: set[str] = set()  # those that are everyday words
        #: What the token of each name stands for, as ``name_value`` has it.
        self.values: set[str] = set()
        unspaced: dict[str, str] = {}  # the name in one → its pattern
        for name in names:
            parts = _parts(name)
            if not parts:
                self.values.add(fold(name))
                continue
            if _UNSPACED.search(name):
                pieces = _pieces_of(name)
                unspaced["".join(pieces)] = f"{_APART}?".join(map(re.escape, pieces))
                self.values.add("".join(pieces))
                continue
            self.values.add(" ".join(parts))
            if len(parts) > 1:
                for order in (parts, (parts[-1], *parts[:-1])):
                    self._full.add(order)
                    self._longest[order[0]] = max(len(order), self._longest.get(order[0], 0))
            for part in parts:
                if len(part) >= 3 and part not in _PARTICLES:
                    (self._everyday if _is_everyday(part) else self._alone).add(part)
        known = [*self._longest, *self._alone, *self._everyday]
        self._pieces = {piece for key in known for piece in _SIMPLE.findall(key)}
        self._pieces |= {f"{piece}s" for piece in self._pieces}
        longest_first = sorted(unspaced, key=lambda name: (-len(name), name))
        alternatives = "|".join(unspaced[name] for name in longest_first)
        self._unspaced = re.compile(alternatives) if unspaced else None

    def may_be_in(self, text: str) -> bool:
        """Whether ``find`` is worth calling: quick, and never wrongly False."""
        if self._unspaced and self._unspaced.search(text):
            return True
        if not self._pieces:
            return False
        if text.isascii():
            # Parts of hyphened names are words of their own here.
            words = set(_SIMPLE.findall(text.lower()))
        else:
            words = {_key(word) for word in _SIMPLE.findall(text)}
        return not words.isdisjoint(self._pieces)

    def find(self, text: str) -> list[Finding]:
        """Return all places of known names."""
        words = [(match.start(), match.end(), _key(match[0])) for match in _WORD.finditer(text)]
        found: list[Finding] = []
        present: set[str] = set()
        index = 0
        while index < len(words):
            parts = self._full_at(text, words, index)
            if parts:
                start, end = (
                    words[index][0],
                    _without_genitive(text, *words[index + len(parts) - 1][:2]),
                )
                found.append(Finding(start, end, Kind.NAME, " ".join(parts)))
                present.update(part for part in parts if part not in _PARTICLES)
            index += max(1, len(parts))
        taken = Places()
        for finding in found:
            taken.add(finding.start, finding.end)
        for start, end, key in words:
            mentioned = text[start - 1 : start] == "@"  # @declan
            if not (text[start].isupper() or mentioned) or not taken.is_free(start, end):
                continue
            spoken_to = key in self._everyday and _ADDRESSED.search(text, max(0, start - 30), start)
            if key in self._alone or (key in present and len(key) > 1) or spoken_to:
                found.append(Finding(start, _without_genitive(text, start, end), Kind.NAME, key))
            elif self._is_german_genitive(key):
                found.append(Finding(start, end - 1, Kind.NAME, key[:-1]))
        if self._unspaced:
            found += [
                Finding(*match.span(), Kind.NAME, re.sub(_APART, "", match[0]))
                for match in self._unspaced.finditer(text)
            ]
        return found

    def _is_german_genitive(self, key: str) -> bool:
        """Whether a word is a name with an s: "Vogts Termin"."""
        return (
            key[-1:] == "s" and len(key) > 4 and key[:-1] in self._alone and not _is_everyday(key)
        )

    def _full_at(self, text: str, words: list[tuple[int, int, str]], index: int) -> tuple[str, ...]:
        for length in range(self._longest.get(words[index][2], 0), 1, -1):
            here = words[index : index + length]
            parts = tuple(key for _, _, key in here)
            if parts not in self._full:
                continue
            # Will May, but not "will may": names of everyday words need their capitals.
            if all(map(_is_everyday, parts)) and not all(text[at].isupper() for at, _, _ in here):
                continue
            if all(_GAP.fullmatch(text[a[1] : b[0]]) for a, b in pairwise(here)):
                return parts
        return ()


def words_of_names(names: Iterable[str]) -> frozenset[str]:
    """Return the words of persons' names that are masked where they stand alone, casefolded."""
    return frozenset(
        word.casefold()
        for name in names
        if (parts := set(_parts(name)))
        for word in _WORD.findall(name)
        if len(key := _key(word)) >= 3 and key in parts - _PARTICLES and not _is_everyday(key)
    )


class FileNames:
    """The names of known people in names of files: interview-anna_schmidt.md, AnnaSchmidt.vtt."""

    def __init__(self, names: Iterable[str]) -> None:
        self._values: dict[str, str] = {}  # as it stands in a file's name → the person
        for name in names:
            parts = " ".join(_parts(name))
            if not parts or _UNSPACED.search(name):
                self._values[name] = name_value(name)
                continue
            apart = _JOINTS.sub(" ", parts)
            self._values[apart] = parts
            if len(apart.split()) > 1:
                self._values["".join(apart.split())] = parts
        self._known = KnownNames(self._values)

    def find(self, name: str) -> list[Finding]:
        """Return all places of known names in the name of a file."""
        apart = "".join(letter if letter.isalnum() else " " for letter in name)
        words = _SIMPLE.sub(lambda word: _capital(word[0]), apart)
        found = self._known.find(words)
        if _UNSPACED.search(name):
            found += self._known.find(name)
        return [
            Finding(one.start, one.end, one.kind, self._values.get(one.value, one.value))
            for one in found
        ]


def _capital(word: str) -> str:
    """Return a word with a capital, as long as it was (ß has none of one letter)."""
    first = word[0].upper()
    return word if len(first) > 1 else first + word[1:]


def name_value(name: str) -> str:
    """Return what a name's token stands for: "Moriarty, Declan" is "declan moriarty"."""
    parts = _parts(name)
    if parts and _UNSPACED.search(name):
        return "".join(_pieces_of(name))
    return " ".join(parts) or fold(name)


_LETTERS = r"[^\W\d_]"
_WORD = re.compile(rf"{_LETTERS}+(?:['’\-]{_LETTERS}+)*")
_JOINTS = re.compile(r"[^\w\s]+")  # in Jean-Luc, O'Brien
_SIMPLE = re.compile(r"[^\W\d_]+")
#: Between the parts of a name; anna.schmidt and anna_schmidt are names by which people log in.
_GAP = re.compile(r"[ \u00a0]{1,2}|\.? (?:[A-Z]\. )?|, |[._]")
_UNSPACED = re.compile(f"[{UNSPACED}]")
#: What stands between the parts of a name in such a script: 山田 太郎, マイケル・グリーン.
_APART = r"[\s・･·]"
_ASIDE = re.compile(r"\([^)]*\)|（[^）]*）|\[[^\]]*\]|\"[^\"]*\"")
_ADDRESS = re.compile(r"\S*[@＠]\S*")
_DIGIT = re.compile(r"[\d²³¹⁰-₉]")
_SIMPLE_NAME = re.compile(r"[A-Za-z ]+")  # most are: nothing aside, nothing to turn round
_GENITIVE = re.compile(r"['’]s?$")
_TITLES = frozenset(
    "mr mrs ms mx miss dr prof professor sir dame herr frau hr fr m mme mlle monsieur madame sr sra "
    "srta don doña sig sig.ra dott dhr mevr pan pani ing mag msc mba phd jr sr ii iii md esq".split()
)
#: What stands before a name, and seldom before a word that is one as well.
_ADDRESSED = re.compile(
    r"(?:\b(?:(?:mr|mrs|ms|mx|dr|herrn?|frau|hr|mme|monsieur|madame|señora?|sra?|sig)\.?"
    r"|dear|hi|hello|hey|hallo|lieber?|my name is|ich heiße|mein name ist|je m['’]appelle|me llamo"
    r"|mi chiamo|(?:regards|sincerely|cheers|grüße|gruß|cordialement|saludos)[.,!]?)|\n[-–—]+)"
    r"[ \u00a0\n]{1,3}$",
    re.IGNORECASE,
)
_DESKS = frozenset("bot desk helpdesk office sales service success support system team".split())
_PARTICLES = frozenset(
    "van von der den de la le du des di da del della dos das ten ter af zu zum y e und and bin ibn al "
    "el st san santa mac o".split()
)


def _parts(name: str) -> tuple[str, ...]:
    """Return the folded parts of a person's name in speaking order, none for what is no name."""
    if "@" in name:
        name = _ADDRESS.sub(" ", name)  # Anna Schmidt <anna@example.com>
    if _DIGIT.search(name):
        return ()
    if not _SIMPLE_NAME.fullmatch(name):
        name = _ASIDE.sub(" ", name)
        last, comma, first = name.partition(",")
        if comma and 0 < len(last.split()) <= 3 and 0 < len(first.split()) <= 3:
            name = f"{first} {last}"
    parts = tuple(part for part in map(_key, _WORD.findall(name)) if part not in _TITLES)
    nobody = word_list("name_words", "nobody")
    if not parts or len(parts) > 6 or all(part in nobody or part in _PARTICLES for part in parts):
        return ()
    # "Acme Support Team" is no person: Acme would be masked wherever somebody speaks of it.
    if _DESKS.issuperset(parts[-1:]) and sum(part not in nobody | _DESKS for part in parts) < 2:
        return ()
    return parts


def _pieces_of(name: str) -> list[str]:
    """Return the parts of a name in a script without spaces, letter by letter as they are written.

    (Their marks are part of the letters: ガ without its own is カ.)
    """
    return [piece for piece in re.split(_APART, _ASIDE.sub(" ", name)) if piece]


@lru_cache(maxsize=1 << 16)
def _key(word: str) -> str:
    """Return a word for comparisons: folded, without accents and genitive."""
    if word.isascii() and word.isalpha():
        return word.lower()
    folded = fold(_GENITIVE.sub("", word))
    if folded.isascii():
        return folded
    letters = unicodedata.normalize("NFD", folded)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _is_everyday(part: str) -> bool:
    return part in _everyday_words()


@cache
def _everyday_words() -> frozenset[str]:
    return frozenset(_key(word) for word in word_list("name_words") | stop_words())


def _without_genitive(text: str, start: int, end: int) -> int:
    match = _GENITIVE.search(text[start:end])
    return start + match.start() if match else end
