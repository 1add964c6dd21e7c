"""Where a text may pass from one matter to the next: found from how the corpus' sentences begin."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from themeloom.base.text import count_words, sentence_spans
from themeloom.base.words import stop_words, word_list, word_sections

#: Words that each side of a border has at least.
LEAST_WORDS = 3
#: Borders of a text that are looked at, the likeliest ones.
MOST_BORDERS = 2

_SENTENCE, _JOINT = 3.0, 2.0  # how likely a border is; that of a beginning is its share, 0 to 1
_LEAST_SHARE = 0.4  # of the uses of two words that stand where a sentence begins
_LEAST_BEGINNINGS = 5
_SENTENCES_PER_BEGINNING = 2000
_NEVER_LAST = 0.02  # share of a word's uses at the end of a sentence, under which one goes on
_USES_TO_TELL = 20
_WORD = re.compile(r"\S+")
_SIGNS = ".,!?;:…\"'“”„«»()[]*_"
_CLAUSE = re.compile(r"[;；](?:\s+|$)|[、，]|\s[–—]\s")


class Borders:
    """Borders inside texts of a corpus.

    A border is the end of a sentence, a word that joins clauses, or a place where two words stand
    that mostly begin sentences of this corpus ("how do", "i need"), unless the word before them
    hardly ever ends one ("what food do | i need").
    """

    def __init__(self, texts: Sequence[str]) -> None:
        """Learn how sentences of ``texts`` begin and end; a sample of many texts will do."""
        sentences = [
            _words(text[start:end]) for text in texts for start, end in sentence_spans(text)
        ]
        sentences = [words for words in sentences if words]
        beginnings = Counter((words[0], words[1]) for words in sentences if len(words) > 1)
        least = max(_LEAST_BEGINNINGS, len(sentences) // _SENTENCES_PER_BEGINNING)
        begun = {pair: count for pair, count in beginnings.items() if count >= least}
        used: Counter[tuple[str, str]] = Counter()
        uses: Counter[str] = Counter()
        for words in sentences:
            uses.update(words)
            used.update(pair for pair in pairwise(words) if pair in begun)
        last = Counter(words[-1] for words in sentences)
        shares = {pair: count / used[pair] for pair, count in begun.items()}
        self._beginnings = {pair: share for pair, share in shares.items() if share >= _LEAST_SHARE}
        self._going_on = {
            word
            for word, count in uses.items()
            if count >= _USES_TO_TELL and last[word] < _NEVER_LAST * count
        }

    def inside(self, text: str, start: int, end: int, language: str | None) -> list[int]:
        """Return the likeliest borders inside ``text[start:end]``, at most 2, the likeliest first.

        On each side of a border are at least 3 words, one of them no mere function word.

        Args:
            text: any.
            start: in code points, as the borders are.
            end: the same.
            language: ISO 639-1; None is taken for English.
        """
        joints, small = _joining(language or "en")
        found: dict[int, float] = {}
        for begin, _ in sentence_spans(text, start, end)[1:]:
            found[begin] = _SENTENCE
        for match in _CLAUSE.finditer(text, start, end):
            found.setdefault(match.end(), _JOINT)
        words = list(_WORD.finditer(text, start, end))
        if len(words) >= 2 * LEAST_WORDS:
            plain = [_plain(word[0]) for word in words]
            for place in range(LEAST_WORDS, len(words) - LEAST_WORDS + 1):
                likely = self._likely(plain, place, joints)
                if likely:
                    found.setdefault(words[place].start(), likely)
        fitting = [
            (-likely, border)
            for border, likely in found.items()
            if _tells(text[start:border], small) and _tells(text[border:end], small)
        ]
        return [border for _, border in sorted(fitting)[:MOST_BORDERS]]

    def _likely(self, words: Sequence[str], place: int, joints: frozenset[str]) -> float:
        if words[place] in joints:
            # The joining word is none of what it joins.
            return _JOINT if len(words) - place > LEAST_WORDS else 0.0
        before = words[place - 1]
        if before in joints or before in self._going_on:
            return 0.0
        return self._beginnings.get((words[place], words[place + 1]), 0.0)


@cache
def _joining(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words that join clauses, and all function words."""
    known = language in word_sections("joints")
    return word_list("joints", language) if known else frozenset(), stop_words(language)


def _tells(text: str, small: frozenset[str]) -> bool:
    return count_words(text) >= LEAST_WORDS and any(word not in small for word in _words(text))


def _words(text: str) -> list[str]:
    return [word for word in map(_plain, _WORD.findall(text)) if word]


def _plain(word: str) -> str:
    return word.lower().strip(_SIGNS)
