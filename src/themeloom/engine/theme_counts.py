"""How often each theme's texts hold a phrase or a word, against all other texts."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from themeloom.engine.counts import Corpus, Ints
from themeloom.engine.phrases import Phrases
from themeloom.engine.wording import Part, fares

_PRIOR_TEXTS = 20.0  # weight of the corpus-wide share in the log-odds


class ThemeCounts:
    """Counts per theme: texts, texts with each phrase, texts with each word.

    Args:
        phrases: the corpus' phrases.
        texts: the rows of each theme; themes may share rows, as a theme and its parts do.
        weight: how often each row's text occurs, shape (corpus.rows,).
    """

    def __init__(
        self, phrases: Phrases, texts: Sequence[Ints], weight: NDArray[np.float64]
    ) -> None:
        corpus = phrases.corpus
        rows = np.concatenate([np.zeros(0, np.int64), *texts])
        bounds = np.concatenate(([0], np.cumsum([len(own) for own in texts])))
        members = sparse.csr_matrix((weight[rows], rows, bounds), shape=(len(texts), corpus.rows))
        words = sparse.csr_matrix(
            (np.ones(len(corpus.word)), (corpus.row, corpus.stem_of)),
            shape=(corpus.rows, len(corpus.stem_names)),
        )
        words = _with_heading_words(words, corpus)
        words.data[:] = 1.0
        stream = phrases.stream
        uses = np.stack((stream.after_not, np.ones(len(stream.stem), dtype=bool)))
        self.negated, self.uses = (
            sparse.csr_matrix(
                members
                @ sparse.csr_matrix(
                    (flag.astype(np.float64), (stream.row, stream.stem)), shape=words.shape
                )
            )
            for flag in uses
        )
        self.size = np.asarray(members.sum(axis=1)).ravel()
        telling = np.array([fares(name) for name in corpus.stem_names], dtype=bool)[corpus.stem_of]
        telling |= corpus.kind == Part.NEGATION
        claiming = np.bincount(corpus.row[telling], minlength=corpus.rows) > 0
        #: Per theme: the share of its texts that say how something fares.
        self.claims = np.asarray(members @ claiming).ravel() / self.size
        self.everything = float(weight.sum())
        self.phrase = sparse.csr_matrix(members @ phrases.by_row)
        self.phrase_total = np.asarray(weight @ phrases.by_row).ravel()
        self._texts, self._weight, self._words = texts, weight, words
        self.word = sparse.csr_matrix(members @ words)
        self.word_total = np.asarray(weight @ words).ravel()

    def word_share(self, theme: int) -> NDArray[np.float64]:
        """Return, per stem, the share of the theme's texts that hold it."""
        return np.asarray(self.word[theme].todense()).ravel() / self.size[theme]

    def denial(self, theme: int) -> NDArray[np.float64]:
        """Return, per stem, the share of its uses in the theme that stand behind a negation."""
        negated = np.asarray(self.negated[theme].todense()).ravel()
        uses = np.asarray(self.uses[theme].todense()).ravel()
        return negated / np.maximum(uses, 1)

    def affirmed(self, theme: int) -> NDArray[np.float64]:
        """Return, per stem, how often a text of the theme uses it without a negation, on average."""
        kept = self.uses[theme] - self.negated[theme]
        return np.asarray(kept.todense()).ravel() / self.size[theme]

    def word_excess(self, theme: int) -> NDArray[np.float64]:
        """Return, per stem, by how much the theme's share exceeds that of the other texts (≥ 0)."""
        inside = np.asarray(self.word[theme].todense()).ravel()
        rest = max(self.everything - float(self.size[theme]), 1.0)
        return np.maximum(inside / self.size[theme] - (self.word_total - inside) / rest, 0.0)

    def together(self, theme: int, phrases: Sequence[Sequence[int]]) -> NDArray[np.float64]:
        """Return, per phrase (stems), the share of the theme's texts that hold all its words."""
        rows = self._texts[theme]
        used = np.unique(np.array([stem for stems in phrases for stem in stems], dtype=np.int64))
        held = self._words[rows][:, used].toarray() > 0
        places = [np.searchsorted(used, np.array(stems, dtype=np.int64)) for stems in phrases]
        weight = self._weight[rows]
        return np.array([float(weight @ held[:, own].all(axis=1)) for own in places]) / max(
            float(self.size[theme]), 1e-9
        )

    def distinct(
        self, theme: int, numbers: Ints, inside: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the z-values of the phrases' log-odds, theme against the rest."""
        total = self.phrase_total[numbers]
        prior = _PRIOR_TEXTS * total / self.everything
        size, rest = self.size[theme], self.everything - self.size[theme]
        outside = np.maximum(total - inside, 0)
        half = 0.5  # keeps the logarithm of phrases that all texts hold
        inner = np.log((inside + prior) / (size + _PRIOR_TEXTS - inside - prior + half))
        outer = np.log((outside + prior) / (rest + _PRIOR_TEXTS - outside - prior + half))
        return (inner - outer) / np.sqrt(1 / (inside + prior) + 1 / (outside + prior))


def _with_heading_words(words: sparse.csr_matrix, corpus: Corpus) -> sparse.csr_matrix:
    """Return the table of words with each text's heading added to its own words."""
    headed = np.flatnonzero(corpus.heading_of_row >= 0)
    points = (np.ones(len(headed)), (headed, corpus.heading_of_row[headed]))
    headings = sparse.csr_matrix(points, shape=(corpus.rows, corpus.rows))
    return sparse.csr_matrix(words + headings @ words)
