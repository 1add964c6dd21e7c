"""Files in, themes found, insight workbook out: on the sample data, whose truth is known."""

import csv
import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from sklearn.metrics import adjusted_mutual_info_score
from tests.end_to_end.conftest import Program, Synthesis

from themeloom.base.paths import sample_data

pytestmark = pytest.mark.timeout(400)  # the main job is done once, within whoever asks first


def test_counts_hold_for_every_file(synthesis: Synthesis) -> None:
    answer = synthesis.ran.json
    for file in answer["files"]:
        assert file["error"] is None, file
        assert (
            file["read"] == file["taken"] + file["updated"] + file["duplicate"] + file["skipped"]
        ), file
    assert len(answer["skipped"]) == sum(file["skipped"] for file in answer["files"])
    kinds = Counter[str]()
    for file in answer["files"]:
        if file["kind"]:
            kinds[file["kind"]] += file["read"]
    truth = Counter(row["kind"] for row in _truth() if row["wave"] == "1")
    assert kinds == truth
    assert sum(file["duplicate"] for file in answer["files"]) == sum(
        row["special"] == "duplicate" for row in _truth()
    )


def test_accounts_and_roster_are_recognised_not_counted(synthesis: Synthesis) -> None:
    roles = {Path(f["file"]).name: f["role"] for f in synthesis.ran.json["files"]}
    assert roles["accounts.xlsx"] == "accounts"
    assert roles["roster.xlsx"] == "roster"


def test_planted_themes_are_found(synthesis: Synthesis, records: pl.DataFrame) -> None:
    """AMI ≥ 0.60 at theme level (Vinh et al. 2010); a record without a theme is one more cluster."""
    planted = {theme["key"] for theme in _story()["themes"]}
    truth, found = [], []
    themes = dict(records.select("external_id", "primary_theme_id").iter_rows())
    for row in _truth():
        if row["wave"] == "1" and row["kind"] in {"ticket", "nps"} and row["theme"] in planted:
            truth.append(row["theme"])
            found.append(themes[row["external_id"]] or "unsorted")
    assert len(truth) > 800
    score = adjusted_mutual_info_score(truth, found)
    assert score >= 0.60
    answer = synthesis.ran.json
    assert 12 <= answer["themes"] <= 60
    assert 5 <= answer["groups"] <= 25
    assert answer["coverage"] > 0.75


def test_non_answers_and_interviewers_carry_no_theme(
    synthesis: Synthesis, records: pl.DataFrame, coded: pl.DataFrame
) -> None:
    themes = dict(records.select("external_id", "primary_theme_id").iter_rows())
    silent = [row for row in _truth() if row["special"] == "non-answer"]
    assert not [row["external_id"] for row in silent if themes[row["external_id"]]]
    spoken = coded.filter(
        pl.col("source_file").str.contains("interview-01") & pl.col("theme_id").is_not_null()
    )["text"].to_list()
    assert spoken
    source = (sample_data() / "interview-01.md").read_text(encoding="utf-8")
    asked = re.findall(r"\*\*Interviewer:\*\* (.+)", source)
    assert not [text for text in spoken if any(text in question for question in asked)]


def test_one_theme_is_in_all_four_sources(records: pl.DataFrame, coded: pl.DataFrame) -> None:
    key = _story()["in_all_four_sources"]
    ids = {r["external_id"] for r in _truth() if r["theme"] == key and r["wave"] == "1"}
    main = records.filter(
        pl.col("external_id").is_in(ids) & pl.col("primary_theme_id").is_not_null()
    )["primary_theme_id"].value_counts(sort=True)["primary_theme_id"][0]
    files = coded.filter(pl.col("theme_id") == main)["source_file"].unique().to_list()
    joined = " ".join(files)
    for part in ("support-tickets", "nps-survey", "interview-", "sales-call"):
        assert part in joined, files


def test_quotes_of_the_coded_csv_stand_in_the_source(coded: pl.DataFrame) -> None:
    with (sample_data() / "support-tickets-2026-q3.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    tickets = coded.filter(pl.col("source_file").str.contains("support-tickets"))
    checked = 0
    for row, text, external in tickets.select("source_row", "text", "external_id").iter_rows():
        source = rows[row - 1]
        assert source[0] == str(external)
        if "<" not in source[2] and "[" not in text:  # HTML bodies and masks are tested elsewhere
            assert text.lstrip("'") in source[2]
            checked += 1
    assert checked > 300


def test_personal_data_is_masked_in_every_format(
    synthesis: Synthesis, program: Program, tmp_path: Path
) -> None:
    planted = [
        value
        for row in _truth()
        if row["wave"] == "1" and row["personal_data"]
        for value in row["personal_data"].split(";")
        if "@" in value or sum(character.isdigit() for character in value) >= 7
    ]
    assert len(planted) >= 10
    with (sample_data() / "support-tickets-2026-q3.csv").open(encoding="utf-8", newline="") as file:
        mails = [row["Requester email"] for row in csv.DictReader(file)]
    texts = {"xlsx": _cells(synthesis.workbook)}
    for name in ("coded-csv", "records-csv"):
        target = tmp_path / f"{name}.csv"
        assert not program(
            "export", "--project", synthesis.project, "--format", name, "--output", target
        ).code
        texts[name] = target.read_text(encoding="utf-8")
    for name, text in texts.items():
        assert not [value for value in planted + mails if value in text], name
    raw = tmp_path / "raw.xlsx"
    assert not program(
        *("export", "--project", synthesis.project, "--format", "xlsx", "--raw"),
        *("--output", raw),
    ).code
    unmasked = _cells(raw)
    assert all(value in unmasked for value in planted)
    assert "not masked" in unmasked.lower()


def test_themes_lists_the_tree(synthesis: Synthesis, program: Program) -> None:
    nodes = program("themes", "--project", synthesis.project, "--json").json
    by_id = {node["id"]: node for node in nodes}
    answer = synthesis.ran.json
    assert sum(node["level"] == "theme" for node in nodes) == answer["themes"]
    titles = [node["title"] for node in nodes if node["level"] == "theme"]
    assert len(set(titles)) == len(titles)
    for node in nodes:
        assert node["status"] == "active"
        if node["level"] == "theme":
            assert node["records"] > 0
            assert by_id[node["parent_id"]]["level"] == "group"
            assert 1 <= len(node["title"].split()) <= 8
            assert len(node["quotes"]) >= 1


def test_bertopic_export_opens_with_the_stock_package(
    synthesis: Synthesis, program: Program, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    ran = program(
        "export", "--project", synthesis.project, "--format", "bertopic", "--output", folder
    )
    assert ran.code == 0, ran.err
    script = (
        "import json, sys\n"
        "sys.modules['themeloom'] = None\n"
        "from bertopic import BERTopic\n"
        "model = BERTopic.load(sys.argv[1])\n"
        "info = model.get_topic_info()\n"
        "print(json.dumps([len(info), [w for w, _ in model.get_topic(0)]]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    topics, words = json.loads(done.stdout.splitlines()[-1])
    assert topics >= synthesis.ran.json["themes"]
    titles = {n["title"] for n in program("themes", "--project", synthesis.project, "--json").json}
    assert words[0] in titles, "titles on sheets come from the fitted object"


def test_second_wave_keeps_the_themes(
    synthesis: Synthesis, program: Program, tmp_path: Path
) -> None:
    project = tmp_path / "fernwick.loom"
    project.write_bytes(synthesis.project.read_bytes())
    before = {n["id"]: n for n in program("themes", "--project", project, "--json").json}
    ran = program(
        *("synthesize", sample_data() / "second_wave", "--project", project, "--json"),
        *("--output", tmp_path / "second.xlsx"),
    )
    assert ran.code == 0, ran.err
    updated = {Path(file["file"]).name: file["updated"] for file in ran.json["files"]}
    first = {row["external_id"] for row in _truth() if row["wave"] == "1"}
    assert updated["support-tickets-2026-10.csv"] >= 30
    assert all(count <= len(first) for count in updated.values())
    after = {n["id"]: n for n in program("themes", "--project", project, "--json").json}
    assert before.keys() <= after.keys()
    assert all(after[key]["title"] == node["title"] for key, node in before.items())
    added = [node for key, node in after.items() if key not in before and node["level"] == "theme"]
    words = " ".join(q for node in added for q in [node["title"], *node["quotes"]]).lower()
    assert "receptionist" in words or " ai " in words, [node["title"] for node in added]


@pytest.fixture(scope="module")
def records(
    synthesis: Synthesis, program: Program, tmp_path_factory: pytest.TempPathFactory
) -> pl.DataFrame:
    return _exported("records-csv", synthesis, program, tmp_path_factory)


@pytest.fixture(scope="module")
def coded(
    synthesis: Synthesis, program: Program, tmp_path_factory: pytest.TempPathFactory
) -> pl.DataFrame:
    return _exported("coded-csv", synthesis, program, tmp_path_factory)


def _exported(
    name: str,
    synthesis: Synthesis,
    program: Program,
    tmp_path_factory: pytest.TempPathFactory,
) -> pl.DataFrame:
    target = tmp_path_factory.mktemp("exported") / f"{name}.csv"
    ran = program(
        *("export", "--project", synthesis.project, "--format", name, "--output", target, "--raw")
    )
    assert ran.code == 0, ran.err
    return pl.read_csv(target, schema_overrides={"external_id": pl.String})


def _truth() -> list[dict[str, str]]:
    with (sample_data() / "truth" / "records.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _story() -> dict[str, Any]:
    return json.loads((sample_data() / "truth" / "story.json").read_text(encoding="utf-8"))


def _cells(path: Path) -> str:
    book = openpyxl.load_workbook(path, read_only=True)
    seen: defaultdict[str, list[str]] = defaultdict(list)
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        for row in sheet.iter_rows(values_only=True):
            seen[sheet.title] += [str(value) for value in row if value is not None]
    return "\n".join(text for texts in seen.values() for text in texts)
