"""The engine process: excerpts in as Arrow, themes and assignments out as Arrow."""

from dataclasses import asdict
from pathlib import Path

import polars as pl

from themeloom.engine.theming import KnownThemes, ThemingResult, ThemingSettings, find_themes
from themeloom.engine.warm_up import warm_up as warm_engine
from themeloom.jobs.child import Channel
from themeloom.jobs.tables import read_table, write_table


def warm_up(channel: Channel) -> None:
    """Load the encoder and start importing BERTopic, before anybody asks for themes."""
    warm_engine()


def propose(
    channel: Channel,
    *,
    excerpts: str,
    settings: dict[str, object],
    known: dict[str, str] | None,
    store: str,
    folder: str,
) -> dict[str, object]:
    """Find themes for the excerpts of an Arrow file.

    Args:
        channel: for progress and cancel.
        excerpts: path of an Arrow file with EXCERPTS and ``kind``, ``person_key``, ``source_id``.
        settings: of ``ThemingSettings``.
        known: paths of the project's THEMES and ASSIGNMENTS, to assign to them first.
        store: folder of the project's derived store.
        folder: where the Arrow files of the result go.

    Returns:
        Paths under ``themes``, ``assignments``, ``unsorted``; ``why``; ``versions``; ``stages``;
        ``cuts``: None, or paths of its frames and its numbers. Themes of a first look come as
        partial results: dictionaries with the names of ``FirstLook``.
    """
    known_themes = (
        KnownThemes(
            themes=read_table(known["themes"]),
            assignments=read_table(known["assignments"]),
        )
        if known
        else None
    )
    result = find_themes(
        read_table(excerpts),
        ThemingSettings(**settings),  # pyright: ignore[reportArgumentType]: named by the parent
        known=known_themes,
        store=Path(store),
        progress=channel.report,
        on_first_look=lambda look: channel.partial(asdict(look)),
    )
    channel.check()
    paths: dict[str, object] = {}
    for name in ("themes", "assignments", "unsorted"):
        frame: pl.DataFrame = getattr(result, name)
        paths[name] = write_table(frame, Path(folder) / f"{name}.arrow")
    return paths | {
        "why": result.why,
        "versions": result.versions,
        "stages": result.stages,
        "cuts": _cuts(result, Path(folder)),
    }


def _cuts(result: ThemingResult, folder: Path) -> dict[str, object] | None:
    cuts = result.cuts
    if cuts is None:
        return None
    return {
        "nodes": write_table(cuts.nodes, folder / "cut-nodes.arrow"),
        "texts": write_table(cuts.texts, folder / "cut-texts.arrow"),
        "further": write_table(cuts.further, folder / "cut-further.arrow"),
        "unsorted": write_table(cuts.unsorted, folder / "cut-unsorted.arrow"),
        "levels": cuts.levels,
        "chosen": cuts.chosen,
        "groups": cuts.groups,
    }
