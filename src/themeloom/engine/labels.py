"""Names of themes and groups inside BERTopic: titles, key phrases and definitions.

``PhraseLabeler`` is the representation model of the one BERTopic object that everything shown comes
from: the first phrase of a topic is its title, the others are its key phrases.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from bertopic.representation import BaseRepresentation
from numpy.typing import NDArray

from themeloom.engine.candidates import ALONE
from themeloom.engine.counts import Corpus, Ints, join_unspaced
from themeloom.engine.phrases import Phrases
from themeloom.engine.spelling import name_like, person_like
from themeloom.engine.titles import (
    Embed,
    Floats,
    Named,
    Naming,
    Progress,
    name_sets,
    name_themes,
    sentence_case,
)
from themeloom.engine.wording import ADVERBS, Part, fares, is_participle, part_of, stem

Phrase = tuple[str, float]

UNSORTED_TITLE = "Unsorted"

_TITLE_WORDS = 6
_TITLE_SIGNS = 24  # of a title cut from a script without spaces
_GROUP_FIRST = 0.25  # a word that less of the group shares would mislead as its title
_GROUP_CLEAR = 0.5  # a word that so much of the group shares is its title before all others
_GROUP_SECOND = 0.15  # a second word joins a group's title when it adds this share of the group
_COMMON_HEAD = 0.1  # a noun that so many themes of other groups hold does not tell a group
_COMMAS = (
    (re.compile(r"[\u0600-\u06ff]"), "، "),
    (re.compile(r"[\u3040-\u30ff\u3400-\u9fff]"), "、"),
)
_WORD = re.compile(r"[^\W_]+(?:['’&][^\W_]+)*")
_GROUP_MAIN = 0.75  # a theme that makes up so much of its group names it


@dataclass(frozen=True, slots=True)
class NamedTheme:
    """A theme as a group's name is made from it."""

    title: str
    key_phrases: tuple[str, ...]
    weight: float  # its number of records or excerpts


class PhraseLabeler(BaseRepresentation):
    """Names topics by phrases that stand in their texts. Use as ``{"Main": PhraseLabeler(…)}``.

    Args:
        corpus: the words of all rows; BERTopic's documents are row numbers.
        vectors: unit vectors of the rows, shape (rows, d), float32.
        embed: unit vectors of short texts, shape (n, d), float32.
        weights: how often each row's text occurs, shape (rows,).
        avoid: names of people and companies that no title may show, unless many speak of them.
        people: words of persons' names, in small letters, that no title may show.
        taken: titles that other themes of the project have already.
        progress: called with the part done and the whole; may raise to stop.
    """

    def __init__(
        self,
        corpus: Corpus,
        vectors: Floats,
        embed: Embed,
        weights: NDArray[np.float64] | None = None,
        avoid: Iterable[str] = (),
        people: Iterable[str] = (),
        taken: Iterable[str] = (),
        progress: Progress | None = None,
    ) -> None:
        self.corpus = corpus
        self.vectors = vectors
        self.embed = embed
        self.weights = weights
        self.avoid = frozenset(avoid)
        self.people = frozenset(people)
        self.taken = frozenset(taken)
        self.progress = progress
        self._phrases = Phrases(corpus, 2 if corpus.texts < 20_000 else 3)
        self._vector_of: dict[str, Floats] = {}
        self._theme_of_row: Ints = np.full(corpus.texts, -1, np.int64)
        self._named: dict[int, NamedTheme] = {}

    def extract_topics(  # pyright: ignore[reportIncompatibleMethodOverride]: annotated wrongly there
        self,
        topic_model: Any,
        documents: Any,
        c_tf_idf: Any,
        topics: Mapping[int, Sequence[Phrase]],
    ) -> dict[int, list[Phrase]]:
        """Return title and key phrases of each topic, best first; topic -1 is "Unsorted".

        Called by BERTopic for all topics at once, and by ``hierarchical_topics`` for every node of
        the tree: a node is named after the topics below it.
        """
        if c_tf_idf is not topic_model.c_tf_idf_:
            return {int(topic): self._node(documents) for topic in topics}
        self._theme_of_row[documents["ID"].to_numpy()] = documents["Topic"].to_numpy()
        namings = name_themes(
            self._phrases,
            self._theme_of_row,
            self.vectors,
            self._embedded,
            self.weights,
            self._barred,
            self.taken,
            self.progress,
        )
        titled = self._all_titled(namings)
        result: dict[int, list[Phrase]] = {}
        for topic, words in topics.items():
            if topic in titled:
                naming = titled[topic]
                result[int(topic)] = [(naming.title, naming.score), *naming.key_phrases]
            else:
                result[int(topic)] = [(UNSORTED_TITLE, 1.0), *words[:5]]
        self._named = {
            topic: NamedTheme(
                naming.title,
                tuple(phrase for phrase, _ in naming.key_phrases),
                float((self._theme_of_row == topic).sum()),
            )
            for topic, naming in titled.items()
        }
        return result

    def name_parts(self, named: Named, progress: Progress | None = None) -> dict[int, Naming]:
        """Name sets of texts that lie inside topics; see ``titles.name_sets``."""
        namings = name_sets(
            self._phrases,
            named,
            self.vectors,
            self._embedded,
            self.weights,
            self._barred,
            self.taken,
            progress,
        )

        def taken(index: int) -> set[str]:
            related = np.zeros(0, bool) if named.related is None else named.related[index]
            titles = {number: naming.title for number, naming in namings.items()}
            titles |= named.titles
            return {
                title.casefold()
                for number, title in titles.items()
                if number != index and not (len(related) and related[number])
            } | {title.casefold() for title in self.taken}

        for index, naming in namings.items():
            if not naming.title:
                title = _free(self._openings(named.texts[index]), taken(index))
                namings[index] = Naming(title, 0.0, naming.key_phrases)
        return namings

    def _embedded(self, phrases: list[str]) -> Floats:
        """Return unit vectors of phrases; those of a theme come up again in its parts."""
        new = [phrase for phrase in phrases if phrase not in self._vector_of]
        if new:
            self._vector_of.update(zip(new, self.embed(new), strict=True))
        return np.stack([self._vector_of[phrase] for phrase in phrases])

    def _node(self, documents: Any) -> list[Phrase]:
        if self.progress:
            self.progress(1, 1)
        below = np.unique(self._theme_of_row[documents["ID"].to_numpy()])
        children = [self._named[int(topic)] for topic in below if int(topic) in self._named]
        title = name_groups([children], self.corpus)[0] if children else UNSORTED_TITLE
        return [(title, 1.0), *((phrase, 0.5) for phrase in _shared_phrases(children)[:5])]

    @cached_property
    def _barred(self) -> NDArray[np.bool_]:
        """Per stem: no title may show it, it names a person or a customer."""
        # A name that is also a common word ("Will", "Mark") is found by its capitals elsewhere.
        common = np.bincount(self.corpus.stem_of, minlength=len(self.corpus.stem_names))
        rare = common <= max(3, self.corpus.texts // 50)
        customers = self._among({word for name in self.avoid for word in _words(name)})
        people = self._among(self.people)
        return (
            (rare & customers)
            | (people & (rare | name_like(self.corpus)))
            | person_like(self.corpus)
        )

    def _among(self, words: Iterable[str]) -> NDArray[np.bool_]:
        stems = {stem(word) for word in words} if self.corpus.english else set(words)
        return np.array([name in stems for name in self.corpus.stem_names], dtype=bool)

    def _all_titled(self, namings: dict[int, Naming]) -> dict[int, Naming]:
        """Give themes without a phrase of their own the beginning of their most central text."""
        taken = {title.casefold() for title in self.taken}
        taken |= {naming.title.casefold() for naming in namings.values() if naming.title}
        result: dict[int, Naming] = {}
        for topic, naming in namings.items():
            if not naming.title:
                title = _free(self._openings(np.flatnonzero(self._theme_of_row == topic)), taken)
                taken.add(title.casefold())
                naming = Naming(title, 0.0, naming.key_phrases)
            result[topic] = naming
        return result

    def _openings(self, rows: Ints) -> list[str]:
        centre = self.vectors[rows].sum(axis=0)
        likeness = np.asarray(np.round(self.vectors[rows] @ centre, 5), np.float32)
        central = rows[np.argsort(-likeness, kind="stable")[:10]]
        openings = [self._opening(int(row)) for row in central]
        return [sentence_case(opening) for opening in openings if opening]

    def _opening(self, row: int) -> str:
        """Return the first words of a text, up to a clause's end."""
        corpus = self.corpus
        first, last = np.searchsorted(corpus.row, [row, row + 1])
        words: list[str] = []
        numbers: list[int] = corpus.word[first:last].tolist()
        for word in numbers:
            surface = corpus.surfaces[word]
            if not surface[0].isalpha():
                if len(words) > 1 or any(len(word) > 5 for word in words):
                    break
                continue
            words.append(surface.rstrip("-"))
            if len(words) == _TITLE_WORDS:
                break
        text = join_unspaced(" ".join(words))
        unspaced = max((len(word) for word in text.split()), default=0) > _TITLE_SIGNS
        return text[:_TITLE_SIGNS] + "…" if unspaced else text


def _words(name: str) -> list[str]:
    return _WORD.findall(name.casefold())


def define(title: str, key_phrases: Sequence[str]) -> str:
    """Return a theme's definition: one plain sentence that says no more than is known."""
    named = list(key_phrases[:3]) or [title]
    listed = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
    return f"Records that speak of {listed}."


def name_groups(groups: Sequence[Sequence[NamedTheme]], corpus: Corpus | None = None) -> list[str]:
    """Return one title of 1 to 4 words per group, all different.

    A title names what most of the group's themes share ("Card"), with a second word where that adds
    a good part of the rest ("Card and PIN"); where little is shared, what its two biggest themes are
    about ("Routes and recurring jobs").

    Args:
        groups: the themes of each group.
        corpus: tells nouns from verbs where it is at hand.
    """
    stems = [[_words_of(theme) for theme in group] for group in groups]
    taken: set[str] = set()
    titles: list[str] = [""] * len(groups)
    sizes = [sum(theme.weight for theme in group) for group in groups]
    for index in sorted(range(len(groups)), key=lambda i: (-sizes[i], i)):
        others = [words for i, group in enumerate(stems) if i != index for words in group]
        options = _group_options(groups[index], stems[index], others, corpus)
        titles[index] = _free(options, taken)
        taken.add(titles[index].casefold())
    return titles


def _group_options(
    group: Sequence[NamedTheme],
    words: Sequence[frozenset[str]],
    others: Sequence[frozenset[str]],
    corpus: Corpus | None,
) -> list[str]:
    biggest = max(group, key=lambda theme: (theme.weight, theme.title))
    if len(group) == 1:
        return [biggest.title, _and_more(biggest.title, corpus)]
    total = sum(theme.weight for theme in group) or 1.0
    titled = {stem(word) for theme in group for word in theme.title.casefold().split()}
    weights = np.array([theme.weight / total for theme in group])
    scored: list[tuple[float, str, NDArray[np.bool_]]] = []
    for phrase in _group_phrases(group, corpus):
        needed = frozenset(stem(word) for word in phrase.casefold().split())
        covers = np.array([needed <= own for own in words])
        elsewhere = sum(needed <= own for own in others) / max(len(others), 1)
        # What no theme is called says little of their group: whose invoices they are, how fast.
        if covers.sum() > 1 and needed <= titled:
            scored.append((float(weights @ covers) * (1 - elsewhere) ** 2, phrase, covers))
    scored.sort(key=lambda item: (-round(item[0], 6), item[1]))
    head = [_head(theme, others, corpus) for theme in group]
    clear: list[str] = []
    weak: list[str] = []
    for score, phrase, covers in scored[:4]:
        if score < _GROUP_FIRST:
            break
        seconds = [(float(weights @ (more & ~covers)), other) for _, other, more in scored]
        alone = [(float(weights[i]), head[i]) for i in np.flatnonzero(~covers).tolist()]
        gain, second = max(
            ((g, other) for g, other in (*seconds, *alone) if other and _apart(phrase, other)),
            default=(0.0, ""),
            key=lambda item: (round(item[0], 6), item[1]),
        )
        options = clear if score >= _GROUP_CLEAR else weak
        if gain >= _GROUP_SECOND:
            options.append(_joined(phrase, second, corpus))
        options.append(sentence_case(phrase))
    main = [biggest.title] if biggest.weight >= _GROUP_MAIN * total else []
    pairs = [
        _joined(first, second, corpus)
        for first, second in combinations([head[i] for i in _by_weight(group)[:4]], 2)
        if first and second and _apart(first, second)
    ]
    return [*main, *clear, *pairs, *weak, biggest.title, _and_more(biggest.title, corpus)]


def _joined(one: str, other: str, corpus: Corpus | None) -> str:
    """Return "One and other"; where people write no English, with the comma of their script."""
    if corpus is None or corpus.english:
        return sentence_case(f"{one} and {other}")
    text = one + other
    comma = next((comma for script, comma in _COMMAS if script.search(text)), ", ")
    return sentence_case(f"{one}{comma}{other}")


def _and_more(title: str, corpus: Corpus | None) -> str:
    return f"{title} and more" if corpus is None or corpus.english else f"{title} …"


def name_wholes(
    wholes: Sequence[Sequence[int]],
    themes: Sequence[NamedTheme],
    beside: NDArray[np.bool_],
    titles: Mapping[int, str],
    corpus: Corpus | None = None,
    tick: Callable[[], None] | None = None,
) -> list[str]:
    """Return a title for each set of several themes, as ``name_groups`` makes them.

    Args:
        wholes: the themes (places in ``themes``) of each set.
        themes: all themes.
        beside: bool (sets, sets): the two can be shown side by side, and have different titles.
        titles: titles that are given already, by set.
        corpus: tells nouns from verbs.
        tick: called before each set; may raise to stop.
    """
    words = [_words_of(theme) for theme in themes]
    result = [titles.get(number, "") for number in range(len(wholes))]
    order = sorted(range(len(wholes)), key=lambda i: (-len(wholes[i]), i))
    for number in order:
        if tick:
            tick()
        if result[number]:
            continue
        own = set(wholes[number])
        others = [words[place] for place in range(len(themes)) if place not in own]
        group = [themes[place] for place in wholes[number]]
        options = _group_options(group, [words[place] for place in wholes[number]], others, corpus)
        near = np.flatnonzero(beside[number]).tolist()
        result[number] = _free(options, {result[other].casefold() for other in near})
    return result


def shared_phrases(themes: Sequence[NamedTheme], most: int) -> list[str]:
    """Return key phrases of several themes together, the most told ones first."""
    return _shared_phrases(themes)[:most]


def _by_weight(group: Sequence[NamedTheme]) -> list[int]:
    return sorted(range(len(group)), key=lambda i: (-group[i].weight, group[i].title))


def _apart(one: str, other: str) -> bool:
    """Return whether two phrases share no word."""
    words = {stem(word) for word in one.casefold().split()}
    return words.isdisjoint(stem(word) for word in other.casefold().split())


def _head(theme: NamedTheme, others: Sequence[frozenset[str]], corpus: Corpus | None) -> str:
    """Return the noun that a theme is about, of one or two words; "" when none is known.

    One that stands in its title and tells it from the themes of other groups comes first.
    """
    title = theme.title.split()
    place = {stem(word.casefold()): index for index, word in reversed([*enumerate(title)])}
    ranked: list[tuple[bool, bool, int, str]] = []
    for phrase in _group_phrases([theme], corpus):
        stems = [stem(word) for word in phrase.casefold().split()]
        common = sum(words.issuperset(stems) for words in others)
        first = place.get(stems[0], len(title))
        titled = [title[place[word]] for word in stems if word in place]
        whole = len(titled) == len(stems)
        if whole and phrase.islower():
            phrase = " ".join(titled).lower()  # in the title's form: "permissions"
        ranked.append((not whole, common > _COMMON_HEAD * len(others), first, phrase))
    return min(ranked, key=lambda item: item[:3], default=(True, True, 0, ""))[3]


def _group_phrases(group: Sequence[NamedTheme], corpus: Corpus | None) -> list[str]:
    """Return the nouns (one or two words) among the themes' key phrases, without doubles."""
    found: dict[frozenset[str], str] = {}
    for theme in group:
        for phrase in theme.key_phrases:
            words = phrase.casefold().split()
            if len(words) > 2:
                continue
            if corpus is not None and not _is_noun(words, corpus):
                continue
            found.setdefault(frozenset(stem(word) for word in words), phrase)
    return list(found.values())


def _is_noun(words: Sequence[str], corpus: Corpus) -> bool:
    number = corpus.stem_number
    known = [number[stem(word)] for word in words if stem(word) in number]
    small = any(part_of(word) != Part.CONTENT for word in words) and corpus.english
    if small or any(float(corpus.nounness[index]) < 0.5 for index in known):
        return False
    judged = any(fares(stem(word)) or word in ADVERBS for word in words)
    if corpus.english and (judged or is_participle(words[-1])):
        return False  # "comfortable", "far", "planned"
    return not (corpus.english and known) or float(corpus.stands_alone[known[-1]]) >= ALONE


def _shared_phrases(group: Sequence[NamedTheme]) -> list[str]:
    weights: dict[str, float] = {}
    for theme in group:
        for phrase in theme.key_phrases:
            weights[phrase] = weights.get(phrase, 0.0) + theme.weight
    return sorted(weights, key=lambda phrase: (-weights[phrase], phrase))


def _words_of(theme: NamedTheme) -> frozenset[str]:
    words = " ".join((theme.title, *theme.key_phrases)).casefold().split()
    return frozenset(stem(word) for word in words)


def _free(options: Sequence[str], taken: set[str]) -> str:
    """Return the first title that is not taken yet; numbered where all are."""
    for option in options:
        if option.casefold() not in taken:
            return option
    base = options[0] if options else "Texts without words"
    number = 2
    title = base
    while title.casefold() in taken:
        title = f"{base} ({number})"
        number += 1
    return title
