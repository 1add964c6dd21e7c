"""A real project that was found wrong in places, and a person who says so."""

from pathlib import Path

import polars as pl
from tests.engine.feedback import feedback
from tests.services.planted import planted_project

from themeloom.domain.frames import ASSIGNMENTS, THEMES, UNSORTED, conform
from themeloom.domain.themes import Level, Reason, Run, Status
from themeloom.project.project import Project

TOPICS: list[str] = feedback()["theme"].to_list()
IDS = {topic: f"T-{number:03d}" for number, topic in enumerate(sorted(set(TOPICS)), 1)}
PDF, LOGIN = IDS["pdf"], IDS["login"]
#: What the run found: what is about PDF lies under login; the last of each theme is unsorted.
ROWS = range(len(TOPICS))
LEFT = {max(row for row in ROWS if TOPICS[row] == topic) for topic in IDS}


def make_mixed_up(path: Path) -> Path:
    """Write the planted feedback with themes to ``path``; nobody has reviewed anything."""
    with (
        planted_project(path) as made,
        made.begin_run(
            Run("run", "2026-11-20T10:00:00", 3, "hash", {"cuts": {"of": "run"}}, {}, "8 themes.")
        ) as stage,
    ):
        stage.add_themes(
            conform(
                pl.DataFrame(
                    [
                        {
                            "theme_id": theme_id,
                            "level": Level.THEME,
                            "title": topic,
                            "status": Status.ACTIVE,
                            "key_phrases": [topic],
                            "quotes": quotes(topic),
                        }
                        for topic, theme_id in IDS.items()
                    ]
                ),
                THEMES,
            )
        )
        stage.add_assignments(
            conform(
                pl.DataFrame(
                    {
                        "excerpt_id": [name(row) for row in ROWS if row not in LEFT],
                        "theme_id": [
                            LOGIN if TOPICS[row] == "pdf" else IDS[TOPICS[row]]
                            for row in ROWS
                            if row not in LEFT
                        ],
                    }
                ).with_columns(method=pl.lit("auto"), similarity=0.5, primary=True, reviewed=False),
                ASSIGNMENTS,
            )
        )
        stage.add_unsorted(
            conform(
                pl.DataFrame({"excerpt_id": [name(row) for row in sorted(LEFT)]}).with_columns(
                    reason=pl.lit(Reason.TIE.value)
                ),
                UNSORTED,
            )
        )
        stage.commit()
    return path


def name(row: int) -> str:
    return f"r{row:03d}.0"


def rows(topic: str) -> list[int]:
    return [row for row in ROWS if TOPICS[row] == topic]


def quotes(topic: str) -> list[str]:
    """Return quotes as the run chose them; two of login's are about PDF."""
    own = [name(row) for row in rows(topic)[4:7]]
    return [name(row) for row in rows("pdf")[4:6]] + own if topic == "login" else own


def teach(project: Project) -> list[str]:
    """Review a few as a person does; return the ids."""
    pdf = [name(row) for row in rows("pdf")[:3]]
    login = [name(row) for row in rows("login")[:3]]
    project.assign(pdf, PDF)
    project.confirm(login)
    return pdf + login
