"""Rows from the clipboard become a file that reads back as the same cells."""

from datetime import datetime
from pathlib import Path

import pytest

from themeloom.domain.errors import ImportFileError
from themeloom.importers.headers import ROW
from themeloom.importers.sniffing import sniff
from themeloom.importers.tables import read_tables
from themeloom.services.pasting import is_pasted, pasted_table, shown_name

NOW = datetime(2026, 11, 26, 14, 5)  # noqa: DTZ001 - local time is what people see


def cells(path: Path) -> list[tuple[str | None, ...]]:
    (table,) = read_tables(path, sniff(path))
    return [tuple(table.headers), *table.frame.drop(ROW).rows()]


def test_rows_of_a_spreadsheet_with_line_breaks_and_quotes(tmp_path: Path) -> None:
    text = 'id\tcomment\tplan\r\n1\t"Slow exports.\nAnd ""odd"" ones"\tTeam\r\n2\tfine, thanks\tPro\r\n'
    path = pasted_table(text, tmp_path, now=NOW)
    assert cells(path) == [
        ("id", "comment", "plan"),
        ("1", 'Slow exports.\nAnd "odd" ones', "Team"),
        ("2", "fine, thanks", "Pro"),
    ]


def test_a_lone_quotation_mark_swallows_nothing(tmp_path: Path) -> None:
    text = 'id\tcomment\n1\t"Slow\n2\tthe 5" screen\n3\tfine\n'
    assert [row[1] for row in cells(pasted_table(text, tmp_path, now=NOW))[1:]] == [
        '"Slow',
        'the 5" screen',
        "fine",
    ]


def test_a_table_as_html_with_merged_cells(tmp_path: Path) -> None:
    html = (
        "<html><body><table><tr><th>id</th><th colspan=2>what &amp; why</th></tr>"
        "<tr><td rowspan=2>1</td><td>Slow<br>exports\n here</td><td>x</td></tr>"
        "<tr><td>Odd</td><td>y</td></tr></table></body></html>"
    )
    assert cells(pasted_table(html, tmp_path, now=NOW)) == [
        ("id", "what & why", "Column C"),
        ("1", "Slow\nexports here", "x"),
        (None, "Odd", "y"),
    ]


def test_copied_text_without_a_table_is_one_column(tmp_path: Path) -> None:
    html = (
        "<html><head><style>p {color: red}</style></head><body><p>Slow <b>exports</b></p><p>Odd</p>"
    )
    path = pasted_table(html, tmp_path, now=NOW)
    assert path.read_text(encoding="utf-8").splitlines() == ["Slow exports", "Odd"]


def test_tags_in_the_cells_of_a_text_stay(tmp_path: Path) -> None:
    path = pasted_table("id\tcomment\n1\ta <table> is broken", tmp_path, now=NOW)
    assert cells(path)[1] == ("1", "a <table> is broken")


def test_one_column_of_texts(tmp_path: Path) -> None:
    path = pasted_table("Exports are slow\nImports are slow as well, sadly\n", tmp_path, now=NOW)
    assert path.read_text(encoding="utf-8").splitlines() == [
        "Exports are slow",
        "Imports are slow as well, sadly",
    ]


def test_the_name_says_when_and_two_of_a_minute_stay_apart(tmp_path: Path) -> None:
    first, second = (pasted_table("a\tb\n1\t2", tmp_path, now=NOW) for _ in range(2))
    assert first != second
    assert shown_name(first.name) == "Pasted rows 2026-11-26 14:05"
    assert shown_name(second.name) == "Pasted rows 2026-11-26 14:05 (2)"
    assert is_pasted(first.name)
    assert shown_name("tickets.tsv") == "tickets.tsv"
    assert not is_pasted("tickets.tsv")


@pytest.mark.parametrize("content", ["", " \n\t\n", "<table></table>"])
def test_an_empty_clipboard_says_so(content: str, tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="no rows"):
        pasted_table(content, tmp_path, now=NOW)
