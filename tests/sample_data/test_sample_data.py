"""The sample data is what its file of truth says: sizes, plants, and nobody's words twice."""

import csv
import html
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from themeloom.base.paths import sample_data

RUN = 8  # words that no two texts may share in a row


@dataclass(frozen=True)
class Text:
    name: str
    words: list[str]


def test_first_wave_has_at_least_900_records(truth: list[dict[str, str]]) -> None:
    first = Counter(row["kind"] for row in truth if row["wave"] == "1")
    assert sum(first.values()) >= 900
    assert first["interview"] == 6
    assert first["call"] == 12
    assert first["ticket"] == len(_tickets("support-tickets-2026-q3.csv"))
    assert first["nps"] == len(_answers("nps-survey-2026-q3.xlsx"))


def test_planted_themes_have_the_sizes_that_the_truth_states(
    truth: list[dict[str, str]], story: dict[str, Any]
) -> None:
    themes = story["themes"]
    assert 17 <= sum(theme["first_wave"] > 0 for theme in themes) <= 20
    for wave, size in (("1", "first_wave"), ("2", "second_wave")):
        counted = Counter(row["theme"] for row in truth if row["wave"] == wave)
        assert {t["key"]: t[size] for t in themes} == {t["key"]: counted[t["key"]] for t in themes}


def test_one_theme_grows_month_by_month(truth: list[dict[str, str]], story: dict[str, Any]) -> None:
    dates = {row[0]: row[12] for row in _tickets("support-tickets-2026-q3.csv")}
    months = Counter(
        dates[row["external_id"]][:7]
        for row in truth
        if row["theme"] == story["grows"] and row["external_id"] in dates
    )
    assert months["2026-07"] < months["2026-08"] < months["2026-09"]


def test_one_theme_is_mentioned_by_detractors_only(
    truth: list[dict[str, str]], story: dict[str, Any]
) -> None:
    scores = {row[0]: row[2] for row in _answers("nps-survey-2026-q3.xlsx")}
    rows = [r for r in truth if r["theme"] == story["only_detractors"] and r["wave"] == "1"]
    assert {row["kind"] for row in rows} == {"nps"}
    assert all(scores[row["external_id"]] <= 6 for row in rows)


def test_one_theme_is_in_all_four_sources(
    truth: list[dict[str, str]], story: dict[str, Any]
) -> None:
    key = story["in_all_four_sources"]
    kinds = {r["kind"] for r in truth if key in [r["theme"], *r["also"].split(";")]}
    assert kinds == {"ticket", "nps", "interview", "call"}


def test_second_wave_overlaps_brings_a_theme_and_lets_one_die(story: dict[str, Any]) -> None:
    first = {row[0] for row in _tickets("support-tickets-2026-q3.csv")}
    second = {row[0] for row in _tickets("second_wave/support-tickets-2026-10.csv")}
    assert len(first & second) >= 30
    sizes = {t["key"]: (t["first_wave"], t["second_wave"]) for t in story["themes"]}
    assert sizes[story["new_in_second_wave"]][0] == 0
    assert sizes[story["new_in_second_wave"]][1] >= 30
    before, after = sizes[story["dying_in_second_wave"]]
    assert after * 10 <= before


def test_plants_are_there(truth: list[dict[str, str]], story: dict[str, Any]) -> None:
    special = Counter(row["special"] for row in truth)
    assert special["duplicate"] >= 10
    assert special["near-duplicate"] >= 8
    assert special["non-answer"] >= 30
    assert len({row["language"] for row in truth} - {""}) >= 5
    bodies = {row[0]: row[2] for row in _tickets("support-tickets-2026-q3.csv")}
    planted = [row for row in truth if row["personal_data"]]
    assert len(planted) >= 12
    for row in planted:
        assert all(value in bodies[row["external_id"]] for value in row["personal_data"].split(";"))
    for macro in story["macros"]:
        assert sum(macro in body for body in bodies.values()) >= 10


def test_no_two_texts_share_a_run_of_eight_words(
    truth: list[dict[str, str]], story: dict[str, Any]
) -> None:
    """Written by hand, not from templates. Planted copies, non-answers and macros are excepted."""
    excepted = {r["external_id"] for r in truth if r["special"]}
    owner: dict[tuple[str, ...], str] = {}
    shared: list[str] = []
    for text in _all_texts(story["macros"]):
        if text.name in excepted:
            continue
        for start in range(len(text.words) - RUN + 1):
            run = tuple(text.words[start : start + RUN])
            if owner.setdefault(run, text.name) != text.name:
                shared.append(f"{owner[run]} and {text.name}: {' '.join(run)}")
    assert not shared


@pytest.fixture(scope="module")
def truth() -> list[dict[str, str]]:
    with (sample_data() / "truth" / "records.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def story() -> dict[str, Any]:
    return json.loads((sample_data() / "truth" / "story.json").read_text(encoding="utf-8"))


def _tickets(name: str) -> list[list[str]]:
    with (sample_data() / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def _answers(name: str) -> list[list[Any]]:
    book = openpyxl.load_workbook(sample_data() / name)
    return [[cell.value for cell in row] for row in book.active.iter_rows(min_row=2)]  # type: ignore[union-attr]


def _all_texts(macros: list[str]) -> list[Text]:
    texts: dict[str, str] = {}
    for name in ("support-tickets-2026-q3.csv", "second_wave/support-tickets-2026-10.csv"):
        for row in _tickets(name):
            body = html.unescape(re.sub(r"<[^>]+>", " ", row[2]))
            for macro in macros:
                body = body.replace(macro, " ")
            texts[row[0]] = f"{row[1]} \n {body}"
    for name in ("nps-survey-2026-q3.xlsx", "second_wave/nps-survey-2026-10.xlsx"):
        texts |= {row[0]: str(row[3]) for row in _answers(name)}
    with (sample_data() / "sales-calls-2026-q3.csv").open(encoding="utf-8", newline="") as file:
        texts |= {row["Call ID"]: row["Notes"] for row in csv.DictReader(file)}
    for path in sorted(sample_data().iterdir()):
        if path.suffix in {".md", ".txt", ".vtt"}:
            texts[path.stem] = path.read_text(encoding="utf-8")
        elif path.suffix == ".docx":
            texts[path.stem] = "\n".join(p.text for p in docx.Document(str(path)).paragraphs)
    return [Text(name, re.findall(r"[\w']+", body.lower())) for name, body in texts.items()]


def test_accounts_and_roster_are_there() -> None:
    accounts = openpyxl.load_workbook(sample_data() / "accounts.xlsx").active
    roster = openpyxl.load_workbook(sample_data() / "roster.xlsx").active
    assert accounts is not None
    assert roster is not None
    assert accounts.max_row > 100
    assert roster.max_row == 7


def test_only_known_files_lie_at_the_top() -> None:
    top = {path.name for path in Path(sample_data()).iterdir() if path.is_file()}
    assert {p for p in top if p.startswith("interview-")} == {
        "interview-01.md",
        "interview-02.md",
        "interview-03.vtt",
        "interview-04.vtt",
        "interview-05.docx",
        "interview-06.docx",
    }
    assert not {p for p in top if p.lower().startswith("readme")}, "a note would be imported"
