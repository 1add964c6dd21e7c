"""Sentences into groups that are about one point each."""

import re
from functools import cache
from itertools import pairwise

from themeloom.base.text import UNSPACED, Span, count_words, fold
from themeloom.base.words import word_list

#: A group has at most so many sentences and words …
SENTENCES_AT_MOST = 3
WORDS_AT_MOST = 50
#: … and at least so many words, where a neighbour can be joined.
WORDS_AT_LEAST = 8
#: From so many words on only a sentence that plainly goes on ("It …", "So …") is added.
WORDS_ENOUGH = 25
#: Sentences longer than this are cut at clauses.
LONGEST_SENTENCE = 80
_HEADING_WORDS = 3


def group_sentences(text: str, sentences: list[Span]) -> list[Span]:
    """Return spans of 1 to 3 sentences and about 8 to 50 words, in order.

    Paragraphs are not joined, but for remarks of a few words; list items always stay apart and
    lose their bullet, headings of a few words with a colon are left out. Within a paragraph a sentence joins the group before it while that is short
    or the sentence goes on with its point, by its first words (``words/new_points.txt``). Very
    short sentences join a neighbour. Only sentences of more than 80 words are cut, at a clause.
    """
    groups: list[Span] = []
    joinable = False  # whether the last group may take a short remark of the next paragraph
    paragraphs = _paragraphs(text, sentences)
    for paragraph, is_list_item in paragraphs:
        if len(paragraphs) > 1 and len(paragraph) == 1 and _is_heading(text, paragraph[0]):
            continue
        spans = [cut for sentence in paragraph for cut in _cut_long(text, sentence)]
        if is_list_item:
            spans = [_without_bullet(text, spans[0]), *spans[1:]]
        made = _group(text, spans)
        if (
            groups
            and joinable
            and not is_list_item
            and len(made) == 1
            and _fits(text, groups[-1], made[0])
        ):
            groups[-1] = (groups[-1][0], made[0][1])
        else:
            groups += made
        joinable = not is_list_item
    return groups


_BULLET = re.compile(r"(?:[-*+•‣▪●·–—]|\(?\d{1,2}[.)]|[a-z]\))\s+")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n|\u2029")
_CLAUSE = re.compile(
    r"[,;:–—]\s+|[、，；]|\s+(?=(?:and|but|because|so|which|then|und|aber|weil|denn|et|mais|parce|y|pero|"
    r"porque|e|ma|perché|en|maar|omdat|mas|ale|i|och|men)\s)"
)


def _paragraphs(text: str, sentences: list[Span]) -> list[tuple[list[Span], bool]]:
    """Cut the sentences at blank lines and list items; each with whether it is a list item."""
    found: list[tuple[list[Span], bool]] = []
    for before, sentence in pairwise([None, *sentences]):
        if sentence is None:
            continue
        is_item = bool(_BULLET.match(text, *sentence)) and _starts_line(text, sentence[0])
        gap = text[before[1] : sentence[0]] if before else "\n\n"
        # A line without a bullet below a list item goes on with it, unless the line is new.
        goes_on = bool(found) and not is_item and not _BLANK_LINE.search(gap)
        if goes_on and found[-1][1] and "\n" in gap:
            goes_on = text[sentence[0]].islower()
        if goes_on:
            found[-1][0].append(sentence)
        else:
            found.append(([sentence], is_item))
    return found


def _is_heading(text: str, sentence: Span) -> bool:
    said = text[slice(*sentence)]
    return said.endswith(":") and count_words(said) <= _HEADING_WORDS


def _starts_line(text: str, where: int) -> bool:
    before = text[max(0, where - 40) : where].rstrip(" \t")
    return before[-1:] in ("", "\n") or text[where] in "•‣▪●·"


def _without_bullet(text: str, span: Span) -> Span:
    bullet = _BULLET.match(text, *span)
    return (bullet.end(), span[1]) if bullet and bullet.end() < span[1] else span


def _group(text: str, sentences: list[Span]) -> list[Span]:
    groups: list[Span] = []
    count = words = 0
    for start, end in sentences:
        more = count_words(text[start:end])
        room = count < SENTENCES_AT_MOST and words + more <= WORDS_AT_MOST
        if groups and room and _joins(text[start:end], words, more):
            groups[-1] = (groups[-1][0], end)
            count, words = count + 1, words + more
        elif (
            groups and more < WORDS_AT_LEAST // 2 and words + more <= WORDS_AT_MOST + WORDS_AT_LEAST
        ):
            groups[-1] = (groups[-1][0], end)  # "Any idea?" belongs to what it asks about
            words += more
        else:
            groups.append((start, end))
            count, words = 1, more
    return _join_short(text, groups)


def _joins(sentence: str, words: int, more: int) -> bool:
    if words < WORDS_AT_LEAST or more < WORDS_AT_LEAST // 2:
        return True
    lead = _lead(sentence)
    if _starts_with(lead, "new"):
        return False
    return words < WORDS_ENOUGH or _starts_with(lead, "continued")


def _lead(sentence: str) -> str:
    return fold(sentence[:40]).lstrip("\"'(-*•¿¡ ")


def _starts_with(lead: str, section: str) -> bool:
    known = _by_start(section)
    for phrase in (*known.get(lead[:2], ()), *known.get(lead[:1], ())):
        if lead.startswith(phrase):
            after = lead[len(phrase) : len(phrase) + 1]
            if not after.isalnum() or not phrase[-1].isascii():
                return True
    return False


@cache
def _by_start(section: str) -> dict[str, list[str]]:
    """Return the phrases of a section by their first two letters: most leads match none."""
    found: dict[str, list[str]] = {}
    for phrase in sorted(word_list("new_points", section)):
        found.setdefault(phrase[:2], []).append(phrase)
    return found


def _join_short(text: str, groups: list[Span]) -> list[Span]:
    """Join groups of a few words with the group before them, or else the one after."""
    joined: list[Span] = []
    for group in groups:
        if joined and (_fits(text, joined[-1], group) or _fits(text, group, joined[-1])):
            joined[-1] = (joined[-1][0], group[1])
        else:
            joined.append(group)
    return joined


def _fits(text: str, group: Span, short: Span) -> bool:
    """Whether ``short`` is too short to stand alone and ``group`` has room for it."""
    words = count_words(text[slice(*short)])
    room = WORDS_AT_MOST + WORDS_AT_LEAST - count_words(text[slice(*group)])
    return words < WORDS_AT_LEAST and words <= room


def _cut_long(text: str, sentence: Span) -> list[Span]:
    """Cut a sentence of more than 80 words at clauses, or between words where there are none."""
    start, end = sentence
    if end - start < 2 * LONGEST_SENTENCE:  # a word takes two characters at least
        return [sentence]
    pieces: list[Span] = []
    while _after_words(text, start, end, LONGEST_SENTENCE) < end:
        limit = _after_words(text, start, end, WORDS_AT_MOST)
        earliest = _after_words(text, start, end, WORDS_AT_LEAST)
        borders = [match.end() for match in _CLAUSE.finditer(text, earliest, limit)]
        cut = borders[-1] if borders else limit
        pieces.append((start, start + len(text[start:cut].rstrip())))
        start = cut
    pieces.append((start, end))
    return pieces


def _after_words(text: str, start: int, end: int, words: int) -> int:
    """Return where the word after the first ``words`` words starts, or ``end``."""
    for match in _WORD_OR_PAIR.finditer(text, start, end):
        if words == 0:
            return match.start()
        words -= 1
    return end


#: A word, or two characters of a script without spaces (``count_words``).
_WORD_OR_PAIR = re.compile(
    rf"[{UNSPACED}]{{1,2}}|(?:(?![{UNSPACED}])[^\W_])(?:(?![{UNSPACED}])\S)*"
)
