"""What is like some excerpts, or like a sentence: other excerpts, and themes with the reason."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import polars as pl

from themeloom.domain.encoders import MINILM
from themeloom.domain.errors import JobFailed
from themeloom.domain.records import Kind
from themeloom.domain.themes import MOST_ASKED
from themeloom.jobs.messages import Progress
from themeloom.jobs.tables import write_table
from themeloom.jobs.worker import Worker

_TASKS = "themeloom.services.tasks.likeness"
#: Texts that may be encoded in the middle of a job (a second); with more, the job comes first.
_MOST_TO_ENCODE = 1_000
_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Alike:
    """An excerpt (inner number) like the ones asked for; ``fit`` is "Strong", "Good" or "Weak"."""

    excerpt: int
    fit: str


@dataclass(frozen=True, slots=True)
class Shared:
    """Something that a text asked for shares with a theme, and where it stands in the text.

    ``excerpt`` is the inner number of the excerpt, or None for the sentence.
    """

    phrase: str
    excerpt: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NearTheme:
    """A theme that fits, and why.

    Attributes:
        theme_id: the theme.
        fit: "Strong", "Good" or "Weak".
        shared: what the texts share with excerpts of the theme, the most telling first.
        excerpts: with how many of the theme's excerpts; where nothing is shared, how many it has.
        confirmed: whether a person confirmed these excerpts.
    """

    theme_id: str
    fit: str
    shared: tuple[Shared, ...]
    excerpts: int
    confirmed: bool

    @property
    def reason(self) -> str:
        """The reason as a sentence in English, without a full stop."""
        which = f"{self.excerpts:,} confirmed" if self.confirmed else f"{self.excerpts:,}"
        those = f"{which} excerpt{'' if self.excerpts == 1 else 's'}"
        if not self.shared:
            return f"Because it is close in meaning to {those}"
        phrases = ", ".join(f"“{shared.phrase}”" for shared in self.shared)
        return f"Because it shares {phrases} with {those}"


def similar(
    engine: Worker,
    store: Path,
    excerpts: pl.DataFrame,
    *,
    like: Sequence[int] = (),
    sentence: str = "",
    count: int = 50,
    encoder: str = MINILM,
    on_progress: Callable[[Progress], None] | None = None,
) -> list[Alike]:
    """Return the excerpts most like some excerpts and a sentence, most alike first.

    The first question about new texts takes as long as reading them does; ``on_progress`` is
    called meanwhile. Not on the GUI's thread.

    Args:
        engine: the engine process; it may be in the middle of a run.
        store: the project's derived store.
        excerpts: those of the view; what is left out of themes is not found.
        like: inner numbers of excerpts; they are not found themselves.
        sentence: typed by the person.
        count: so many at most.
        encoder: what reads the texts; that of the run whose themes are shown.
        on_progress: hears of the reading of new texts.

    Raises:
        JobCancelled: the person cancelled the reading of new texts.
        JobFailed: the engine stopped, or the language model is missing.
    """
    asked = _asked(excerpts, like, sentence)
    if not asked.texts:
        return []
    memory = _Memory(engine, store, excerpts, encoder, on_progress)
    found = memory.ask("similar", asked, count)
    return [Alike(number, word) for number, word in cast("list[tuple[int, str]]", found)]


def nearest_themes(
    engine: Worker,
    store: Path,
    excerpts: pl.DataFrame,
    *,
    like: Sequence[int] = (),
    sentence: str = "",
    count: int = 3,
    encoder: str = MINILM,
    on_progress: Callable[[Progress], None] | None = None,
) -> list[NearTheme]:
    """Return the themes that fit some excerpts and a sentence best, each with the reason.

    The excerpts asked for do not speak for the theme that they have. Arguments and errors are
    those of ``similar``; ``excerpts`` also has ``theme_id`` and ``reviewed``.
    """
    asked = _asked(excerpts, like, sentence)
    if not asked.texts:
        return []
    memory = _Memory(engine, store, excerpts, encoder, on_progress)
    found = cast("list[_Suggestion]", memory.ask("nearest_themes", asked, count, of_themes=True))
    return [
        NearTheme(
            theme_id,
            word,
            tuple(
                Shared(asked.texts[text][start:end], asked.excerpts[text], start, end)
                for text, start, end in places
            ),
            shared,
            confirmed,
        )
        for theme_id, word, places, shared, confirmed in found
    ]


#: What the engine says of a theme: id, word, places of what is shared, with how many, confirmed.
_Suggestion = tuple[str, str, tuple[tuple[int, int, int], ...], int, bool]


@dataclass(frozen=True)
class _Asked:
    texts: list[str]
    excerpts: list[int | None]


def _asked(excerpts: pl.DataFrame, like: Sequence[int], sentence: str) -> _Asked:
    """Return what is asked about: of a large selection some, evenly spread."""
    some = list(like[:: -(-len(like) // MOST_ASKED)]) if like else []
    rows = excerpts.filter(pl.col("excerpt").is_in(some)).select("excerpt", "text")
    text_of = cast("dict[int, str]", dict(rows.iter_rows()))
    asked: dict[int | None, str] = {number: text_of[number] for number in some if number in text_of}
    if sentence.strip():
        asked[None] = sentence
    return _Asked(list(asked.values()), list(asked))


class _Memory:
    """What the engine remembers of a view's excerpts; they are handed over where it does not."""

    def __init__(
        self,
        engine: Worker,
        store: Path,
        excerpts: pl.DataFrame,
        encoder: str,
        on_progress: Callable[[Progress], None] | None,
    ) -> None:
        self._engine, self._store, self._on_progress = engine, store, on_progress
        self._encoder = encoder
        able = excerpts.filter(pl.col("left_out").is_null())
        self._excerpts = able.select(
            "excerpt",
            "excerpt_id",
            "record_id",
            "text",
            # As a run reads them: the subject of a ticket says what its text is about.
            context=pl.when(pl.col("kind") == Kind.TICKET).then("subject"),
        )
        self._shares = able.select("excerpt", "theme_id", "reviewed").drop_nulls("theme_id")
        self._key = f"{store}:{encoder}:{_print_of(self._excerpts)}"

    def ask(self, task: str, asked: _Asked, count: int, *, of_themes: bool = False) -> object:
        """Return the answer of ``task``; also about the themes that the excerpts carry."""
        params: dict[str, object] = {
            "key": self._key,
            "texts": asked.texts,
            "excerpts": asked.excerpts,
            "count": count,
        }
        shares_key = _print_of(self._shares) if of_themes else ""
        if of_themes:
            params["shares_key"] = shares_key
        for _ in range(_ATTEMPTS):
            answer = self._engine.ask(f"{_TASKS}:{task}", params)
            if answer is not None:
                return answer
            if not of_themes or not self._hand_over_shares(shares_key):
                self._hand_over_excerpts()
        raise JobFailed(
            "The engine is busy with other excerpts.", hint="Ask again when they are done."
        )

    def _hand_over_excerpts(self) -> None:
        with tempfile.TemporaryDirectory(prefix="themeloom-like-") as folder:
            params: Mapping[str, object] = {
                "key": self._key,
                "excerpts": write_table(self._excerpts, Path(folder) / "excerpts.arrow"),
                "store": str(self._store),
                "encoder": self._encoder,
            }
            task = f"{_TASKS}:hold"
            if self._engine.ask(task, {**params, "most_to_encode": _MOST_TO_ENCODE}):
                self._engine.run(task, params, on_progress=self._on_progress)

    def _hand_over_shares(self, key: str) -> bool:
        with tempfile.TemporaryDirectory(prefix="themeloom-like-") as folder:
            path = write_table(self._shares, Path(folder) / "shares.arrow")
            params = {"key": self._key, "shares_key": key, "shares": path}
            return bool(self._engine.ask(f"{_TASKS}:hold_shares", params))


def _print_of(frame: pl.DataFrame) -> str:
    """Return what tells one state of the rows from another."""
    return f"{frame.height}:{frame.hash_rows(1).sum() or 0}"
