"""The screen masks people, accounts, ids and files as exports do."""

import polars as pl
import pytest

from themeloom.gui.views.themes.wording import quote_line, record_facts
from themeloom.gui.widgets.shown_text import Mask
from themeloom.insights.privacy import Veil
from themeloom.privacy.masking import Masker

PEOPLE = ["Ann Lee", "Bo Park", "Support Team"]
ACCOUNTS = ["Lee Refrigeration", "Ann Lee", "bo@park.example", "Acme, +44 7700 900123", None]


@pytest.fixture
def masker() -> Masker:
    return Masker(bytes(range(32)), PEOPLE)


@pytest.mark.parametrize("account", ACCOUNTS)
@pytest.mark.parametrize("author", PEOPLE)
def test_a_record_reads_as_in_exports(masker: Masker, account: str | None, author: str) -> None:
    veil = Veil(masker.mask_series, masker.mask_name, masker.mask_account, masker.mask_file)
    row = {
        "kind": "interview",
        "external_id": "interview-ann-lee",
        "score": None,
        "score_kind": None,
        "account": account,
        "author": author,
        "subject": "Call Ann Lee",
        "segments_json": '{"Manager": "Ann Lee"}',
        "date": None,
        "sheet": None,
        "file": "interview-ann-lee.md",
        "place": "paragraph 3",
    }
    shown = dict(record_facts(row, Mask.of(masker)))
    files = pl.Series([row["file"]])
    assert shown.get("Account") == veil.accounts(pl.Series([account], dtype=pl.String))[0]
    assert shown["Person"] == veil.names(pl.Series([author]))[0]
    assert shown["Id"] == veil.ids(pl.Series([row["external_id"]]), files)[0]
    assert shown["File"].split(",")[0] == veil.files(files)[0]
    line = quote_line(row, Mask.of(masker))
    assert "ann" not in line.casefold().replace("refrigeration", "")
    assert ("Lee Refrigeration" in line) == (account == "Lee Refrigeration")
