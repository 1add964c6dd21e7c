"""How far the insights of a project are: how many are ready, and when the last send was."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from themeloom.domain.insights import Field, Stage
from themeloom.domain.themes import Level, Status
from themeloom.services.period_choice import last_send
from themeloom.services.session import Session


@dataclass(frozen=True, slots=True)
class Headway:
    """Of accepted themes only: a proposal has no insight yet.

    Attributes:
        insights: how many there are.
        ready: how many were marked as ready, or sent.
        last_send: the day, in this computer's time; None where nothing was sent.
    """

    insights: int = 0
    ready: int = 0
    last_send: date | None = None


def headway(session: Session) -> Headway:
    """Return how far the insights are; takes milliseconds."""
    themes = session.view.themes.filter(
        (pl.col("level") == Level.THEME) & (pl.col("status") != Status.PROPOSED)
    )
    stages = session.project.insight_fields().filter(
        (pl.col("field") == Field.STAGE) & pl.col("value").is_in([Stage.READY, Stage.SENT])
    )
    return Headway(
        insights=themes.height,
        ready=themes.join(stages, on="theme_id", how="semi").height,
        last_send=last_send(session.project),
    )
