"""Words of all texts read once, and the vectorizer that hands BERTopic its counts from them.

BERTopic gets row numbers as documents. Stock counting would tokenise the corpus again on every
merge and count phrases across the borders of joined documents (facts: P3, P11, P12).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator

from themeloom.base.words import stop_words
from themeloom.engine.unspaced import is_chinese, part_words
from themeloom.engine.wording import (
    BE,
    BEFORE_NOUN,
    BEFORE_VERB,
    FOREIGN_NEGATIONS,
    THINGS,
    Part,
    is_participle,
    part_of,
    stem,
)

Ints = NDArray[np.int64]

# E-mail and web addresses are nobody's theme; mask tokens and numbers neither.
_ADDRESSES = r"\S+@\S+|(?i:https?://|www\.)\S+|\[[A-Z]+_[0-9a-f]+\]"
_TOKENS = (
    r"\d+(?:[.,:]\d+)+"  # 3.5, 10:30
    r"|\p{L}[-‐‑]\p{L}[\p{L}\p{M}]*"  # e-mail
    r"|[\p{L}\p{N}\p{M}]+(?:['’&][\p{L}\p{N}\p{M}]+)*-?"  # a word; "two-" of "two-factor"
    r"|[^\s\p{L}\p{N}\p{M}]|\n"  # borders
)
# Japanese has no spaces: a run of Kanji or Katakana is about a word, with the first sign of its ending
# where it is a single Kanji; a run of Hiragana is what joins words.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}ー"
_TOKENS_ANYWHERE = (
    r"[\p{Katakana}ー]+|\p{Han}{2,}|\p{Han}[\p{Hiragana}--[がのをにはでともへやな]]?|\p{Hiragana}+|"
    + _TOKENS.replace(r"[\p{L}\p{N}\p{M}]", rf"[\p{{L}}\p{{N}}\p{{M}}--[{_UNSPACED}]]")
)
_HIRAGANA = re.compile(r"[\u3041-\u309f]+")
# What joins two words stands before the rest of its run: "電池 が もたない".
_PARTICLE = r"([\p{Han}\p{Katakana}ー][がをはにの])(\p{Hiragana})"
# Japanese denies at the end of a verb, in several forms.
_DENIAL = re.compile(r"([\u3041-\u309f]*?)(?:ない|なかった|なくて|ません)[\u3041-\u309f]*")
_SINGLE = re.compile(r"[\u3400-\u9fff]")  # mostly no word of its own: "的", "又", "太"
_VERB = re.compile(r"([\u3400-\u9fff])[\u3041-\u309f]")  # "届か", "届き"
_BETWEEN_SIGNS = re.compile(r"(?<=[\u3040-\u30ff\u3400-\u9fff]) (?=[\u3040-\u30ff\u3400-\u9fff])")
# (pattern, replacement), in this order: negations get a word of their own, other endings go.
_ENGLISH: tuple[tuple[str, str], ...] = (
    (r"(?i)\b(can)(?: ?not\b|n?['’`]?t\b)", "cannot"),
    (r"(?i)\bwo(n['’`]t)\b", "will not"),
    (r"(?i)\bain['’`]?t\b", "is not"),
    (
        r"(?i)\b(did|do|does|is|was|are|were|have|has|had|would|could|should|need)n['’`]?t\b",
        "${1} not",
    ),
    (r"(?i)\b(would|['’`]d) (?:like|love) to\b", " want to"),
    (r"(?i)['’`](?:m|ve|re|ll|d|s)\b", ""),
)
_ENGLISH_CHECK = 20_000
_ENGLISH_SHARE = 0.22
_RATHER_NOUN = 0.45
_QUALITY, _SEEN_AS_THING = re.compile(r"..(?:abl|ibl|ful|less|ous)$"), 0.8
_STATES = BE | {"so", "too", "very", "really"}
_OPENS_QUESTION = frozenset("what who which where when how why".split())
_ARTICLE = re.compile(
    r"d(?:er|ie|as|en|em|es)|[kmds]?ein(?:e[nmrs]?)?|ihre?[nmrs]?|unser(?:e[nmrs]?)?|eure?[nmrs]?"
    r"|(?:dies|jed|jen|all|viel|wenig)e[nmrs]?|im|am|zum|zur|beim|vom|ins|ans"
)
_NOUNS_LARGE = 0.3  # of the weighty words in the middle of clauses have a capital
_PLURAL = 0.1  # of a noun's uses: so often it is a thing that is counted
_COMMON = frozenset(
    "the a an i to is my it of and for in on this that with not you was can do have are what how we"
    " me be when there please if from".split()
)


@dataclass(frozen=True)
class Corpus:
    """All words of all texts, in reading order, as numbers.

    ``surfaces`` are the distinct spellings, sorted. Per word in reading order, ``word`` points into
    them, ``row`` at the text, and ``kind`` holds its Part. ``stems`` holds, per spelling, the number
    of its stem in ``stem_names``. Rows from ``texts`` on are headings (subjects of tickets), which
    lend titles their wording; ``heading_of_row`` points at them, or is -1.
    """

    texts: int
    rows: int
    heading_of_row: Ints
    surfaces: list[str]
    lowers: list[str]
    word: NDArray[np.int32]
    row: NDArray[np.int32]
    kind: NDArray[np.int8]
    stems: NDArray[np.int32]
    stem_names: list[str]
    english: bool

    @cached_property
    def stem_of(self) -> NDArray[np.int32]:
        """Per token: the number of its stem."""
        return self.stems[self.word]

    @cached_property
    def stem_number(self) -> dict[str, int]:
        """Place of each stem in ``stem_names``."""
        return {name: number for number, name in enumerate(self.stem_names)}

    @cached_property
    def verbs(self) -> frozenset[str]:
        """Stems that people use as verbs: in a form of the past or on -ing, and seldom as things."""
        formed = (
            int(number)
            for number, lower in zip(self.stems, self.lowers, strict=True)
            if is_participle(lower) or (len(lower) > 5 and lower.endswith("ing"))
        )
        return frozenset(
            self.stem_names[number] for number in formed if self.nounness[number] < _RATHER_NOUN
        )

    @cached_property
    def spelling(self) -> list[str]:
        """Per stem: its most frequent spelling in lower case (ties: the shortest, then by letters)."""
        counts = np.bincount(self.word, minlength=len(self.surfaces))
        totals: dict[tuple[int, str], int] = {}
        for number, lower, count in zip(self.stems, self.lowers, counts, strict=True):
            key = (int(number), lower)
            totals[key] = totals.get(key, 0) + int(count)
        best = [(0, 0, "")] * len(self.stem_names)
        for (number, lower), count in totals.items():
            best[number] = min(best[number], (-count, len(lower), lower))
        return [lower for _, _, lower in best]

    def in_plural(self, phrase: str) -> str:
        """Return a noun phrase in its plural where people use that often: "role" → "roles"."""
        if not self.english or not phrase:
            return phrase
        *before, last = phrase.split(" ")
        plural = self._plurals.get(last.casefold())
        return " ".join([*before, plural]) if plural and last.islower() else phrase

    @cached_property
    def _plurals(self) -> dict[str, str]:
        uses: dict[str, int] = {}
        counts = np.bincount(self.word, minlength=len(self.surfaces)).tolist()
        for lower, count in zip(self.lowers, counts, strict=True):
            uses[lower] = uses.get(lower, 0) + int(count)
        return {
            lower: plural
            for lower, count in uses.items()
            for plural in (f"{lower}s", f"{lower}es", f"{lower[:-1]}ies")
            if uses.get(plural, 0) >= _PLURAL * count and stem(plural) == stem(lower)
        }

    @cached_property
    def stands_alone(self) -> NDArray[np.float32]:
        """Per stem: share of its uses as a thing by itself (0 = "latest", "unimportant"; 1 = "price").

        It does not where another noun follows ("latest news"), or a form of "to be" stands before
        ("it is unimportant"; but "is support open?" asks about a thing).
        """
        size, word = len(self.stem_names), self.stem_of
        in_row = self.row[1:] == self.row[:-1]
        participle = np.array([is_participle(lower) for lower in self.lowers], dtype=bool)
        noun_like = (self.kind == Part.CONTENT) & (self.nounness[word] >= _RATHER_NOUN)
        noun_like &= ~participle[self.word]
        noun_like |= np.array([lower in THINGS for lower in self.lowers], dtype=bool)[self.word]
        leads = in_row & noun_like[1:]
        states = np.array([lower in _STATES for lower in self.lowers], dtype=bool)[self.word]
        opens = np.array(
            [lower in _OPENS_QUESTION or not lower[0].isalnum() for lower in self.lowers],
            dtype=bool,
        )
        told = states.copy()
        told[1:] &= in_row & ~opens[self.word][:-1]
        told[:1] = False
        # "160 dollars": what mostly stands behind a number is its measure.
        figures = np.array([lower[0].isdigit() for lower in self.lowers], dtype=bool)
        told[:-1] |= figures[self.word][:-1]
        leaning = np.append(leads, False)[: len(word)]
        leaning |= np.append(False, told[:-1] & in_row)[: len(word)]
        uses = np.bincount(word, minlength=size)
        alone = (uses - np.bincount(word, leaning, size) + 1.0) / (uses + 1.0)
        # "Unusable" is none even where nobody says of what.
        quality = np.array([_QUALITY.search(name) is not None for name in self.stem_names])
        return np.where(quality & (self.nounness < _SEEN_AS_THING), 0.0, alone).astype(np.float32)

    @cached_property
    def in_the_middle(self) -> NDArray[np.bool_]:
        """Per token: whether a word stands before it in its clause: its capital means something."""
        before = np.append(np.int8(Part.BORDER), self.kind[:-1])[: len(self.kind)]
        same = np.append(False, self.row[1:] == self.row[:-1])[: len(self.kind)]
        return same & (before != Part.BORDER)

    @cached_property
    def writes_nouns_large(self) -> bool:
        """Whether nouns have capitals, as in German: a capital tells no name there."""
        if self.english:
            return False
        own = np.bincount(self.stem_of[self.kind == Part.CONTENT], minlength=len(self.stem_names))
        capital, uses = (counts * (own > 0) for counts in self.capitals)
        return bool(capital.sum() >= _NOUNS_LARGE * max(float(uses.sum()), 1.0))

    @cached_property
    def stands_as_noun(self) -> NDArray[np.bool_]:
        """Per stem: an article or a word of quality stands before it somewhere, as before no name."""
        article = [_ARTICLE.fullmatch(lower) is not None for lower in self.lowers]
        quality = [surface[:1].islower() for surface in self.surfaces]
        before = np.array(article, dtype=bool)[self.word]
        before |= np.array(quality, dtype=bool)[self.word] & (self.kind == Part.CONTENT)
        led = np.append(False, before[:-1])[: len(before)] & self.in_the_middle
        return np.bincount(self.stem_of[led], minlength=len(self.stem_names)) > 0

    @cached_property
    def capitals(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Per stem: its uses with a capital in the middle of clauses, and all its uses there."""
        uses = np.bincount(self.word[self.in_the_middle], minlength=len(self.surfaces))
        titled = np.array([s[:1].isupper() and not s[1:].isupper() for s in self.surfaces])
        size = len(self.stem_names)
        capital, total = (
            np.asarray(np.bincount(self.stems, counts, size), np.float64)
            for counts in (uses * titled, uses)
        )
        return capital, total

    @cached_property
    def nounness(self) -> NDArray[np.float32]:
        """Per stem: how noun-like it is used here (0 = verb, 1 = noun).

        Told by the word before it, and by its capital where nouns have one.
        """
        if self.writes_nouns_large:
            capital, uses = self.capitals
            return ((capital + 0.6) / (uses + 1)).astype(np.float32)
        before_noun = np.array([word in BEFORE_NOUN for word in self.lowers])
        before_verb = np.array([word in BEFORE_VERB for word in self.lowers])
        previous = self.word[:-1]
        size = len(self.stem_names)
        noun = np.bincount(self.stem_of[1:], before_noun[previous], size)
        verb = np.bincount(self.stem_of[1:], before_verb[previous], size)
        return ((noun + 0.6) / (noun + verb + 1)).astype(np.float32)


def read_words(texts: Sequence[str], headings: Sequence[str | None] | None = None) -> Corpus:
    """Return the words of ``texts``, and of their headings where there are any (one per text).

    English corpora (told by their share of English function words) get stems and parts of speech;
    in others every word is its own stem, but for the forms of Japanese verbs, and the stop words of
    all known languages are small words.
    """
    raw = pl.Series("text", list(texts), dtype=pl.String)
    english = _is_english(raw)
    distinct, heading_of_row = _headings(len(raw), headings)
    prepared = pl.concat([raw, distinct]).str.replace_all(_ADDRESSES, "\n")
    if english:
        for pattern, replacement in _ENGLISH:
            prepared = prepared.str.replace_all(pattern, replacement)
    chinese = not english and is_chinese(prepared)
    if chinese:
        prepared = part_words(prepared)
    elif not english:
        prepared = prepared.str.replace_all(_PARTICLE, "$1 $2")
    pattern = _TOKENS if english else _TOKENS_ANYWHERE
    tokens = (
        pl.DataFrame({"token": prepared.str.extract_all(pattern)})
        .with_row_index("row")
        .explode("token")
        .drop_nulls("token")
    )
    surfaces = tokens["token"].unique().sort().to_list()
    word = tokens["token"].cast(pl.Enum(surfaces)).to_physical().to_numpy().astype(np.int32)
    row = tokens["row"].to_numpy().astype(np.int32)
    lowers = [surface.lower().rstrip("-") or surface for surface in surfaces]
    part = part_of if english else _plain_part
    parts = np.array([part(lower) for lower in lowers], dtype=np.int8)
    if chinese:
        single = [_SINGLE.fullmatch(lower) is not None for lower in lowers]
        parts[np.array(single, dtype=bool) & (parts == Part.CONTENT)] = Part.LINK
    stems = [stem(lower) if english else _plain_stem(lower) for lower in lowers]
    stem_names = sorted(set(stems))
    number = {name: index for index, name in enumerate(stem_names)}
    kind = parts[word]
    if english:
        _mark_foreign(kind, lowers, word, row, len(prepared))
    return Corpus(
        texts=len(raw),
        rows=len(prepared),
        heading_of_row=heading_of_row,
        surfaces=surfaces,
        lowers=lowers,
        word=word,
        row=row,
        kind=kind,
        stems=np.array([number[name] for name in stems], dtype=np.int32),
        stem_names=stem_names,
        english=english,
    )


def join_unspaced(phrase: str) -> str:
    """Return a phrase without the spaces that Japanese and Chinese do not have."""
    return phrase if phrase.isascii() else _BETWEEN_SIGNS.sub("", phrase)


class CachedCounts(BaseEstimator):
    """A vectorizer for BERTopic whose documents are row numbers: ``"0"``, or ``"0 4 7"`` joined.

    Terms are single words and pairs of neighbouring words, folded by stem and named by their most
    frequent spelling. Pairs never cross a sentence border.

    Args:
        corpus: the words of all rows.
        weights: how often each row's text occurs, shape (rows,); all 1 when left out.
    """

    def __init__(self, corpus: Corpus, weights: NDArray[np.float64] | None = None) -> None:
        self.corpus = corpus
        self.weights = weights
        self._counts, self._names = _count_terms(corpus)

    def fit(self, documents: Iterable[str], y: object = None) -> "CachedCounts":
        """Return self: the terms are known already."""
        return self

    def fit_transform(self, documents: Iterable[str], y: object = None) -> sparse.csr_matrix:
        """Return ``transform(documents)``."""
        return self.transform(documents)

    def transform(self, documents: Iterable[str]) -> sparse.csr_matrix:
        """Return the counts of each document's rows: shape (documents, terms), float64."""
        groups = [np.array(document.split(), dtype=np.int64) for document in documents]
        lengths = [len(group) for group in groups]
        rows = np.concatenate([np.zeros(0, np.int64), *groups])
        weight = np.ones(len(rows)) if self.weights is None else self.weights[rows]
        indptr = np.concatenate(([0], np.cumsum(lengths)))
        pick = sparse.csr_matrix((weight, rows, indptr), shape=(len(groups), self.corpus.texts))
        result = sparse.csr_matrix(pick @ self._counts)
        result.sort_indices()
        return result

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.object_]:
        """Return the terms' names, shape (terms,)."""
        return self._names


def _headings(count: int, headings: Sequence[str | None] | None) -> tuple[pl.Series, Ints]:
    """Return the distinct headings, sorted, and per text the row of its own (-1 = none)."""
    if headings is None:
        return pl.Series("text", [], dtype=pl.String), np.full(count, -1, np.int64)
    all_headings = pl.Series("text", list(headings), dtype=pl.String)
    distinct = (
        all_headings.filter(all_headings.str.strip_chars().str.len_chars() > 0).unique().sort()
    )
    rows = {heading: count + index for index, heading in enumerate(distinct.to_list())}
    return distinct, np.array([rows.get(heading or "", -1) for heading in headings], np.int64)


def _is_english(texts: pl.Series) -> bool:
    sample = texts if len(texts) <= _ENGLISH_CHECK else texts.gather_every(len(texts) // 10_000)
    words = sample.str.to_lowercase().str.extract_all(r"\p{L}+").explode().drop_nulls()
    if words.is_empty():
        return False
    return int(words.is_in(list(_COMMON)).sum()) >= _ENGLISH_SHARE * len(words)


def _plain_stem(word: str) -> str:
    """Return what the forms of a Japanese verb have in common; other words stay as they are."""
    if found := _DENIAL.fullmatch(word):
        return f"{found[1]}ない"
    found = _VERB.fullmatch(word)
    return found[1] if found else word


def _plain_part(word: str) -> Part:
    if not any(letter.isalpha() for letter in word):
        return Part.BORDER
    if word in FOREIGN_NEGATIONS:
        return Part.NEGATION
    if _DENIAL.fullmatch(word):
        return Part.TIME  # as "today" it ends a phrase, and is none by itself
    joining = word in stop_words() or _HIRAGANA.fullmatch(word)
    return Part.LINK if joining else Part.CONTENT


def _mark_foreign(
    kind: NDArray[np.int8],
    lowers: list[str],
    word: NDArray[np.int32],
    row: NDArray[np.int32],
    rows: int,
) -> None:
    """Mark small words of other languages, only in texts that are written in one of them.

    ("van" is a small word in a Dutch text and a vehicle in an English one.)
    """
    english = stop_words("en") | _COMMON
    foreign = stop_words() - english
    alien = np.array([lower in foreign for lower in lowers], dtype=bool)[word]
    native = np.array([lower in english for lower in lowers], dtype=bool)[word]
    aliens = np.bincount(row[alien], minlength=rows)
    natives = np.bincount(row[native], minlength=rows)
    elsewhere = (aliens > natives)[row]
    kind[elsewhere & alien] = Part.LINK
    negation = np.array([lower in FOREIGN_NEGATIONS for lower in lowers], dtype=bool)[word]
    kind[elsewhere & negation] = Part.NEGATION


def _count_terms(corpus: Corpus) -> tuple[sparse.csr_matrix, NDArray[np.object_]]:
    # Headings are not counted: they are no documents of BERTopic's.
    kept = np.flatnonzero((corpus.row < corpus.texts) & (corpus.kind != Part.DROP))
    kind, row = corpus.kind[kept], corpus.row[kept]
    telling = (kind == Part.CONTENT) | (kind == Part.MODIFIER)
    if not telling.any():
        telling = kind != Part.BORDER
    size = len(corpus.stem_names)
    ids = corpus.stem_of[kept].astype(np.int64)
    # Words left out of phrases (articles …) do not part a pair; borders and other small words do.
    together = telling[:-1] & telling[1:] & (kind[1:] == Part.CONTENT) & (row[:-1] == row[1:])
    left = np.flatnonzero(together)
    pairs, pair_of, uses = np.unique(
        ids[left] * size + ids[left + 1], return_inverse=True, return_counts=True
    )
    frequent = uses >= 2
    position = np.cumsum(frequent) - 1
    usable = frequent[pair_of]
    used = np.unique(ids[telling])
    column = np.zeros(size, dtype=np.int64)
    column[used] = np.arange(len(used))
    rows = np.concatenate((row[telling], row[left][usable]))
    columns = np.concatenate((column[ids[telling]], len(used) + position[pair_of[usable]]))
    columns_used = len(used) + int(frequent.sum())
    spelling = corpus.spelling
    words: list[int] = used.tolist()
    repeated: list[int] = pairs[frequent].tolist()
    names = [spelling[number] for number in words]
    names += [f"{spelling[pair // size]} {spelling[pair % size]}" for pair in repeated]
    # Fewer than two terms break c-TF-IDF's arithmetic (nothing but numbers or signs, or one word
    # over and over): terms without a name, the same in all texts, fill up.
    missing = max(0, 2 - columns_used)
    every = np.arange(corpus.texts)
    rows = np.concatenate((rows, np.tile(every, missing)))
    columns = np.concatenate((columns, columns_used + np.repeat(np.arange(missing), len(every))))
    shape = (corpus.texts, columns_used + missing)
    counts = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
    counts.sort_indices()
    return counts, np.array([*names, *[""] * missing], dtype=object)
