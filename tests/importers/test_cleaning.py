"""Cleaning sets noise aside without losing what people say, and everything can be undone."""

import json
import time
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from themeloom.domain.frames import RECORDS, conform
from themeloom.importers.cleaning import clean, cleaning_counts, spans_of, without_noise
from themeloom.importers.markup import plain_text
from themeloom.importers.non_answers import is_non_answer


def records(*texts: str, author: str | None = None, **columns: str) -> pl.DataFrame:
    frame = pl.DataFrame(
        {
            "record_id": [str(number) for number in range(len(texts))],
            "text": texts,
            "author": [author] * len(texts),
            **{name: [value] * len(texts) for name, value in columns.items()},
        }
    )
    return conform(frame, RECORDS)


def said(text: str, author: str | None = None) -> str:
    """Return what remains of one text."""
    row = clean(records(text, author=author)).row(0, named=True)
    return without_noise(row["text"], row["noise_json"])


@pytest.mark.parametrize(
    ("html", "plain"),
    [
        ("<p>Hi,</p><p>it &amp; <b>you</b> &lt;3</p>", "Hi,\n\nit & you <3"),
        ("<ul><li>one</li><li>two<br>more</li></ul>", "- one\n- two\nmore"),
        ("<div>Folks,</div><div>&nbsp;</div><div>We ran</div>", "Folks,\n\nWe ran"),
        ("<p>a</p><blockquote>b<p>c</p></blockquote>d", "a\n\n> b\n\n> c\n\nd"),
        ("<a href='http://x.y/?a=1>2'>the link</a> here", "the link here"),
        ("<style>p{}</style><script>if (a<b) x()</script>Text<!-- no -->", "Text"),
        ("<b>bold</b>\nnext line", "bold\nnext line"),
        ("line<br>line<br/>line", "line\nline\nline"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("Tom &amp; Jerry don&#39;t", "Tom & Jerry don't"),
        ("<p>unclosed <b>x", "unclosed x"),
    ],
)
def test_html_becomes_text_and_the_original_is_kept(html: str, plain: str) -> None:
    assert plain_text(html) == plain
    row = clean(records(html)).row(0, named=True)
    assert (row["text"], row["raw_text"]) == (plain, html)


@pytest.mark.parametrize(
    "text",
    [
        "a < b and c > d",
        "use <br> to break the line",
        "the &nbsp; shows up in the name",
        "write to <bob@example.com> please",
        "List<String> and Map<K,V> fail",
        "if x<y then <b> is shown",
        "I <3 it",
    ],
)
def test_text_that_is_no_html_stays(text: str) -> None:
    row = clean(records(text)).row(0, named=True)
    assert (row["text"], row["raw_text"]) == (text, None)


@pytest.mark.parametrize(
    "piece", ['<a "', "<!--", "<", "<b>", "<script>", "&amp;", "<a '", "<div " + " " * 50]
)
def test_damaged_html_takes_no_time_out_of_proportion(piece: str) -> None:
    started = time.perf_counter()
    plain_text("<p>" + piece * 50_000)
    assert time.perf_counter() - started < 5


LETTERS = [
    # text, author, what remains
    ("Hi team,\n\nThe export fails.\n\nBest regards,\nAnna Vogt\nOffice manager\n+49 30 123456", None, "The export fails."),
    ("Hello Fernwick friends,\nThe export fails.", None, "The export fails."),
    ("Dear Sir or Madam,\n\nThe export fails.\n\nYours faithfully,\nO. Fatunla", None, "The export fails."),
    ("hi i can't log in", None, "i can't log in"),
    ("Hi there! Is it down? Thanks in advance!", None, "Is it down?"),
    ("Good morning, the sync is late. Cheers, Bob", None, "the sync is late."),
    ("Hey guys, when I open it, it crashes", None, "when I open it, it crashes"),
    ("Dear template people,\n\nfix it", None, "fix it"),
    ("Folks,\nit fails", None, "it fails"),
    ("Hi,\n\nHope you are well. The sync is late.", None, "The sync is late."),
    ("It fails.\n\n-- \nAnna\nACME Inc.\nwww.acme.example", None, "It fails."),
    ("It fails.\n\nSent from my iPhone", None, "It fails."),
    ("It fails. Sent from my iPhone, Radek", None, "It fails."),
    ("It fails.\n\nWouter Claessens, Claessens Liften", "Wouter Claessens", "It fails."),
    ("It fails.\n\nKirra Dimitriou", "Kirra Dimitriou", "It fails."),
    ("It fails.\nGaz", "Gareth Llewellyn", "It fails."),
    ("It fails.\n\nRajesh L.\nnorthern area scheduler", "Rajesh Lindholm", "It fails."),
    ("It fails.\n\nWith best wishes from a tired office,\nImogen Carter", "Imogen Carter", "It fails."),
    ("It fails.\n\nThanks!\n\nP.S. The import fails too", None, "It fails.\n\nThanks!\n\nP.S. The import fails too"),
    ("It fails.\n\nOn Mon, 6 Jul 2026 at 12:18, Support wrote:\n> Try again.\n> And again.", None, "It fails."),
    ("> Try again.\n\nDid that. Still fails.", None, "Did that. Still fails."),
    ("It still fails here.\n\n-----Original Message-----\nFrom: Support\nTo: me\n\nHave you tried?", None, "It still fails here."),
    ("It still fails here.\n\nFrom: Support <s@x.example>\nSent: Monday\nTo: me\nSubject: RE: fails\n\nHave you tried?", None, "It still fails here."),
    ("FYI\n\nFrom: Bob <b@x.example>\nSent: Monday\nTo: me\nSubject: FW: fails\n\nThe export fails for Bob.", None, "FYI The export fails for Bob."),
    ("Es klappt nicht mehr.\n\nAm 03.09.2026 um 10:12 schrieb Support:\n> Bitte neu starten", None, "Es klappt nicht mehr."),
    ("It fails.\n\nCONFIDENTIALITY NOTICE: this is for you\nand nobody else.", None, "It fails."),
    ("Guten Tag,\n\ndie App stürzt ab.\n\nMit freundlichen Grüßen\nJürgen Koch\nDisposition", None, "die App stürzt ab."),
    ("Sehr geehrte Damen und Herren,\ndie App stürzt ab.\nMfG Koch", None, "die App stürzt ab."),
    ("Bonjour à tous,\nla photo disparaît. Merci d'avance", None, "la photo disparaît."),
    ("Hola equipo, no funciona. Saludos cordiales, Lucía", None, "no funciona."),
    ("Buongiorno,\nnon funziona.\nCordiali saluti\nGiulia Rinaldi", None, "non funziona."),
    ("Beste mensen,\n\nhet werkt niet.\n\nMet vriendelijke groet,\nWim Kuiper", None, "het werkt niet."),
    ("Olá, não funciona. Obrigado!", None, "não funciona."),
    ("Dzień dobry,\nnie działa.\nPozdrawiam\nPaweł", None, "nie działa."),
    ("Hej,\ndet fungerar inte.\nMed vänlig hälsning\nMats", None, "det fungerar inte."),
    ("お世話になっております。アプリが落ちます。よろしくお願いいたします。", None, "アプリが落ちます。"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "author", "rest"), LETTERS, ids=lambda value: str(value)[:40])
def test_what_surrounds_a_message_is_set_aside(text: str, author: str | None, rest: str) -> None:
    assert said(text, author) == rest


@pytest.mark.parametrize(
    "text",
    [
        "Hi-res export fails",
        "Hello World example is wrong",
        "HELLO THE APP CRASHES ON START, FIX IT",
        "Good morning is when it fails",
        "Evening sync fails",
        "Dear me this is slow",
        "Best app ever",
        "Thanks for fixing the export",
        "Thank you for the new board, it is quick",
        "It fails.\nThe search is slow",
        "Wishlist:\n- dark mode\n- Excel Export",
        "It fails.\n\nAlso the export",
        "It works.\nGreat Support",
        "From: Bristol\nTo: Cardiff\nthe route is wrong",
        "We love it. The new calendar!",
        "Greetings from the west coast. The ferries are slow",
    ],
)
def test_what_people_say_is_kept(text: str) -> None:
    assert said(text) == text


def test_nothing_is_noise_when_nothing_else_is_there() -> None:
    for text in ("Hi team,\n\nBest regards,\nAnna", "> quoted", "Thanks!", "Hello"):
        assert clean(records(text))["noise_json"].to_list() == [None]


def test_repeated_lines_of_many_messages_are_macros() -> None:
    form = "Sent through the in-app help form of the program."
    complaint = "The app keeps losing my photos all the time."
    texts = [f"Problem number {n} of the day.\n\n{form}" for n in range(8)]
    texts += [form, complaint, complaint, complaint, complaint, complaint, f"{complaint}\nAgain."]
    cleaned = clean(records(*texts))
    assert [without_noise(*row) for row in cleaned.select("text", "noise_json").iter_rows()] == [
        *(f"Problem number {n} of the day." for n in range(8)),
        *texts[8:],
    ]
    assert cleaning_counts(cleaned) == {"repeated macros": 8}


def test_every_part_is_cleaned_and_keeps_its_place() -> None:
    text = "<p>Slow &amp; ugly</p>\n\nHi team, add PDF\n\nn/a"
    parts = json.dumps([["Bad?", 0, 22], ["Good?", 24, 40], ["Else?", 42, 45]])
    row = clean(records(text, parts_json=parts)).row(0, named=True)
    places = spans_of(row["parts_json"])
    assert [(q, row["text"][a:b]) for q, a, b in places] == [
        ("Bad?", "Slow & ugly"),
        ("Good?", "Hi team, add PDF"),
        ("Else?", "n/a"),
    ]
    assert [row["text"][a:b] for a, b, _ in spans_of(row["noise_json"])] == ["Hi team, "]
    assert row["non_answer"] is False
    nothing = clean(records("n/a\n\n-", parts_json=json.dumps([["a", 0, 3], ["b", 5, 6]])))
    assert nothing["non_answer"].to_list() == [True]


def test_talks_are_left_to_splitting() -> None:
    turns = json.dumps([["Anna", 0, 9, "1", True], ["Bob", 11, 18, "2", False]])
    row = clean(records("Hi there,\n\n<b>ok</b>", turns_json=turns)).row(0, named=True)
    assert (row["text"], row["noise_json"]) == ("Hi there,\n\n<b>ok</b>", None)


@pytest.mark.parametrize(
    "text",
    "n/a|N/A.|-|--|.|…|???|x|xxx|no|No!|None|none really|nothing|Nothing to add.|nope|no comment|idk|I don't "
    "know|see above|tbd|no further comments at this time|nothing comes to mind, thanks|asdf|123|   |keine|"
    "keine Angabe|k.A.|weiß nicht|Nix|RAS|rien à signaler|aucun commentaire|nada|ninguno|sin comentarios|"
    "niente da segnalare|geen opmerkingen|n.v.t.|nenhum|sem comentários|brak uwag|nie wiem|inget|vet ej|なし|"
    "特にありません。|特になし|无|没有|없음|нет|I'd rather not say|I’d rather not say.|I would rather not answer, "
    "sorry|Can't think of anything right now|I can’t really think of anything to add at the moment|Prefer not to "
    "answer|I prefer not to say|No comment.|I decline to answer|möchte ich lieber nicht sagen|Prefiero no "
    "responder|je préfère ne pas répondre|liever niet|答えたくありません".split("|"),
)
def test_non_answers(text: str) -> None:
    assert is_non_answer(text)
    assert clean(records(text))["non_answer"].to_list() == [True]


@pytest.mark.parametrize(
    "text",
    "Great!|👍|:-) love it|nothing works|none of the buttons work|No problems so far, works great|no issues|"
    "No dark mode|not sure why it crashes|nothing to complain about|test data is lost on import|Price|"
    "I'd rather not say this in public, but the export is broken|Can't think of anything that loads slower|"
    "I’d rather not answer each survey twice|No comment field on the invoice|I prefer not to answer by phone|"
    "Sorry, can't think of anything worse|Would rather not|"
    "nie działa|keine Rechnung bekommen|rien ne marche|nada funciona|8.3|落ちる|no|".split("|")[
        :-2
    ],
)
def test_answers(text: str) -> None:
    assert not (is_non_answer(text) and text != "8.3")
    assert clean(records(text))["non_answer"].to_list() == [text == "8.3"]


def test_non_answers_around_greetings_are_non_answers() -> None:
    assert clean(records("Hi,\nn/a\nThanks"))["non_answer"].to_list() == [True]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "Hi team,", "Dear Bob,", "It fails.", "> quoted", "Thanks!", "Best regards,", "Anna Vogt",
                "On Mon, 1 May 2026, X wrote:", "", "-- ", "+44 20 7946 0958", "P.S. also", "- item",
                "Sent from my iPhone", "<p>x</p>", "From: a", "Sent: b", "To: c", "Subject: d", "n/a", "なし",
            ]
        ),
        max_size=9,
    ).map("\n".join)
    | st.text(max_size=50)
)  # fmt: skip
def test_noise_is_in_order_inside_the_text_and_never_all_of_it(text: str) -> None:
    row = clean(records(text, author="Anna Vogt")).row(0, named=True)
    where = 0
    for start, end, _ in spans_of(row["noise_json"]):
        assert where <= start < end <= len(row["text"])
        where = end
    if row["noise_json"]:
        assert any(map(str.isalnum, without_noise(row["text"], row["noise_json"])))


def test_empty_and_null_texts() -> None:
    assert clean(conform(pl.DataFrame(), RECORDS)).schema == pl.Schema(RECORDS)
    row = clean(conform(pl.DataFrame({"text": [None]}), RECORDS)).row(0, named=True)
    assert (row["text"], row["non_answer"], row["language"]) == (None, True, None)


def test_real_answers_lose_nothing(test_data: Path) -> None:
    """Lounge reviews and survey questions are no letters: hardly anything may be set aside."""
    reviews = pl.read_csv(test_data / "scored" / "skytrax_lounge.csv")["text"]
    assert clean(records(*reviews))["noise_json"].is_not_null().sum() <= 5
    naughty = json.loads((test_data / "nasty" / "naughty_strings" / "blns.json").read_text("utf-8"))
    assert clean(records(*naughty)).height == len(naughty)


@pytest.mark.bench
def test_hundred_thousand_single_lines_in_two_seconds(test_data: Path) -> None:
    texts = pl.read_parquet(test_data / "scale" / "sentences_400k.parquet")["text"].head(100_000)
    frame = records(*texts)
    clean(frame.head(100))  # the language model is read once
    started = time.process_time()  # of this process: others share the machine
    clean(frame)
    assert time.process_time() - started < 2
