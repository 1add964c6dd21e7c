"""Wrong usage: said in plain words, in JSON where that was asked for."""

import json

import pytest

from themeloom.cli.main import run

SYNTHESIZE = ("synthesize", "a.csv", "--output", "o.xlsx")
MERGE = ("merge", "w.xlsx", "--project", "p.loom")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*SYNTHESIZE, "--themes", "abc"), "must be 'auto' or between 2 and 1000, not “abc”"),
        ((*SYNTHESIZE, "--themes", "1"), "must be 'auto' or between 2 and 1000, not “1”"),
        ((*SYNTHESIZE, "--themes", "1001"), "must be 'auto' or between 2 and 1000, not “1001”"),
        ((*SYNTHESIZE, "--seed", "x"), "must be 0 or more, not “x”"),
        ((*SYNTHESIZE, "--seed", "-1"), "must be 0 or more, not “-1”"),
        ((*SYNTHESIZE, "--kind", "mail"), "“mail” is none of ticket, nps, interview, call, other"),
        ((*MERGE, "--take", "mine"), "“mine” is none of file, project"),
        (
            ("synthesize", "a.csv", "-o", "o.csv"),
            "its name ends in .xlsx, not in “.csv”; 'themeloom export' writes other formats of a "
            "project",
        ),
        (("synthesize", "a.csv"), "the following arguments are required: --output/-o"),
    ],
)
def test_wrong_usage_is_said_in_plain_words(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*words, "--json"]) == 2
    told = capsys.readouterr()
    assert json.loads(told.out)["error"]["message"].endswith(said)
    assert told.err.startswith(f"usage: themeloom {words[0]}")
    assert told.err.endswith(f"{said}\n")
    assert run(words) == 2
    assert capsys.readouterr().out == ""
