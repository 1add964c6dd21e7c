"""The workbook of the sample against a golden file, by structure: what people and scripts rely on.

After a wanted change: ``python -m tests.exporters.test_workbook_golden`` writes the file anew; look
at its difference before it is committed.
"""

import json
from pathlib import Path
from typing import Any

from tests.exporters.test_workbook import opened, written
from tests.insights.story import story

GOLDEN = Path(__file__).parent / "golden" / "workbook.json"


def structure(workbook: Any) -> dict[str, Any]:
    """Return sheet → what it is made of, without what the data say."""
    return {sheet.title: _sheet(sheet) for sheet in workbook}


def _sheet(sheet: Any) -> dict[str, Any]:
    return {
        "state": sheet.sheet_state,
        "frozen": sheet.freeze_panes,
        "protected": bool(sheet.protection.sheet),
        "tables": {
            name: [column.name for column in table.tableColumns]
            for name, table in ((one.displayName, one) for one in sheet.tables.values())
        },
        "starts": {
            name: table.ref.split(":")[0]
            for name, table in ((one.displayName, one) for one in sheet.tables.values())
            if name in ("Insights", "Evidence")
        },
        "widths": {
            letter: dimension.width for letter, dimension in sheet.column_dimensions.items()
        },
        "hidden": [
            letter for letter, dimension in sheet.column_dimensions.items() if dimension.hidden
        ],
        "looks": [cell.style for cell in sheet[6]] if sheet.tables else [],
        "lists": sorted(
            [str(rule.formula1), bool(rule.showErrorMessage)]
            for rule in sheet.data_validations.dataValidation
        ),
        "bars": sorted(
            str(area.sqref).split(":")[0]
            for area in sheet.conditional_formatting
            if any(rule.type == "dataBar" for rule in area.rules)
        ),
        "charts": [
            [type(chart).__name__, chart.anchor._from.col, chart.anchor._from.row]
            for chart in sheet._charts
        ],
        "print": [
            sheet.page_setup.orientation,
            sheet.page_setup.fitToWidth,
            sheet.print_title_rows,
        ],
    }


def test_the_workbook_has_the_structure_that_was_agreed(sample_opened: Any) -> None:
    found = structure(sample_opened)
    wanted = json.loads(GOLDEN.read_text("utf-8"))
    assert list(found) == list(wanted)
    for sheet, parts in found.items():
        assert json.loads(json.dumps(parts)) == wanted[sheet], sheet


if __name__ == "__main__":
    text = json.dumps(structure(opened(written(story()))), ensure_ascii=False, indent=1)
    GOLDEN.write_text(text + "\n", "utf-8")
