"""Phrases that end a message: "Thanks, Bob", "Mit freundlichen Grüßen"."""

import re

from themeloom.base.text import fold
from themeloom.base.words import stop_words, word_list
from themeloom.importers.noise.lines import SENTENCE_WORDS

#: What may stand around a word of a signature.
TRIM = " \t,.!;:。、！…-–—*_~)(\"'🙏🙂😊👍😀☺️🙌"


def is_closing(text: str) -> bool:
    """Whether a line or sentence only ends a message: "Thanks, Bob", "Mit freundlichen Grüßen"."""
    folded = fold(text).strip(TRIM)
    closings = word_list("closings")
    if folded in closings:
        return True
    words = text.split()
    if not 1 < len(words) <= 9 or text.rstrip().endswith("?"):
        return False
    for count in range(min(6, len(words) - 1), 0, -1):
        lead = " ".join(words[:count])
        phrase = fold(lead).strip(TRIM)
        if phrase not in closings:
            continue
        paused = lead.rstrip()[-1] in ",.!;:-–—"
        if count == 1 and not paused and len(phrase) < _LONG_ENOUGH and phrase not in _SURE_SHORT:
            return False
        rest = words[count:]
        if is_closing(" ".join(rest)) or all(_may_follow(word) for word in rest):
            return True
        return bool(
            _REGARDS.search(phrase) and _FROM.match(fold(" ".join(rest))) and not says(rest)
        )
    return False


def is_free_closing(text: str) -> bool:
    """Whether a line above a name closes in words of its own: "Yours in frustration"."""
    words = text.split()
    if not 0 < len(words) <= 6 or text[-1] in ".?!:" or says(words):
        return False
    return text.endswith(",") or any(
        fold(" ".join(words[:count])).strip(TRIM) in word_list("closings")
        for count in range(1, min(4, len(words)))
    )


def _may_follow(word: str) -> bool:
    """Whether a word after a closing phrase only names somebody."""
    bare = word.strip(TRIM)
    if not bare:
        return True
    folded = fold(bare)
    if folded in word_list("addressees"):
        return True
    return bare[:1].isupper() and folded not in stop_words("en") and folded not in SENTENCE_WORDS


def says(words: list[str]) -> bool:
    """Whether one of the words belongs to a sentence; with a capital it is a name (IT, Does It)."""
    return any(
        fold(word).strip(TRIM) in SENTENCE_WORDS
        for index, word in enumerate(words)
        if word[:1].islower()
        or word[:2] in ("I", "I'", "I’")
        or (index == 0 and not word.isupper())
    )


_REGARDS = re.compile(
    r"regards|wishes|greetings|grüße|grüsse|gruß|gruss|saludos?|salutations|groet|hälsning|hilsen|"
    r"pozdr|cumprimentos|saluti|cheers|thanks|love"
)
_FROM = re.compile(r"^(?:from|aus|von|vom|de|du|des|da|dal|dalla|desde|van|uit|från|fra|z|ze)\b")
#: Short closings that also start sentences: a comma or the line's end has to follow.
_LONG_ENOUGH = 6
_SURE_SHORT = frozenset(
    {"thx", "thanx", "thnx", "danke", "merci", "tack", "takk", "mfg", "lg", "mvh"}
)
