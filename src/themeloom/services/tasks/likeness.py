"""The engine process: what is like some excerpts. What it compares stays here between questions.

The parent names the state of the excerpts by a key. A question about a state that is not held is
answered with None; the parent then hands the excerpts over and asks again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from themeloom.engine.distinct import distinct_texts
from themeloom.engine.encoder import encoder_for
from themeloom.engine.similar import Asked, Held, Themes, missing_vectors
from themeloom.engine.similar import similar as similar_to
from themeloom.engine.stages import UNDERSTANDING
from themeloom.jobs.child import Channel
from themeloom.jobs.tables import read_table


@dataclass
class _State:
    """What is held: one project's excerpts, and the themes that they carry."""

    key: str = ""
    held: Held | None = None
    shares_key: str = ""
    themes: Themes | None = None


_state = _State()


def hold(
    channel: Channel,
    *,
    key: str,
    excerpts: str,
    store: str,
    encoder: str = "minilm",
    most_to_encode: int | None = None,
) -> int:
    """Take in the excerpts of an Arrow file: the columns that ``engine.similar.Held`` needs.

    Args:
        channel: for progress and cancel.
        key: names this state of the excerpts.
        excerpts: path of the Arrow file.
        store: folder of the project's derived store.
        encoder: its name.
        most_to_encode: with more texts than this without a vector nothing is taken in.

    Returns:
        How many texts are without a vector: 0 when all were taken in.
    """
    frame, folder = read_table(excerpts), Path(store)
    opened = encoder_for(encoder, distinct_texts(frame).readings, folder)
    if most_to_encode is not None:
        missing = missing_vectors(frame, opened, folder)
        if missing > most_to_encode:
            return missing
    # The old ones go first: two sets of vectors may be too much for a small machine.
    _state.key, _state.held, _state.shares_key, _state.themes = "", None, "", None
    _state.held = Held(
        frame, opened, folder, lambda done, total: channel.report(UNDERSTANDING, done, total)
    )
    _state.key = key
    return 0


def hold_shares(channel: Channel, *, key: str, shares_key: str, shares: str) -> bool:
    """Take in which themes the held excerpts carry: ``excerpt``, ``theme_id``, ``reviewed``.

    Returns False where the excerpts of ``key`` are not held.
    """
    if _state.held is None or _state.key != key:
        return False
    _state.themes = Themes(_state.held, read_table(shares))
    _state.shares_key = shares_key
    return True


def similar(
    channel: Channel,
    *,
    key: str,
    texts: Sequence[str],
    excerpts: Sequence[int | None],
    count: int,
) -> list[tuple[int, str]] | None:
    """Return the excerpts (inner numbers) most like those asked for, with Strong, Good or Weak.

    None where the excerpts of ``key`` are not held.
    """
    if _state.held is None or _state.key != key:
        return None
    return similar_to(_state.held, Asked(texts, excerpts), count)


def nearest_themes(
    channel: Channel,
    *,
    key: str,
    shares_key: str,
    texts: Sequence[str],
    excerpts: Sequence[int | None],
    count: int,
) -> list[tuple[object, ...]] | None:
    """Return the fields of the ``Suggestion`` of each theme that fits best.

    Tuples, because the parent must not load this room to read them. None where the state that the
    keys name is not held.
    """
    if _state.themes is None or (_state.key, _state.shares_key) != (key, shares_key):
        return None
    return [
        (theme.theme_id, theme.word, theme.phrases, theme.shared, theme.confirmed)
        for theme in _state.themes.nearest(Asked(texts, excerpts), count)
    ]
