"""Delimited files and workbooks to tables."""

import json
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from themeloom.importers.headers import ROW
from themeloom.importers.sniffing import Format, sniff
from themeloom.importers.tables import Table, read_tables

at = datetime.fromisoformat


def table_of(data: str | bytes, tmp_path: Path, name: str = "in.csv") -> Table:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    (table,) = read_tables(path, Format.DELIMITED)
    return table


def cells(table: Table) -> list[dict[str, object]]:
    return table.frame.drop(ROW).to_dicts()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(delimiter: str, newline: str, tmp_path: Path) -> None:
    rows = ["id,text,plan", '1,"Slow, and sad",Team', '2,"Two\nlines; really",Free']
    data = "\n".join(rows).replace(",", delimiter).replace(f"Slow{delimiter}", "Slow,")
    table = table_of(data.replace("\n", newline), tmp_path)
    assert table.headers == ["id", "text", "plan"]
    assert table.frame["plan"].to_list() == ["Team", "Free"]
    assert table.frame["text"][0] == "Slow, and sad"


def test_a_separator_line_is_honoured_and_not_counted(tmp_path: Path) -> None:
    table = table_of("sep=;\r\nid;text\r\n1;a, b, c\r\n2;d\r\n", tmp_path)
    assert table.headers == ["id", "text"]
    assert table.frame[ROW].to_list() == [2, 3]


def test_rows_count_records_and_blank_lines_not_lines(tmp_path: Path) -> None:
    table = table_of('id,text\n1,"one\ntwo\nthree"\n\n2,next\n', tmp_path)
    assert table.frame[ROW].to_list() == [2, 4]


def test_one_column_stays_one_column(tmp_path: Path) -> None:
    texts = [f"It crashes, {word}, when I export" for word in ("often", "always", "never", "now")]
    quoted = "\n".join(["feedback", *texts, "No comma here", "Nor there; really"])
    table = table_of(quoted, tmp_path)
    assert table.headers == ["feedback"]
    assert table.frame["feedback"].to_list() == [*texts, "No comma here", "Nor there; really"]


def test_ragged_rows_are_told_and_kept(tmp_path: Path) -> None:
    table = table_of("a,b,c\n1,2,3\n4,5\n6,7,8,extra\n", tmp_path)
    assert table.frame["Column D"].to_list() == [None, None, "extra"]
    assert table.frame.height == 3
    assert any("rows 3, 4" in note for note in table.notes)


def test_an_open_quotation_mark_does_not_swallow_the_rest(tmp_path: Path) -> None:
    rows = [f"{number},text {number}" for number in range(1, 30)]
    rows[9] = '10,"never closed'
    table = table_of("\n".join(["id,text", *rows]), tmp_path)
    assert table.frame.height == 29
    assert table.frame["id"].to_list() == [str(number) for number in range(1, 30)]
    assert any("row 11" in note for note in table.notes)


def test_backslash_escapes(tmp_path: Path) -> None:
    rows = "\n".join(f'{number},"he said \\"no\\", twice",x' for number in range(5))
    table = table_of(f"id,text,plan\n{rows}", tmp_path)
    assert table.frame["text"].to_list() == ['he said "no", twice'] * 5


def test_duplicate_and_blank_headers(tmp_path: Path) -> None:
    table = table_of("id,note,note,,_row\n1,a,b,c,d\n", tmp_path)
    assert table.headers == ["id", "note", "note (2)", "Column D", "_row (2)"]


def test_title_rows_above_the_header(tmp_path: Path) -> None:
    table = table_of(
        "Report Q3,,\n,,\nid,text,plan\n1,hello there,Team\n2,bye now,Free\n", tmp_path
    )
    assert table.headers == ["id", "text", "plan"]
    assert table.frame[ROW].to_list() == [4, 5]
    assert any("row 3" in note for note in table.notes)


def test_without_a_header_columns_get_letters(tmp_path: Path) -> None:
    table = table_of("1,2026-01-02,4\n2,2026-01-03,5\n", tmp_path)
    assert table.headers == ["Column A", "Column B", "Column C"]
    assert table.frame[ROW].to_list() == [1, 2]


def test_qualtrics_has_three_header_rows(tmp_path: Path) -> None:
    data = (
        "StartDate,Q1,Q2 - Topics\nAnfangsdatum,Was stört Sie?,Q2 - Topics\n"
        '"{""ImportId"":""startDate""}","{""ImportId"":""QID1""}","{""ImportId"":""QID2""}"\n'
        "2026-01-02,Alles,x\n"
    )
    table = table_of(data, tmp_path)
    assert table.headers == ["StartDate", "Was stört Sie?", "Q2 - Topics"]
    assert "Q1" in table.aliases["Was stört Sie?"]
    assert table.frame[ROW].to_list() == [4]


def test_surveymonkey_has_two_header_rows(tmp_path: Path) -> None:
    data = (
        "Respondent ID,Which do you use?,,Why?\n,Web,App,Open-Ended Response\n"
        "1,Web,,Because it is there\n"
    )
    table = table_of(data, tmp_path)
    assert table.headers == [
        "Respondent ID",
        "Which do you use? – Web",
        "Which do you use? – App",
        "Why?",
    ]
    assert table.open_ended == {"Why?"}
    assert table.frame[ROW].to_list() == [3]


def workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Tickets"
    sheet["B3"] = "Id"
    sheet["C3"] = "Text"
    sheet["D3"] = "When"
    sheet["E3"] = "Score"
    for row, values in enumerate(
        [
            ("00123", " keep me ", at("2026-01-02T03:04:05"), 7),
            (45, "=1+1", date(2026, 2, 3), 8.5),
        ],
        start=4,
    ):
        for column, value in enumerate(values, start=2):
            sheet.cell(row, column, value)
    book.create_sheet("Empty")
    hidden = book.create_sheet("Hidden")
    hidden["A1"] = "secret"
    hidden.sheet_state = "hidden"
    book.save(path)
    return path


def test_workbook_cells_come_as_people_see_them(tmp_path: Path) -> None:
    path = workbook(tmp_path / "book.xlsx")
    tickets, empty, hidden = read_tables(path, sniff(path))
    assert tickets.sheet == "Tickets"
    assert tickets.headers == ["Id", "Text", "When", "Score"]
    assert tickets.frame.rows() == [
        (4, "00123", "keep me", "2026-01-02 03:04:05", "7"),
        (5, "45", None, "2026-02-03 00:00:00", "8.5"),
    ]
    assert empty.frame.is_empty()
    assert "empty" in empty.notes[0]
    assert "hidden" in hidden.notes[0]


def test_stray_far_cell_is_left_out_not_laid_out(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "text"])
    sheet.append([1, "hello there"])
    sheet["XFD1048576"] = "stray"
    path = tmp_path / "far.xlsx"
    book.save(path)
    (table,) = read_tables(path, sniff(path))
    assert table.frame.rows() == [(2, "1", "hello there")]
    assert "far away" in table.notes[0]


def test_spectrum_of_csv(test_data: Path) -> None:
    """Every file of csv-spectrum gives the values that stand beside it as JSON."""
    folder = test_data / "nasty" / "csv_spectrum"
    expected = sorted(folder.glob("*.json"))
    assert len(expected) >= 11
    for path in expected:
        (table,) = read_tables(path.with_suffix(".csv"), Format.DELIMITED)
        wanted = json.loads(path.read_text(encoding="utf-8"))
        got = [
            {key: str(value or "").replace("\r\n", "\n") for key, value in row.items()}
            for row in cells(table)
        ]
        assert got == [
            {key: value.strip().replace("\r\n", "\n") for key, value in row.items()}
            for row in wanted
        ], path.name


MARKED_UP = (
    "#,<strong>Are you self-employed?</strong>,*Are you self-employed?*,R&amp;D spending,"
    "Staff <10 or >20,Rate <your product>,Name *,<p>What is<br/>it _like_ here?</p>,_id_\n"
    "1,yes,no,12,small,4,<b>Kim</b>,a <b>bold</b> word,x\n"
)


def test_headers_are_plain_words_and_cells_stay_as_they_are(tmp_path: Path) -> None:
    table = table_of(MARKED_UP, tmp_path)
    assert table.headers == [
        "#", "Are you self-employed?", "Are you self-employed? (2)", "R&D spending",
        "Staff <10 or >20", "Rate <your product>", "Name *", "What is it like here?", "_id_",
    ]  # fmt: skip
    assert table.frame["What is it like here?"].to_list() == ["a <b>bold</b> word"]
    assert table.frame["Name *"].to_list() == ["<b>Kim</b>"]
    assert "R&amp;D spending" in table.aliases["R&D spending"]


def test_a_header_with_markup_is_known_as_one(tmp_path: Path) -> None:
    table = table_of("<b>Email</b>\na@b.example\nc@d.example\n", tmp_path)
    assert (table.headers, table.header_row) == (["Email"], 1)


def test_a_sheet_that_cannot_be_read_leaves_the_others(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name in ("Answers", "Chart"):
        sheet = book.create_sheet(name)
        sheet.append(["id", "text"])
        sheet.append([1, f"the words of {name}"])
    book.remove(book["Sheet"])
    path, broken = tmp_path / "in.xlsx", tmp_path / "broken.xlsx"
    book.save(path)
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(broken, "w") as target:
        for part in source.namelist():
            content = source.read(part)
            if part.endswith("sheet2.xml"):
                content = content.replace(b'r="A2"', b'r="2A"')
            target.writestr(part, content)
    answers, chart = read_tables(broken, Format.WORKBOOK)
    assert answers.frame["text"].to_list() == ["the words of Answers"]
    assert chart.frame.is_empty()
    assert chart.notes[0].startswith("The sheet “Chart” cannot be read and was left out")


def test_captions_are_told_from_feedback(tmp_path: Path) -> None:
    table = table_of("start\tend\ttext\n0\t410\tHello and\n410\t900\twelcome back\n", tmp_path)
    assert any("captions of one recording" in note for note in table.notes)
    table = table_of("start\tend\ttext\tid\n0\t410\tHello and\t4\n", tmp_path)
    assert table.notes == ()


def test_one_ragged_row_is_told_as_one(tmp_path: Path) -> None:
    table = table_of("a,b,c\n1,2,3\n4,5\n", tmp_path)
    assert table.notes == (
        "1 row has more or fewer cells than the header (row 3); nothing was dropped.",
    )
