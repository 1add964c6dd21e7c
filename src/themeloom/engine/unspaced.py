"""Words of Chinese texts, which have no spaces: told by what the texts themselves repeat."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping

import polars as pl

_LOOKED_AT = 20_000  # runs that show what is repeated
_LONGEST = 4  # signs of a word
_REPEATED = 2  # runs that hold a word
_RUN = re.compile(r"[\u3400-\u9fff]{3,}")  # two signs by themselves are a word
_HAN, _KANA = r"[\u3400-\u9fff]", r"[\u3041-\u30ff]"
_FEW_KANA = 0.1  # against the other signs: more of it is Japanese, where it parts the words


def is_chinese(texts: pl.Series) -> bool:
    """Return whether texts are mostly written in Chinese signs, and not in Japanese."""
    signs, kana, letters = (
        int(texts.str.count_matches(pattern).sum() or 0) for pattern in (_HAN, _KANA, r"\p{L}")
    )
    return 2 * signs > letters and kana <= _FEW_KANA * signs


def part_words(texts: pl.Series) -> pl.Series:
    """Return Chinese ``texts`` with a space between their words.

    Of all ways to part a run of signs that one is taken whose words are repeated most, longer ones
    counting more: the sum of (length - 1) · log(runs that hold the word).
    """
    runs = texts.str.extract_all(_RUN.pattern).explode().drop_nulls().unique().sort()
    worth = _worth(runs.gather_every(max(1, len(runs) // _LOOKED_AT)))
    parted = {run: " ".join(_parted(run, worth)) for run in runs}

    def apart(text: str) -> str:
        return _RUN.sub(lambda found: parted[found[0]], text)

    return texts.map_elements(apart, pl.String)


def _worth(runs: Iterable[str]) -> dict[str, float]:
    """Return what each repeated word is worth."""
    held = Counter(
        word
        for run in runs
        for word in {
            run[start : start + length]
            for length in range(2, _LONGEST + 1)
            for start in range(len(run) - length + 1)
        }
    )
    return {
        word: (len(word) - 1) * math.log(count)
        for word, count in held.items()
        if count >= _REPEATED
    }


def _parted(run: str, worth: Mapping[str, float]) -> list[str]:
    """Return the words of a run, single signs where nothing is repeated (Viterbi)."""
    best = [0.0] * (len(run) + 1)
    begin = list(range(-1, len(run)))
    for end in range(1, len(run) + 1):
        best[end] = best[end - 1]
        for length in range(2, min(_LONGEST, end) + 1):
            value = worth.get(run[end - length : end])
            if value is not None and best[end - length] + value > best[end]:
                best[end], begin[end] = best[end - length] + value, end - length
    words: list[str] = []
    end = len(run)
    while end:
        words.append(run[begin[end] : end])
        end = begin[end]
    return words[::-1]
