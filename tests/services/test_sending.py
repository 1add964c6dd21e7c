"""Sending: packs on the disk, whole or not there; the next send knows what the last one said."""

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from tests.services.fernwick import copy_fernwick

from themeloom.domain.errors import ExportError, JobCancelled, ProjectError
from themeloom.domain.insights import Field, PmStatus, Stage
from themeloom.domain.periods import parse_period
from themeloom.exporters import packs
from themeloom.jobs.messages import Progress
from themeloom.project.project import Project
from themeloom.services import roster, sending
from themeloom.services.sending import Mark, Reason, SendReport, Settings, Weights

pytestmark = pytest.mark.usefixtures("drafted_once")

SAOIRSE, CALLUM = "Saoirse Lindgren", "Callum Fairweather"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the sample with a roster of two PMs: packs take a second each."""
    path = copy_fernwick(tmp_path_factory.mktemp("made") / "fernwick.loom", few=True)
    with Project.open(path) as opened:
        keep(opened, SAOIRSE, CALLUM)
    return path


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Iterator[Project]:
    shutil.copy(made, tmp_path / "fernwick.loom")
    with Project.open(tmp_path / "fernwick.loom") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "packs").mkdir()
    return tmp_path / "packs"


def keep(project: Project, *pms: str) -> None:
    """Leave only these PMs in the roster."""
    for number, desk in reversed(list(enumerate(roster.desks(project)))):
        if desk.pm not in pms:
            roster.remove_desk(project, number)


def send_all(project: Project, folder: Path) -> SendReport:
    return sending.send(project, sending.plan(project), folder)


def fields(project: Project) -> dict[tuple[str, str], str]:
    return {(theme, name): value for theme, name, value in project.insight_fields().iter_rows()}


def texts(workbook: Path, sheet: str) -> list[str]:
    rows = openpyxl.load_workbook(workbook, read_only=True)[sheet].iter_rows(values_only=True)
    return [str(cell) for row in rows for cell in row if cell is not None]


def visible(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


@dataclass(frozen=True)
class Went:
    """A send to both PMs, as it was planned, told and done."""

    project: Path
    plan: sending.SendPlan
    report: SendReport
    seen: tuple[Progress, ...]
    before: dict[tuple[str, str], str]


@pytest.fixture(scope="module")
def went(made: Path, drafted_once: None, tmp_path_factory: pytest.TempPathFactory) -> Went:
    place = tmp_path_factory.mktemp("went")
    (place / "packs").mkdir()
    path = Path(shutil.copy(made, place / "fernwick.loom"))
    seen: list[Progress] = []
    with Project.open(path) as project:
        before, plan = fields(project), sending.plan(project)
        report = sending.send(project, plan, place / "packs", on_progress=seen.append)
    return Went(path, plan, report, tuple(seen), before)


@pytest.fixture
def afterwards(went: Went, tmp_path: Path) -> Iterator[Project]:
    """Return a copy of the project as the send left it."""
    with Project.open(Path(shutil.copy(went.project, tmp_path / "went.loom"))) as opened:
        yield opened


def test_one_folder_per_pm_with_workbook_page_and_mail(went: Went, afterwards: Project) -> None:
    plan, report, seen = went.plan, went.report, went.seen
    folder = went.project.parent / "packs"
    assert not report.failed
    assert [one.pm for one in report.sent] == [pack.pm for pack in plan.packs]
    assert [one.folder for one in report.sent] == sorted(folder.iterdir())
    assert sending.usual_folder(afterwards) == folder
    assert visible(folder)[0].startswith(CALLUM)
    assert visible(folder)[1].startswith(SAOIRSE)
    assert seen[-1].done <= seen[-1].total
    assert [one.done for one in seen] == sorted(one.done for one in seen)
    for pack, sent in zip(plan.packs, report.sent, strict=True):
        name = f"Insights for {pack.pm}"
        assert visible(sent.folder) == sorted([f"{name}.md", f"{name}.xlsx", "Mail.txt"])
        cells = texts(sent.folder / f"{name}.xlsx", "Insights")
        ids = [one.insight.id for one in pack.chosen]
        assert {cell for cell in cells if cell.startswith("IN-")} == set(ids)
        with zipfile.ZipFile(sent.folder / f"{name}.xlsx") as parts:
            assert sent.delivery_id in parts.read("docProps/custom.xml").decode()
        page = (sent.folder / f"{name}.md").read_text("utf-8")
        assert [page.index(one) for one in ids] == sorted(page.index(one) for one in ids)
        mail = (sent.folder / "Mail.txt").read_text("utf-8").splitlines()
        assert mail[0] == f"To: {pack.email}"
        assert mail[1].startswith(f"Subject: {len(ids)} insight")
        assert all(any(f"({one})" in line for line in mail) for one in ids)
        assert f"{name}.xlsx" in "\n".join(mail)


def test_the_log_keeps_what_went_and_the_stage_is_one_step(went: Went, afterwards: Project) -> None:
    project, report = afterwards, went.report
    log = project.deliveries(values=True)
    assert [one.id for one in log] == [one.delivery_id for one in report.sent]
    for delivery, sent in zip(log, report.sent, strict=True):
        assert (delivery.kind, delivery.recipient) == ("send", sent.pm)
        assert delivery.place == str(sent.folder)
        assert set(delivery.values) == set(sent.insights)
        assert delivery.about["personal data"] == "masked"
        for values in delivery.values.values():
            assert values["_key"]
            assert values[Field.STATUS] == "New"
            assert json.loads(values["sent"])["records"] == int(values["records"])
    ids = {one for sent in report.sent for one in sent.insights}
    assert {value for (_, field), value in fields(project).items() if field == Field.STAGE} == {
        Stage.SENT
    }
    assert len(fields(project)) == len(ids)
    assert project.undo_name == "send to 2 PMs"
    project.undo()
    assert fields(project) == went.before
    assert len(project.deliveries()) == 2


def test_the_next_send_marks_new_changed_resolved_decided_and_overdue(
    project: Project, folder: Path
) -> None:
    keep(project, SAOIRSE)
    roster.give_area(project, ["T-005", "T-006"], "Mobile app")
    first = send_all(project, folder).sent[0]
    assert {"IN-001", "IN-002", "IN-003", "IN-005", "IN-006"} == set(first.insights)
    assert "Since" not in (first.folder / "Mail.txt").read_text("utf-8")
    roster.give_area(project, ["T-007"], "Mobile app")
    yesterday = datetime.now(UTC).astimezone().date() - timedelta(days=1)
    project.edit_insights(
        {
            "T-001": {Field.SEVERITY: "low", Field.DUE: yesterday.isoformat()},
            "T-002": {Field.STATUS: PmStatus.DONE, Field.DECISION: "Shipped in 9.4"},
            "T-003": {Field.STATUS: PmStatus.DECLINED},
        }
    )
    plan = sending.plan(project)
    (pack,) = plan.packs
    marks = {one.insight.id: one.marks for one in pack.chosen}
    assert marks == {
        "IN-001": (Mark.CHANGED, Mark.OVERDUE),
        "IN-005": (),
        "IN-006": (),
        "IN-007": (Mark.NEW,),
    }
    assert {one.insight.id: one.mark for one in pack.settled} == {
        "IN-002": Mark.RESOLVED,
        "IN-003": Mark.DECIDED,
    }
    second = sending.send(project, plan, folder).sent[0]
    assert second.folder != first.folder
    assert second.folder.name == f"{first.folder.name} (2)"
    title = {one.insight.id: one.insight.title for one in (*pack.chosen, *pack.settled)}
    mail = (second.folder / "Mail.txt").read_text("utf-8")
    assert "(1 new, 1 changed, 1 resolved, 1 decided, 1 overdue)" in mail
    assert f"- Resolved: {title['IN-002']} (IN-002): done: Shipped in 9.4" in mail
    assert f"- Decided: {title['IN-003']} (IN-003): declined" in mail
    page = (second.folder / f"Insights for {SAOIRSE}.md").read_text("utf-8")
    assert page.index("- **New**: ") < page.index("\n## ", page.index("## Since") + 1)
    assert "**Changed** · **Overdue**" in page
    changes = texts(second.folder / f"Insights for {SAOIRSE}.xlsx", "Changes")
    assert "Resolved: Shipped in 9.4." in changes
    assert "Decided: declined." in changes
    assert not [one for one in changes if "goes to somebody else" in one]
    # What was settled is told once.
    (third,) = sending.plan(project).packs
    assert third.settled == ()


def test_a_decided_insight_comes_back_when_it_has_grown(project: Project, folder: Path) -> None:
    keep(project, SAOIRSE)
    period = parse_period("2026-07")
    plan = sending.plan(project, period)
    assert plan.period == period
    sending.send(project, plan, folder)
    project.edit_insights({"T-001": {Field.STATUS: PmStatus.DECLINED}})
    then = {one.insight.id: one.insight.records for one in plan.packs[0].chosen}["IN-001"]
    september = sending.plan(project, parse_period("2026-09"))
    prepared = sending.prepare(project, parse_period("2026-09"))
    now = next(one.records for one in prepared.insights if one.id == "IN-001")
    growth = (now / 30) / (then / 31) - 1
    assert growth > 0.25
    assert "IN-001" in [one.insight.id for one in september.packs[0].chosen]
    quiet = sending.planned(prepared, Settings(growth=growth + 0.01))
    reasons = {one.insight.id: one.reason for one in quiet.held_back}
    assert reasons["IN-001"] == Reason.DECIDED


def test_settings_are_kept_and_nonsense_is_refused(project: Project) -> None:
    assert sending.settings_of(project) == Settings()
    wanted = Settings(
        limit=2, growth=0.5, weights=Weights(reach=1, news=0), folder="/packs", drafts=True
    )
    deed = sending.choose_settings(project, wanted)
    assert deed is not None
    assert deed.name == "change of what is sent"
    assert sending.settings_of(project) == wanted
    assert max(len(pack.chosen) for pack in sending.plan(project).packs) == 2
    assert sending.usual_folder(project) == Path("/packs")
    for wrong in (
        replace(wanted, limit=0),
        replace(wanted, growth=-0.1),
        replace(wanted, weights=Weights(reach=-1)),
    ):
        with pytest.raises(ProjectError, match=r"(has|have) to be"):
            sending.choose_settings(project, wrong)
    assert sending.settings_of(project) == wanted
    project.undo()
    assert sending.settings_of(project) == Settings()
    for unreadable in ("[]", "{", '{"limit": "x", "growth": 1, "weights": {}}', '{"limit": 1}'):
        project.choose("sending", unreadable, name="test")
        assert sending.settings_of(project) == Settings()


def test_a_plan_of_known_insights_is_the_plan(project: Project) -> None:
    prepared = sending.prepare(project)
    assert sending.plan_of(project, prepared.insights) == sending.plan(project)


def test_masked_unless_raw_is_asked_for(project: Project, folder: Path) -> None:
    keep(project, SAOIRSE)
    plan = sending.plan(project)
    for raw, said in ((False, "Personal data is masked."), (True, "(raw)")):
        (sent,) = sending.send(project, plan, folder, raw=raw).sent
        mail = (sent.folder / "Mail.txt").read_text("utf-8")
        assert said in mail
        delivery = project.delivery(sent.delivery_id)
        assert delivery is not None
        assert delivery.about["personal data"] == ("raw" if raw else "masked")


def test_names_of_pms_never_become_paths(project: Project, folder: Path) -> None:
    keep(project, SAOIRSE)
    desk = roster.desks(project)[0]
    roster.change_desk(project, 0, replace(desk, pm="../../a\\b:c?"))
    around = visible(folder.parent)
    (sent,) = send_all(project, folder).sent
    assert sent.folder.parent == folder
    assert sent.folder.name.startswith("a b c 20")
    assert visible(folder) == [sent.folder.name]
    assert len(visible(sent.folder)) == 3
    assert visible(folder.parent) == around


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Tom Okafor", "Tom Okafor"),
        ("  Tom\n Okafor. ", "Tom Okafor"),
        ('a/b\\c:d*e?f"g<h>i|j', "a b c d e f g h i j"),
        ("..", "(PM)"),
        ("", "(PM)"),
        ("CON", "CON (PM)"),
        ("nul.txt", "nul.txt (PM)"),
        ("日本 太郎", "日本 太郎"),
        ("x\u202egnp.exe", "xgnp.exe"),
        ("y" * 200, "y" * 60),
    ],
)
def test_safe_names(name: str, safe: str) -> None:
    assert packs.safe_name(name) == safe


def test_a_cancelled_send_keeps_what_is_complete_and_nothing_else(
    project: Project, folder: Path
) -> None:
    plan = sending.plan(project)
    names: list[str] = []

    def report(progress: Progress) -> None:
        if progress.stage not in names:
            names.append(progress.stage)
        if len(names) == 2 and progress.done > 100:  # in the middle of the second pack
            raise JobCancelled("The person cancelled.")

    with pytest.raises(JobCancelled):
        sending.send(project, plan, folder, on_progress=report)
    (only,) = folder.iterdir()
    assert only.name.startswith(plan.packs[0].pm)
    assert [one.recipient for one in project.deliveries()] == [plan.packs[0].pm]
    assert len(fields(project)) == len(plan.packs[0].chosen)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_killed_send_leaves_no_half_folder(made: Path, tmp_path: Path, folder: Path) -> None:
    copy = tmp_path / "killed.loom"
    shutil.copy(made, copy)
    script = textwrap.dedent(
        """
        import os, signal, sys
        from pathlib import Path
        from themeloom.project.project import Project
        from themeloom.services import sending

        def report(progress):
            if progress.done > 150:  # the second pack is being written
                os.kill(os.getpid(), signal.SIGKILL)

        with Project.open(Path(sys.argv[1])) as project:
            plan = sending.plan(project)
            sending.send(project, plan, Path(sys.argv[2]), on_progress=report)
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(copy), str(folder)],
        check=False,
        capture_output=True,
        timeout=400,  # a busy computer
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    shown = [one for one in folder.iterdir() if not one.name.startswith(".")]
    assert len(shown) == 1
    assert len(visible(shown[0])) == 3
    hidden = [one for one in folder.iterdir() if one.name.startswith(".")]
    assert len(hidden) == 1
    with Project.open(copy) as project:
        assert len(project.deliveries()) == 1
        packs.clear_leftovers(folder)
        assert hidden[0].exists()  # somebody may still be writing it
        long_ago = datetime.now(UTC).timestamp() - 7200
        os.utime(hidden[0], (long_ago, long_ago))
        send_all(project, folder)
    assert not hidden[0].exists()
    assert len(visible(folder)) == 3


def test_a_pack_that_cannot_be_written_is_told_and_the_others_go(
    project: Project, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = sending.plan(project)
    unlucky = CALLUM
    really = packs.os.rename

    def rename(source: Path, target: Path) -> None:
        if unlucky in target.name:
            raise OSError(28, "No space left on device")
        really(source, target)

    monkeypatch.setattr(packs.os, "rename", rename)
    report = sending.send(project, plan, folder)
    assert [one.pm for one in report.failed] == [unlucky]
    assert "No space left" in report.failed[0].complaint.message
    assert [one.pm for one in report.sent] == [SAOIRSE]
    assert visible(folder) == [report.sent[0].folder.name]
    assert [one.recipient for one in project.deliveries()] == [SAOIRSE]


def test_what_stands_in_the_way_is_said(project: Project, folder: Path, tmp_path: Path) -> None:
    plan = sending.plan(project)
    with pytest.raises(ExportError, match="does not exist"):
        sending.send(project, plan, tmp_path / "nowhere")
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match="cannot be made"):
        sending.make_folder(tmp_path / "file")
    long_ago = sending.plan(project, parse_period("2020-01"))
    with pytest.raises(ExportError, match=r"period 2020-01-01\.\.2020-01-31.*another period"):
        sending.send(project, long_ago, folder)
    keep(project)
    empty = sending.plan(project)
    assert not empty.packs
    assert len(empty.without_area) == 18
    with pytest.raises(ExportError, match=r"nothing to send.*roster"):
        sending.send(project, empty, folder)
    assert visible(folder) == []
    assert project.deliveries() == []


def test_a_plan_that_is_out_of_date_is_not_sent(project: Project, folder: Path) -> None:
    keep(project, SAOIRSE)
    plan = sending.plan(project)
    project.edit_insights({"T-001": {Field.OWNER: "Somebody else"}})
    with pytest.raises(ExportError, match="has changed since this send was planned"):
        sending.send(project, plan, folder)
    assert list(folder.iterdir()) == []
    assert project.deliveries() == []


def test_a_project_open_for_reading_is_not_sent_from(made: Path, folder: Path) -> None:
    with Project.open(made, read_only=True) as project:
        plan = sending.plan(project)
        with pytest.raises(ProjectError, match="reading only"):
            sending.send(project, plan, folder)
    assert visible(folder) == []


def test_due_today_is_not_overdue(project: Project) -> None:
    keep(project, SAOIRSE)
    today = date.today()  # noqa: DTZ011 - due days are days of this computer
    project.edit_insights({"T-001": {Field.DUE: today.isoformat()}})
    (pack,) = sending.plan(project).packs
    assert all(Mark.OVERDUE not in one.marks for one in pack.chosen)
