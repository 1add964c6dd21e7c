"""The engine process: what a person reviewed in as Arrow, where other excerpts belong out as Arrow."""

from pathlib import Path

from themeloom.engine.teaching import learn as learn_from
from themeloom.jobs.child import Channel
from themeloom.jobs.tables import read_table, write_table


def learn(
    channel: Channel,
    *,
    excerpts: str,
    stances: str,
    store: str,
    folder: str,
    seed: int,
    encoder: str,
) -> dict[str, object]:
    """Find where unreviewed excerpts belong by the reviewed ones.

    Args:
        channel: for progress and cancel.
        excerpts: path of an Arrow file with EXCERPTS and ``person_key``.
        stances: path of an Arrow file with STANCES.
        store: folder of the project's derived store.
        folder: where the Arrow file of the result goes.
        seed: the same input and seed give the same result.
        encoder: what reads the texts; see ``domain.encoders``.

    Returns:
        The path of MOVES under ``moves``; ``quotes`` by theme id.
    """
    lesson = learn_from(
        read_table(excerpts),
        read_table(stances),
        store=Path(store),
        seed=seed,
        report=channel.report,
        encoder=encoder,
    )
    channel.check()
    return {
        "moves": write_table(lesson.moves, Path(folder) / "moves.arrow"),
        "quotes": lesson.quotes,
    }
