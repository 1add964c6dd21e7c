"""Large inputs for measurements: words are shuffled, because only the size matters."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import polars as pl

from themeloom.domain import frames
from themeloom.domain.records import Kind
from themeloom.domain.themes import Level, Method, Run, Status
from themeloom.project.project import Project

_WORDS = [
    *"app board calendar customer export field invoice job late login mail map note".split(),
    *"offline phone photo price report route screen signal slow stock sync tax text".split(),
]


def large_workbook(path: Path, *, rows: int) -> Path:
    """Write tickets of 12 columns as xlsx and return the path."""
    dice = random.Random(5)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Tickets")
    sheet.append(
        [
            *("Ticket ID", "Subject", "Description", "Created", "Requester", "Email"),
            *("Company", "Plan", "Region", "Priority", "Status", "Score"),
        ]
    )
    began = datetime(2026, 7, 1, 8, tzinfo=UTC)
    for number in range(rows):
        sheet.append(
            [
                *(
                    number,
                    " ".join(dice.choices(_WORDS, k=4)),
                    " ".join(dice.choices(_WORDS, k=25)),
                ),
                *(
                    (began + timedelta(minutes=number)).replace(tzinfo=None),
                    f"Person {number % 7000}",
                ),
                *(f"p{number % 7000}@example.com", f"Company {number % 900}"),
                *(dice.choice(["Team", "Business"]), dice.choice(["North", "South", "West"])),
                *(dice.choice(["Low", "High"]), "Closed", dice.randint(0, 10)),
            ]
        )
    book.save(path)
    return path


def large_project(path: Path, *, excerpts: int, themes: int) -> Path:
    """Write a project whose excerpts are spread over ``themes`` themes in ten groups."""
    dice = random.Random(7)
    kinds = [Kind.TICKET, Kind.NPS, Kind.INTERVIEW, Kind.CALL]
    began = datetime(2026, 1, 1)  # noqa: DTZ001 - as written in a file
    ids = [f"r{number:07d}" for number in range(excerpts)]
    texts = [" ".join(dice.choices(_WORDS, k=14)) + "." for _ in ids]
    with Project.create(path) as project:
        with project.begin_import("large.csv") as stage:
            source_id = stage.add_source({"file": "large.csv", "kind": "ticket"})
            stage.add_records(
                frames.conform(
                    pl.DataFrame(
                        {
                            "record_id": ids,
                            "source_id": source_id,
                            "kind": [str(kinds[number % 4]) for number in range(excerpts)],
                            "row": range(2, excerpts + 2),
                            "text": texts,
                            "date": [
                                began + timedelta(minutes=5 * number) for number in range(excerpts)
                            ],
                            "person_key": [f"p{number % 9000}" for number in range(excerpts)],
                            "account": [f"Account {number % 900}" for number in range(excerpts)],
                            "score": [float(number % 11) for number in range(excerpts)],
                            "score_kind": "nps",
                            "non_answer": False,
                            "content_hash": ids,
                        }
                    ),
                    frames.RECORDS,
                )
            )
            stage.add_excerpts(
                frames.conform(
                    pl.DataFrame(
                        {
                            "excerpt_id": [f"{one}.0" for one in ids],
                            "record_id": ids,
                            "ordinal": 0,
                            "start": 0,
                            "end": [len(text) for text in texts],
                        }
                    ),
                    frames.EXCERPTS,
                )
            )
            stage.commit()
        _propose(project, ids, themes, dice)
    return path


def _propose(project: Project, ids: list[str], themes: int, dice: random.Random) -> None:
    groups = project.reserve_theme_ids("G", 10)
    names = project.reserve_theme_ids("T", themes)
    table = [
        {"theme_id": one, "level": str(Level.GROUP), "title": f"Group {one}", "position": place}
        for place, one in enumerate(groups)
    ] + [
        {
            "theme_id": one,
            "parent_id": groups[place % 10],
            "level": str(Level.THEME),
            "title": f"{' '.join(dice.choices(_WORDS, k=3)).capitalize()} {place}",
            "position": place,
        }
        for place, one in enumerate(names)
    ]
    status = pl.lit(str(Status.ACTIVE)).alias("status")
    with project.begin_run(Run("run", "2026-10-01T00:00:00+00:00", 0, "hash")) as stage:
        stage.add_themes(
            frames.conform(
                pl.DataFrame(table).with_columns(status, definition=pl.lit("")), frames.THEMES
            )
        )
        placed = [one for one in ids if dice.random() < 0.9]
        stage.add_assignments(
            frames.conform(
                pl.DataFrame(
                    {
                        "excerpt_id": [f"{one}.0" for one in placed],
                        "theme_id": [names[dice.randrange(themes)] for _ in placed],
                        "similarity": [dice.random() for _ in placed],
                    }
                ).with_columns(method=pl.lit(str(Method.AUTO)), primary=True, reviewed=False),
                frames.ASSIGNMENTS,
            )
        )
        known = set(placed)
        loose = [f"{one}.0" for one in ids if one not in known]
        stage.add_unsorted(
            frames.conform(
                pl.DataFrame(
                    {"excerpt_id": loose, "reason": "too far", "nearest_theme_id": names[0]}
                ),
                frames.UNSORTED,
            )
        )
        stage.commit()
