"""Masking finds personal data, leaves other numbers alone, and is stable and idempotent."""

import re
import time
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from themeloom.privacy.masking import TOKEN, Masker

KEY = bytes(range(32))
LABELLED = Path(__file__).with_name("labelled.txt")
MARK = re.compile(r"\{(EMAIL|PHONE|NAME|IBAN|CARD):([^{}]*)\}")
WORDS_AND_NUMBERS = st.lists(
    st.sampled_from(
        "call tel. order +44 20 7946 0958 (555) 010-7788 4111 1111 555 0171 1234567 a@b.co @ DE89 3704 "
        "Declan Moriarty Will Grant declan [EMAIL_3f2a91] [NAME_ ] , . - / ( ) \n x 12.05.2026 10:30 "
        "€ 田中太郎 ü 00 8.3.2 at dot com number is ext 12".split(" ")
    ),
    max_size=14,
).map(" ".join)


def labelled() -> tuple[list[str], list[tuple[str, list[tuple[int, int, str]]]]]:
    """Return the known names, and each text with the spans that have to be masked."""
    names: list[str] = []
    texts: list[tuple[str, list[tuple[int, int, str]]]] = []
    for line in LABELLED.read_text("utf-8").splitlines():
        if line.startswith("# Known authors:"):
            names = [name.strip() for name in line.partition(":")[2].split(";")]
        if not line or line.startswith("#"):
            continue
        text, spans, where = "", [], 0
        line = line.replace("\\n", "\n")
        for match in MARK.finditer(line):
            text += line[where : match.start()]
            spans.append((len(text), len(text) + len(match[2]), match[1]))
            text += match[2]
            where = match.end()
        texts.append((text + line[where:], spans))
    return names, texts


def found_spans(text: str, masked: str) -> list[tuple[int, int, str]]:
    """Return what ``mask`` replaced in ``text``: the plain pieces between tokens are where it did not."""
    new = [match for match in TOKEN.finditer(masked) if match[0] not in text]
    pattern, where = "", 0
    for match in new:
        pattern += re.escape(masked[where : match.start()]) + "(.+?)"
        where = match.end()
    aligned = re.fullmatch(pattern + re.escape(masked[where:]), text, re.DOTALL)
    assert aligned, f"{masked!r} changed more than it masked"
    kinds = [match[0][1:].split("_")[0] for match in new]
    return [(*aligned.span(number), kind) for number, kind in enumerate(kinds, start=1)]


def test_recall_and_precision_on_labelled_texts() -> None:
    names, texts = labelled()
    masker = Masker(KEY, names)
    expected = found = right = 0
    wrong: list[str] = []
    for text, spans in texts:
        masked = masker.mask(text)
        got = found_spans(text, masked)
        expected += len(spans)
        found += len(got)
        right += len(set(spans) & set(got))
        if set(spans) != set(got):
            wrong.append(f"{text!r} -> {masked!r}")
    report = "\n".join(wrong)
    assert len(texts) >= 150
    assert right / expected >= 0.95, f"recall {right / expected:.3f}\n{report}"
    assert right / found >= 0.95, f"precision {right / found:.3f}\n{report}"


def test_same_thing_same_token_in_one_project_and_another_elsewhere() -> None:
    one, other = Masker(KEY), Masker(bytes(32))
    text = "Mail Bob@Example.com or bob@example.com, +44 20 7946 0958 or 020 7946 0958"
    tokens = TOKEN.findall(one.mask(text))
    assert len(tokens) == 4
    assert tokens[0] == tokens[1]
    assert tokens[2] == tokens[3]
    assert one.mask(text) == Masker(KEY).mask(text)
    assert set(TOKEN.findall(other.mask(text))).isdisjoint(tokens)


def test_tokens_do_not_change_when_more_authors_become_known() -> None:
    text = "Declan Moriarty asked, Declan answered"
    few = Masker(KEY, ["Declan Moriarty"])
    more = Masker(KEY, ["Declan Frost", "Declan Moriarty", "Anna Moriarty"])
    assert few.mask(text) == more.mask(text)


def test_names_that_are_words_are_masked_only_beside_the_full_name() -> None:
    masker = Masker(KEY, ["Will Grant", "Rose Koch"])
    assert masker.mask("Will you grant it? Rose bushes. Der Koch.") == (
        "Will you grant it? Rose bushes. Der Koch."
    )
    assert len(TOKEN.findall(masker.mask("Will Grant came. Will left, Grant stayed."))) == 3


def test_cells_that_hold_a_name_or_address_become_one_token() -> None:
    masker = Masker(KEY, ["Declan Moriarty"])
    assert masker.mask_name(None) is None
    assert masker.mask_name("") == ""
    token = masker.mask_name("Declan Moriarty")
    assert token == masker.mask("declan moriarty")
    assert masker.mask_name("DECLAN  MORIARTY") == token
    assert masker.mask_name(token) == token
    assert masker.mask_name("bob@example.com") == masker.mask("bob@example.com")
    both = masker.mask_name("Bob <bob@example.com>")
    assert both is not None
    assert [piece.split("_")[0] for piece in TOKEN.findall(both)] == ["[NAME", "[EMAIL"]


def test_region_decides_on_numbers_without_prefix() -> None:
    text = "numbers such as 612 345 678 are not reached"
    assert Masker(KEY).mask(text) == text
    assert Masker(KEY, default_region="ES").mask(text) != text


@pytest.mark.parametrize(
    ("author", "written"),
    [
        ("李 雷", "李 雷"),
        ("李 雷", "李雷"),
        ("山田\u3000太郎", "山田 太郎"),
        ("すずき いちご", "すずきいちご"),
        ("マイケル・グリーン", "マイケル・グリーン"),
        ("สมชาย ใจดี", "สมชาย ใจดี"),
        ("田中太郎（顧客）", "田中太郎"),
    ],
)
def test_names_in_scripts_without_spaces(author: str, written: str) -> None:
    masker = Masker(KEY, [author, "Declan Moriarty"])
    token = masker.mask_name(author)
    assert masker.mask(f"{written}さん, 应用很慢") == f"{token}さん, 应用很慢"


@pytest.mark.parametrize(
    ("file", "rest"),
    [
        ("interview-anna-schmidt.md", "interview-{}.md"),
        ("Interview_with_Anna_Schmidt.docx", "Interview_with_{}.docx"),
        ("anna.schmidt.vtt", "{}.vtt"),
        ("AnnaSchmidt 2026-09-01.txt", "{} 2026-09-01.txt"),
        ("Anna Schmidt", "{}"),
    ],
)
def test_names_of_files_do_not_name_people(file: str, rest: str) -> None:
    masker = Masker(KEY, ["Anna Schmidt", "Jean-Luc O'Brien", "李 雷", "Support Team"])
    masked = masker.mask_file(file)
    assert masked == rest.format(masker.mask_name("Anna Schmidt"))
    assert masker.mask_file(masked) == masked
    token = masker.mask_name("Jean-Luc O'Brien")
    assert masker.mask_file("call-jean-luc-o-brien.txt") == f"call-{token}.txt"
    assert masker.mask_file("访谈-李雷.md") == f"访谈-{masker.mask_name('李 雷')}.md"
    for other in ("support-tickets-2026-q3.csv", "sales-call-09.txt", "straße_ı.md"):
        assert masker.mask_file(other) == other


def test_authors_that_are_no_persons_hide_nothing() -> None:
    masker = Masker(KEY, ["Support Team", "anonymous", "user 4711", "me", "Admin"])
    text = "Support Team, the Admin and Anonymous: user 4711"
    assert masker.mask(text) == text


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80) | WORDS_AND_NUMBERS)
def test_masking_twice_is_masking_once_and_series_agree(text: str) -> None:
    masker = Masker(KEY, ["Declan Moriarty", "Will Grant", "田中太郎", "Jean-Luc O'Brien"])
    masked = masker.mask(text)
    assert masker.mask(masked) == masked
    assert masker.mask_series(pl.Series([text, None, masked])).to_list() == [masked, None, masked]


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "1-",
        "a.",
        "a@",
        "x at ",
        "DE12 ",
        "Declan ",
        "1.1.",
        "+1 555 010 7788 ",
        "1,111,",
        "[NAME_",
    ],
)
def test_endless_texts_take_no_time_out_of_proportion(piece: str) -> None:
    masker = Masker(KEY, ["Declan Moriarty"])
    started = time.process_time()
    masker.mask(piece * (100_000 // len(piece)))
    assert time.process_time() - started < 3


@pytest.mark.bench
def test_hundred_thousand_texts_in_three_seconds(test_data: Path) -> None:
    texts = pl.read_parquet(test_data / "scale" / "sentences_400k.parquet")["text"].head(100_000)
    names = [f"{first} Testov{last}" for first in ("Declan", "Zoe") for last in "abcdefghij"]
    masker = Masker(KEY, names)
    started = time.process_time()  # of this process: others share the machine
    masker.mask_series(texts)
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("write to bob at example dot com please", "write to {} please"),
        ("bob (at) example.com", "{}"),
        ("bob[at]example[dot]com", "{}"),
        ("bob＠example.com", "{}"),
        ("see https://x.example/in?id=7&email=bob%40example.com", "see https://x.example/in?id=7&email={}"),
        ("https://x.example/in?email=bob@example.com&page=2", "https://x.example/in?email={}&page=2"),
        ("mailto:bob@example.com?subject=late", "mailto:{}?subject=late"),
    ],
)  # fmt: skip
def test_an_address_is_found_however_it_is_written(text: str, rest: str) -> None:
    masker = Masker(KEY)
    masked = rest.format(masker.mask("bob@example.com"))
    assert masker.mask(text) == masked
    assert masker.mask_series(pl.Series([text])).to_list() == [masked]
    assert masker.spans(text)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("https://app.example/reset?user=4&token=9f8a7b6c5d", "9f8a7b6c5d"),
        ("GET /v2/rows?api_key=sk-live-8812&limit=10", "sk-live-8812"),
        ("https://deploy:hunter2@git.example/repo", "deploy:hunter2"),
        ("https://app.example/#access_token=eyJhbGciOi.J9.x", "eyJhbGciOi.J9.x"),
        ("https://files.example/a.pdf?X-Amz-Signature=abcdef012345", "abcdef012345"),
    ],
)
def test_what_opens_a_door_is_masked_in_web_addresses(text: str, secret: str) -> None:
    masker = Masker(KEY)
    masked = masker.mask(text)
    assert masked == text.replace(secret, TOKEN.findall(masked)[0])
    assert masker.mask_series(pl.Series([text])).to_list() == [masked]


def test_what_only_looks_like_a_key_stays() -> None:
    text = "?key=PROJ-1234&ticket=ZD-48213&page=2 token=7 https://x.example/key/PROJ-12 v=a:b@c"
    assert Masker(KEY).mask(text) == text


def test_a_product_that_answers_mails_keeps_its_name() -> None:
    masker = Masker(KEY, ["Fernwick Support Team", "Acme Bot", "Anna Berg <anna@berg.example>"])
    text = "Fernwick crashes since the Acme update"
    assert masker.mask(text) == text
    assert masker.mask("Anna said so") != "Anna said so"  # beside an address, too


def test_names_by_which_people_log_in_and_are_called() -> None:
    masker = Masker(KEY, ["Declan Moriarty"])
    token, first = masker.mask_name("Declan Moriarty"), masker.mask_name("Declan")
    assert masker.mask("declan.moriarty wrote, @declan answered") == (
        f"{token} wrote, @{first} answered"
    )


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80) | WORDS_AND_NUMBERS)
def test_spans_put_into_the_text_give_what_exports_write(text: str) -> None:
    masker = Masker(KEY, ["Declan Moriarty", "Will Grant", "田中太郎", "Jean-Luc O'Brien"])
    shown = text
    for start, end, token in reversed(masker.spans(text)):
        shown = shown[:start] + token + shown[end:]
    assert shown == masker.mask(text)


def test_an_everyday_word_is_a_name_where_somebody_is_spoken_to_or_signs() -> None:
    masker = Masker(KEY, ["Rose Lefebvre", "Will Grant", "Koch"])
    for text in (
        "Dear Rose, it fails",
        "it fails.\nRegards\nLefebvre",
        "Frau Koch said",
        "Hi Will!",
    ):
        assert len(TOKEN.findall(masker.mask(text))) == 1, text
    text = "Will it work? Rose bushes. Grant me access. Dear all, the will is there. Hi, Grant it."
    assert masker.mask(text) == text
