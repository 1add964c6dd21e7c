"""Recognising columns and mapping rows to records."""

import json
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from themeloom.domain.errors import ImportFileError, UsageError
from themeloom.domain.frames import RECORDS
from themeloom.domain.records import ColumnMap, ImportOptions, Kind
from themeloom.importers.mapping import Mapped, map_table
from themeloom.importers.roles import Recognised, recognise
from themeloom.importers.sniffing import Format
from themeloom.importers.tables import Table, read_tables

at = datetime.fromisoformat

NONE = ImportOptions()


def read(data: str, tmp_path: Path, name: str = "in.csv") -> Table:
    path = tmp_path / name
    path.write_text(data, encoding="utf-8", newline="")
    (table,) = read_tables(path, Format.DELIMITED)
    return table


def mapped(
    data: str, tmp_path: Path, options: ImportOptions = NONE, name: str = "in.csv"
) -> tuple[Recognised, Mapped]:
    table = read(data, tmp_path, name)
    recognised = recognise(table, options, name)
    assert recognised is not None
    result = map_table(table, recognised)
    assert result.read == result.records.height + result.skipped.height
    assert result.records.schema == pl.Schema(RECORDS)
    return recognised, result


def test_text_and_label_alone(tmp_path: Path) -> None:
    data = 'text,label\n"Where is my card, please?",card\nMy top-up failed,topup\n,empty\n'
    recognised, result = mapped(data, tmp_path)
    assert recognised.columns.text == ("text",)
    assert recognised.columns.fields == ("label",)
    assert result.records["row"].to_list() == [2, 3]
    assert result.records["fields_json"][0] == '{"label": "card"}'
    assert result.skipped.rows() == [(4, "no text in “text”")]


HELP_DESK = (
    "Ticket ID,Subject,Description,Status,Priority,Agent,Requester name,Requester email,Company,"
    "Plan,Created time,Last update time,Due by Time,Group\n"
    "7,Export fails,It stops at 90 % every time,Open,High,Joy,Ann Lee,Ann.Lee@Example.com,Acme,"
    "Team,2026-07-01 08:00:00,2026-07-02 08:00:00,,Tier 1\n"
    "8,Login,I cannot log in since Monday,Closed,Low,Sam,Bo Kim,,Beta,Free,"
    "2026-07-03 08:00:00,2026-07-03 09:00:00,,Tier 1\n"
)


def test_help_desk_export(tmp_path: Path) -> None:
    recognised, result = mapped(HELP_DESK, tmp_path)
    assert recognised.profile.name == "freshdesk"
    assert recognised.kind == Kind.TICKET
    assert recognised.columns.subject == "Subject"
    first = result.records.row(0, named=True)
    assert first["external_id"] == "7"
    assert first["text"] == "It stops at 90 % every time"
    assert first["subject"] == "Export fails"
    assert first["date"] == at("2026-07-01T08:00")
    assert first["person_key"] == "ann.lee@example.com"
    assert first["author"] == "Ann Lee"
    assert first["account"] == "Acme"
    assert first["place"] == "row 2"
    assert json.loads(first["segments_json"])["Plan"] == "Team"
    assert "Agent" not in json.loads(first["segments_json"])
    assert result.records["person_key"][1] == "bo kim"


def test_subjects_only_export_names_the_one_with_texts(tmp_path: Path) -> None:
    data = (
        "Id,Requester,Requester id,Requester domain,Submitter,Subject,Via,Ticket type,Created at\n"
        "1,Ann,5,example.com,Ann,Cannot log in since the update,Mail,Problem,2026-01-02\n"
    )
    recognised, result = mapped(data, tmp_path)
    assert recognised.profile.name == "zendesk"
    assert recognised.subject_is_text
    assert result.records["text"].to_list() == ["Cannot log in since the update"]
    assert result.records["subject"].to_list() == [None]
    assert any("JSON export" in warning for warning in result.warnings)


def test_nps_survey(tmp_path: Path) -> None:
    data = (
        "Response ID,How likely are you to recommend us?,What is the main reason?,Plan,Email,Date\n"
        "a,9,It saves me an hour a day,Team,ann@example.com,2026-01-02\n"
        "b,0,Too slow for us,Free,bo@example.com,2026-01-03\n"
        "c,11,Never mind the scale here,Free,,2026-01-03\n"
    )
    recognised, result = mapped(data, tmp_path)
    assert recognised.kind == Kind.NPS
    assert recognised.columns.text == ("What is the main reason?",)
    assert result.records["score"].to_list() == [9.0, 0.0, None]
    assert result.records["score_kind"].to_list() == ["nps", "nps", None]
    assert any("1 cell of" in warning for warning in result.warnings)


def test_ratings_are_no_net_promoter_score(tmp_path: Path) -> None:
    data = "review,rating\nLovely place to stay at,5\nNot my cup of tea at all,2\n"
    recognised, _ = mapped(data, tmp_path)
    assert recognised.score_kind == "rating"
    assert recognised.kind == Kind.OTHER


def test_several_questions_become_parts(tmp_path: Path) -> None:
    data = (
        "Timestamp,What do you like most about it?,What should we improve first?\n"
        "6/21/2025 16:14,The search is great — fast too,Exports are slow for me\n"
        "6/22/2025 16:14,,Please make it open faster\n"
    )
    recognised, result = mapped(data, tmp_path)
    assert recognised.profile.name == "googleforms"
    first = result.records.row(0, named=True)
    parts = json.loads(first["parts_json"])
    assert [first["text"][start:end] for _, start, end in parts] == [
        "The search is great — fast too",
        "Exports are slow for me",
    ]
    assert json.loads(result.records["parts_json"][1]) == [["What should we improve first?", 0, 26]]


def test_german_headers(tmp_path: Path) -> None:
    data = (
        "Ticketnummer;Betreff;Beschreibung;Erstellt am;Kunde;Tarif\n"
        "17;Absturz;Die App stürzt beim Start ab;02.03.2026;Müller AG;Team\n"
        "18;Preis;Das ist uns zu teuer geworden;13.03.2026;Weber KG;Frei\n"
    )
    recognised, result = mapped(data, tmp_path)
    columns = recognised.columns
    assert (columns.id, columns.subject, columns.text) == (
        "Ticketnummer",
        "Betreff",
        ("Beschreibung",),
    )
    assert (columns.date, columns.account, columns.segments) == ("Erstellt am", "Kunde", ("Tarif",))
    assert result.records["date"][0] == at("2026-03-02")


def test_options_override_what_is_recognised(tmp_path: Path) -> None:
    options = ImportOptions(
        kind=Kind.CALL,
        columns=ColumnMap(text=("subject",), id="REQUESTER NAME", segments=("Group",)),
    )
    recognised, result = mapped(HELP_DESK, tmp_path, options)
    assert recognised.kind == Kind.CALL
    assert result.records["text"].to_list() == ["Export fails", "Login"]
    assert result.records["external_id"].to_list() == ["Ann Lee", "Bo Kim"]
    assert result.records["segments_json"][0] == '{"Group": "Tier 1"}'


def test_an_unknown_column_is_refused_with_those_there_are(tmp_path: Path) -> None:
    options = ImportOptions(columns=ColumnMap(text=("Verbatim",)))
    with pytest.raises(ImportFileError, match="Verbatim") as caught:
        recognise(read(HELP_DESK, tmp_path), options, "in.csv")
    assert "Description" in str(caught.value.complaint.hint)


def test_an_unknown_profile_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nonesuch"):
        recognise(read(HELP_DESK, tmp_path), ImportOptions(profile="nonesuch"), "in.csv")


def test_the_last_version_of_an_id_wins(tmp_path: Path) -> None:
    data = (
        "id,body,updated_at\n1,the newer wording of it,2026-02-02\n"
        "1,the older wording of it,2026-01-01\n2,something else entirely,2026-01-01\n"
    )
    _, result = mapped(data, tmp_path)
    assert result.records["text"].to_list() == [
        "the newer wording of it",
        "something else entirely",
    ]
    assert result.skipped.rows() == [(3, "an older version of the same id")]


def test_an_id_that_repeats_without_dates_is_no_id(tmp_path: Path) -> None:
    rows = "\n".join(f"{number % 3},complaint number {number} about it" for number in range(12))
    recognised, result = mapped(f"id,text\n{rows}\n", tmp_path)
    assert recognised.columns.id is None
    assert result.records.height == 12
    assert any("repeat" in warning for warning in result.warnings)


def test_ids_are_stable_and_content_hashes_follow_the_content(tmp_path: Path) -> None:
    _, before = mapped(HELP_DESK, tmp_path)
    _, after = mapped(HELP_DESK.replace("at 90 %", "at 95 %"), tmp_path, name="next-month.csv")
    assert before.records["record_id"].to_list() == after.records["record_id"].to_list()
    changed = before.records["content_hash"] != after.records["content_hash"]
    assert changed.to_list() == [True, False]


def test_without_ids_the_same_text_twice_is_two_records(tmp_path: Path) -> None:
    data = "comment\nToo expensive\nToo slow\nToo expensive\n"
    _, once = mapped(data, tmp_path)
    _, again = mapped(data, tmp_path)
    assert once.records["record_id"].n_unique() == 3
    assert once.records["record_id"].to_list() == again.records["record_id"].to_list()


def test_help_desk_notes_are_passed_over(tmp_path: Path) -> None:
    data = (
        "message_id,message_body,message_type,message_author_type,conversation_id\n"
        "1,I cannot find my invoice,open,user,9\n2,Looks like a known bug,note,admin,9\n"
        "3,Thanks for writing to us,comment,admin,9\n"
    )
    recognised, result = mapped(data, tmp_path)
    assert recognised.profile.name == "intercom"
    assert result.records["text"].to_list() == ["I cannot find my invoice"]
    assert [reason for _, reason in result.skipped.rows()] == [
        "an internal note or event",
        "written by an agent",
    ]


def test_awkward_cells_survive_in_fields(tmp_path: Path) -> None:
    data = 'text,odd\nhello there again,"a ""quote"", \\back\nslash\tand tab é"\n'
    _, result = mapped(data, tmp_path)
    fields = json.loads(result.records["fields_json"][0])
    assert fields == {"odd": 'a "quote", \\back\nslash\tand tab é'}


def test_answers_ticked_in_a_list_are_no_text(tmp_path: Path) -> None:
    choices = ["Excel, SPSS", "Excel, Python, SPSS", "Python, Excel", "SPSS, Python, R scripts"]
    rows = "\n".join(
        f'1/{day}/2026,"{choices[day % 4]}",Reason number {day} is that it {"very " * (day % 7)}lags'
        for day in range(1, 29)
    )
    recognised, _ = mapped(
        f"Timestamp,What tools do you use today?,What annoys you most here?\n{rows}\n", tmp_path
    )
    assert recognised.columns.text == ("What annoys you most here?",)


def test_one_option_of_a_list_is_no_text(tmp_path: Path) -> None:
    """Survey tools give each answer that can be ticked a column; its cells are blank or the answer."""
    option = "My preferred language is not supported here"
    rows = "\n".join(f"{day},{option if day % 9 == 0 else ''},{day % 5}" for day in range(1, 29))
    table = read(f"id,3. {option}.,How often?\n{rows}\n", tmp_path)
    assert recognise(table, NONE, "in.csv") is None
    rows = "\n".join(
        f"{day},{option if day % 14 == 0 else ''},Reason number {day} is that it lags"
        for day in range(1, 29)
    )
    recognised, _ = mapped(f"id,{option},What annoys you most here?\n{rows}\n", tmp_path)
    assert recognised.columns.text == ("What annoys you most here?",)


def test_a_table_of_numbers_has_no_text(tmp_path: Path) -> None:
    assert recognise(read("a,b,c\n1,2,3\n4,5,6\n", tmp_path), NONE, "in.csv") is None
