import random
from pathlib import Path

from tests.exporters.edited import (
    PROJECT,
    Edited,
    Expected,
    Project,
    edit,
    make_project,
    write_csv,
    write_xlsx,
)

from themeloom.exporters.returning.insight_rows import read_insights
from themeloom.exporters.returning.tables import ReturnedFile
from themeloom.exporters.returning.three_way import Kind, Merged, three_way


def merged(path: Path, project: Project, *, trusted: bool = False) -> Merged:
    file = ReturnedFile(path)
    if trusted:
        file.properties = {"Project id": PROJECT}
    ground = project.ground()
    return three_way(read_insights(file, ground.written), ground)


def found(done: Merged) -> set[Expected]:
    return {
        (item.insight, item.field, item.kind, item.value)
        for item in done.items
        if item.field is not None
    }


def check(edited: Edited, done: Merged, seed: int) -> None:
    assert found(done) == edited.expected, seed
    refused = [item for item in done.items if item.field is None]
    assert len(refused) == edited.refused, (seed, [item.why for item in refused])
    assert all(item.kind is Kind.REJECTED and item.why for item in refused)


def test_random_edits_come_back_through_csv(tmp_path: Path) -> None:
    for seed in range(940):
        dice = random.Random(seed)
        project = make_project(dice)
        edited = edit(dice, project)
        path = write_csv(edited, tmp_path / "edited.csv", dice)
        check(edited, merged(path, project, trusted=True), seed)


def test_random_edits_come_back_through_workbooks(tmp_path: Path) -> None:
    for seed in range(940, 1000):
        dice = random.Random(seed)
        project = make_project(dice)
        edited = edit(dice, project)
        path = write_xlsx(edited, tmp_path / "edited.xlsx")
        check(edited, merged(path, project), seed)
