"""Files that break importers: each imports with sums that hold, or is refused in plain words."""

import subprocess
import sys
from pathlib import Path

import pytest

_LOOP = """
import resource, sys
from pathlib import Path
from themeloom.domain.errors import ImportFileError
from themeloom.domain.records import ImportOptions
from themeloom.importers.files import import_file

limit = 3 << 30
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
for name in sys.stdin.read().split("\\0"):
    print("next", name, flush=True)
    try:
        report = import_file(Path(name), ImportOptions()).report
    except ImportFileError as error:
        assert error.complaint.file == Path(name).name, error.complaint
        assert error.complaint.message and error.complaint.hint, error.complaint
        print("refused", error, flush=True)
    else:
        total = report.taken + report.updated + report.duplicate + report.skipped
        assert report.read == total, report
        print("taken", report.read, flush=True)
print("done")
"""


def import_all(paths: list[Path], seconds: float) -> list[str]:
    """Return "taken n" or "refused …" for each file, imported by one capped process."""
    run = subprocess.run(
        [sys.executable, "-c", _LOOP],
        input="\0".join(map(str, paths)),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert run.stdout.endswith("done\n"), run.stdout[-300:] + run.stderr[-1500:]
    outcomes = run.stdout.splitlines()[1:-1:2]
    assert len(outcomes) == len(paths)
    return outcomes


@pytest.mark.skipif(sys.platform == "win32", reason="the memory cap is set by RLIMIT_AS")
@pytest.mark.parametrize(
    ("folders", "at_least", "taken"),
    [
        (["evil"], 40, 2),
        (["calamine"], 120, 20),
        (["csvkit", "csv_spectrum", "clevercsv", "naughty_strings"], 85, 20),
    ],
)
def test_nothing_breaks_the_importer(
    folders: list[str], at_least: int, taken: int, test_data: Path
) -> None:
    paths = sorted(
        path
        for folder in folders
        for path in (test_data / "nasty" / folder).iterdir()
        if path.is_file()
    )
    assert len(paths) >= at_least
    outcomes = import_all(paths, 100)
    assert sum(outcome.startswith("taken") for outcome in outcomes) >= taken


def test_protected_files_say_so(test_data: Path) -> None:
    nasty = test_data / "nasty"
    paths = [
        *sorted((nasty / "calamine").glob("pass_protected.*")),
        nasty / "evil" / "password.xls",
        nasty / "evil" / "xor-encryption-abc.xls",
    ]
    for path, outcome in zip(paths, import_all(paths, 60), strict=True):
        assert "password" in outcome.removeprefix(f"refused {path.name}"), path.name


def test_survey_exports_of_real_tools(test_data: Path) -> None:
    """Rows read equal the records in the files, whatever the header rows look like."""
    expected = {
        "survey_jupyter/2016-05-education-survey_responses.csv": 125,
        "survey_typeform_osmi2018/typeform_export_osmi2018_shape.csv": 417,
        "survey_surveymonkey_538/poll-of-pollsters-2.tsv": 24,
        "survey_qualtrics_fixture/sample.csv": 1,
        "export_jira/jira_export_bom_repeated_columns.csv": 130,
        "export_jira/jira_export_2261cols_shape_only.csv": 3,
    }
    outcomes = import_all([test_data / name for name in expected], 100)
    assert outcomes == [f"taken {count}" for count in expected.values()]
