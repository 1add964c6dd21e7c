"""The engine process: the excerpts of one theme in as Arrow, what it could be split into out."""

from pathlib import Path

from themeloom.engine.splitting import SplitSettings, split
from themeloom.jobs.child import Channel
from themeloom.jobs.tables import read_table, write_table


def propose(
    channel: Channel, *, excerpts: str, settings: dict[str, object], store: str, folder: str
) -> dict[str, object]:
    """Find the parts of a theme.

    Args:
        channel: for progress and cancel.
        excerpts: path of an Arrow file with EXCERPTS and ``person_key``, of the theme.
        settings: of ``SplitSettings``.
        store: folder of the project's derived store.
        folder: where the Arrow files of the result go.

    Returns:
        Paths under ``nodes`` and ``texts``; ``counts`` and ``suggested``.
    """
    result = split(
        read_table(excerpts),
        SplitSettings(**settings),  # pyright: ignore[reportArgumentType]: named by the parent
        store=Path(store),
        report=channel.report,
    )
    channel.check()
    return {
        "nodes": write_table(result.nodes, Path(folder) / "nodes.arrow"),
        "texts": write_table(result.texts, Path(folder) / "texts.arrow"),
        "counts": result.counts,
        "suggested": result.suggested,
    }
