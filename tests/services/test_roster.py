"""The roster: edited row by row, brought in from files, written out and read back."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from tests.services.fernwick import copy_fernwick

from themeloom.base.paths import sample_data
from themeloom.domain.errors import ExportError, ImportFileError, ProjectError
from themeloom.domain.insights import Field
from themeloom.jobs.worker import Worker
from themeloom.project.project import Project
from themeloom.services import roster, sending
from themeloom.services.roster import Desk

pytestmark = pytest.mark.usefixtures("drafted_once")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.open(copy_fernwick(tmp_path / "fernwick.loom", few=True)) as opened:
        yield opened


def set_by_hand(project: Project) -> dict[tuple[str, str], str]:
    return {(theme, field): value for theme, field, value in project.insight_fields().iter_rows()}


def test_rows_are_added_changed_and_removed_each_as_one_step(project: Project) -> None:
    before = roster.desks(project)
    assert before[0].area == "Mobile app"
    assert before[0].covers[0] == "offline mode"
    new = Desk(" Stock  and vans", "Ada  Brandt", "ada@example.com ", ("parts; van stock", "parts"))
    deed = roster.add_desk(project, new)
    assert deed is not None
    assert deed.insights
    assert roster.desks(project)[-1] == Desk(
        "Stock and vans", "Ada Brandt", "ada@example.com", ("parts", "van stock")
    )
    roster.change_desk(project, len(before), Desk("Stock", "Ada Brandt"))
    assert roster.areas(project)[-1] == "Stock"
    assert roster.pms(project)[-1] == "Ada Brandt"
    roster.remove_desk(project, 0)
    assert roster.areas(project)[0] == before[1].area
    for _ in range(3):
        project.undo()
    assert roster.desks(project) == before


def test_a_rename_takes_along_what_was_set_by_hand(project: Project) -> None:
    first = roster.desks(project)[0]
    project.edit_insights(
        {
            "T-011": {Field.AREA: "mobile App", Field.OWNER: first.pm},
            "T-012": {Field.AREA: "Integrations"},
        }
    )
    before = set_by_hand(project)
    roster.change_desk(project, 0, Desk("Field app", "Somebody New", first.email, first.covers))
    after = set_by_hand(project)
    assert after["T-011", Field.AREA] == "Field app"
    assert after["T-011", Field.OWNER] == "Somebody New"
    assert after["T-012", Field.AREA] == "Integrations"
    project.undo()
    assert set_by_hand(project) == before
    assert roster.desks(project)[0] == first


def test_a_pm_who_stays_in_another_row_keeps_what_is_theirs(project: Project) -> None:
    first = roster.desks(project)[0]
    roster.add_desk(project, Desk("Watches", first.pm))
    project.edit_insights({"T-011": {Field.OWNER: first.pm}})
    roster.change_desk(project, 0, Desk(first.area, "Somebody New"))
    assert set_by_hand(project)["T-011", Field.OWNER] == first.pm


def test_what_is_no_row_is_refused_with_its_place(project: Project) -> None:
    before = roster.desks(project)
    with pytest.raises(ProjectError, match=r"row 7: .*no product area"):
        roster.add_desk(project, Desk("  "))
    with pytest.raises(ProjectError, match="twice"):
        roster.add_desk(project, Desk("MOBILE app", before[0].pm))
    with pytest.raises(ProjectError, match="no such row"):
        roster.remove_desk(project, 6)
    assert roster.desks(project) == before


def test_written_and_read_back_it_is_the_same(
    project: Project, tmp_path: Path, reader: Worker
) -> None:
    roster.add_desk(project, Desk("=1+1", "@pm", "x@example.com", ("-2", "ünïcode; 日本語")))
    before = roster.desks(project)
    target = tmp_path / "roster.xlsx"
    assert roster.export_roster(project, target) == len(before)
    sheet = openpyxl.load_workbook(target)["Roster"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}
    assert "Roster" in sheet.tables
    with Project.create(tmp_path / "other.loom") as other:
        deed = roster.import_roster(other, target, reader)
        assert deed is not None
        assert deed.name == "import of the roster from roster.xlsx"
        assert roster.desks(other) == before
        assert roster.import_roster(other, target, reader) is None
        other.undo()
        assert roster.desks(other) == ()


def test_a_sheet_and_a_csv_file_come_in(project: Project, tmp_path: Path, reader: Worker) -> None:
    found = roster.read_desks(sample_data() / "roster.xlsx", reader)
    assert len(found) == 6
    file = tmp_path / "who.csv"
    file.write_text("Area,PM,E-mail,Themes\nBilling,Tom,tom@example.com,refunds; payouts\n")
    assert roster.read_desks(file, reader) == (
        Desk("Billing", "Tom", "tom@example.com", ("refunds", "payouts")),
    )
    roster.import_roster(project, file, reader)
    assert roster.areas(project) == ("Billing",)


def test_a_file_without_a_roster_changes_nothing(
    project: Project, tmp_path: Path, reader: Worker
) -> None:
    before = roster.desks(project)
    with pytest.raises(ImportFileError, match="No roster was found"):
        roster.import_roster(project, sample_data() / "accounts.xlsx", reader)
    with pytest.raises(ImportFileError, match=r"nowhere\.xlsx"):
        roster.import_roster(project, tmp_path / "nowhere.xlsx", reader)
    assert roster.desks(project) == before


def test_an_empty_roster_is_not_written(tmp_path: Path) -> None:
    with (
        Project.create(tmp_path / "new.loom") as project,
        pytest.raises(ExportError, match="no roster yet"),
    ):
        roster.export_roster(project, tmp_path / "roster.xlsx")
    assert not (tmp_path / "roster.xlsx").exists()


def test_an_area_by_hand_is_one_step_for_all(project: Project) -> None:
    deed = roster.give_area(project, ["T-011", "T-013"], " Billing and payments ")
    assert deed is not None
    assert deed.name == "“Billing and payments” for 2 insights"
    assert set_by_hand(project)["T-013", Field.AREA] == "Billing and payments"
    roster.give_area(project, ["T-013"], "")
    assert ("T-013", Field.AREA) not in set_by_hand(project)
    project.undo()
    project.undo()
    assert set_by_hand(project) == {}


def test_what_has_no_area_is_a_worklist_with_reasons(project: Project) -> None:
    insights = sending.prepare(project).insights
    found = roster.homeless(project, insights)
    assert {one.insight.id for one in found} == {"IN-011", "IN-013", "IN-016"}
    assert {one.why for one in found} == {"Nothing in the roster covers it."}
    roster.give_area(project, ["T-011"], "Billing and payments")
    roster.add_desk(project, Desk("Data", "Ada", covers=("word: importing",)))
    roster.add_desk(project, Desk("Support", "Bo", covers=("support team",)))
    roster.add_desk(project, Desk("Help", "Cy", covers=("quick team",)))
    (left,) = roster.homeless(project, sending.prepare(project).insights)
    assert left.insight.id == "IN-013"
    assert left.why == "It fits Help and Support equally well."
