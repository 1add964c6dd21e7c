"""The full-text index: real files, brought up to date, damaged, erased."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from themeloom.domain.asking import parse
from themeloom.project.fulltext import FullText, entries_of


def entries(texts: Sequence[str], subjects: Sequence[str | None] | None = None) -> pl.DataFrame:
    return entries_of(
        pl.DataFrame(
            {
                "excerpt": range(1, len(texts) + 1),
                "text": texts,
                "subject": subjects or [None] * len(texts),
            },
            schema={"excerpt": pl.Int64, "text": pl.String, "subject": pl.String},
        )
    )


def find(index: FullText, text: str) -> list[int] | None:
    tree = parse(text).tree
    assert tree is not None
    return index.find(tree)


@pytest.fixture
def index(tmp_path: Path) -> FullText:
    return FullText(tmp_path)


TEXTS = [
    "Calendar sync forgets bookings",
    "Bookings are forgotten by the sync",
    "The invoice is late",
    "同期が失敗する",
    "أُريد إلغاء الحِساب",
    "Die Größe stimmt nicht",
]


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("sync ", {1, 2}),
        ('"forgets bookings"', {1}),
        ("forg", {1, 2}),
        ("forg ", set()),
        ("sync -calendar ", {2}),
        ("calendar OR invoice ", {1, 3}),
        ("(calendar OR invoice) late ", {3}),
        ("失敗", {4}),
        ("同期 ", {4}),
        ("الغاء", {5}),
        ("grosse", {6}),
        ("GRÖSSE ", {6}),
    ],
)
def test_words_are_found(index: FullText, text: str, hits: set[int]) -> None:
    assert index.update(entries(TEXTS))
    assert set(find(index, text) or []) == hits


def test_the_best_come_first_and_subjects_count_less(index: FullText) -> None:
    texts = ["it is about the app and much else besides", "sync sync sync", "sync and the app"]
    index.update(entries(texts, ["sync", None, None]))
    assert find(index, "sync ") == [2, 3, 1]


def test_only_what_changed_is_read_again(index: FullText) -> None:
    done: list[tuple[int, int]] = []
    index.update(entries(TEXTS))
    index.update(entries([*TEXTS[:2], "A refund please"]), lambda now, of: done.append((now, of)))
    assert done[-1] == (5, 5)  # the third is out and in, three are gone
    assert find(index, "refund ") == [3]
    assert find(index, "invoice ") == []
    assert find(index, "失敗 ") == []
    assert set(find(index, "sync ") or []) == {1, 2}


def test_a_second_program_start_finds_the_index_and_reads_nothing(tmp_path: Path) -> None:
    FullText(tmp_path).update(entries(TEXTS))
    done: list[int] = []
    again = FullText(tmp_path)
    again.update(entries(TEXTS), lambda now, of: done.append(of))
    assert done == []
    assert find(again, "invoice ") == [3]


def test_stopping_keeps_what_was_read(index: FullText) -> None:
    class StoppedError(Exception):
        pass

    def stop(done: int, of: int) -> None:
        raise StoppedError

    many = entries([f"text number{number}" for number in range(2000)])
    with pytest.raises(StoppedError):
        index.update(many, stop)
    left: list[int] = []
    index.update(many, lambda done, of: left.append(of))
    assert left[0] < 2000
    assert find(index, "number1999 ") == [2000]


@pytest.mark.parametrize("harm", ["foreign", "cut", "garbled", "other tables", "older format"])
def test_a_damaged_index_is_made_anew(tmp_path: Path, harm: str) -> None:
    import apsw

    index = FullText(tmp_path)
    index.update(entries([f"{text} {number}" for number in range(300) for text in TEXTS]))
    index.close()
    (file,) = tmp_path.glob("fulltext*")
    if harm == "foreign":
        file.write_bytes(b"no database at all" * 100)
    elif harm == "cut":
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    elif harm == "garbled":
        content = bytearray(file.read_bytes())
        content[4096:] = bytes(len(content) - 4096)
        file.write_bytes(content)
    else:
        connection = apsw.Connection(str(file))
        connection.execute(
            "DROP TABLE entries" if harm == "other tables" else "PRAGMA user_version = 1"
        )
        connection.close()
    again = FullText(tmp_path)
    assert again.update(entries(TEXTS))
    assert find(again, "invoice ") == [3]


def test_without_an_index_nothing_can_be_told(index: FullText) -> None:
    assert find(index, "sync ") is None


@pytest.mark.parametrize("text", ["-sync ", "kind:nps", "sync OR kind:nps", "sync OR -slow "])
def test_filters_and_what_asks_for_no_words_are_not_the_indexs_to_tell(
    index: FullText, text: str
) -> None:
    index.update(entries(TEXTS))
    assert find(index, text) is None


def test_damage_while_searching_is_no_error(index: FullText, tmp_path: Path) -> None:
    index.update(entries(TEXTS))
    (file,) = tmp_path.glob("fulltext*")
    file.write_bytes(b"no database at all" * 1000)
    assert find(index, "sync ") is None


def test_a_folder_that_cannot_be_written_leaves_search_without_index(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert not FullText(blocked).update(entries(TEXTS))


def test_no_text_and_after_erasing_no_word_lies_in_the_folder(
    index: FullText, tmp_path: Path
) -> None:
    index.update(entries(["my secret zebracorn 4711", *TEXTS]))
    find(index, "zebracorn ")
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"zebracorn" in stored  # the word, or else the last line proves nothing
    assert b"secret zebracorn" not in stored
    index.update(entries(["", *TEXTS]))
    index.close()
    assert all(b"zebracorn" not in path.read_bytes() for path in tmp_path.iterdir())
