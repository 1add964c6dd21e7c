"""Finding themes from end to end, on real vectors and a real BERTopic."""

import subprocess
import sys
from itertools import permutations
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score
from tests.engine.feedback import excerpts, feedback

from themeloom.domain.errors import JobCancelled, SynthesisError
from themeloom.domain.frames import ASSIGNMENTS, THEMES, UNSORTED
from themeloom.domain.themes import Level, Reason
from themeloom.engine import theming
from themeloom.engine.clustering import COMPARING, FINDING, NAMING, GraphClusterer
from themeloom.engine.counts import read_words
from themeloom.engine.distinct import distinct_texts
from themeloom.engine.encoder import open_encoder
from themeloom.engine.likeness import shared_words
from themeloom.engine.theming import (
    FirstLook,
    KnownThemes,
    ThemingResult,
    ThemingSettings,
    find_themes,
)
from themeloom.engine.topic_model import Topics, fit_topics
from themeloom.engine.vectors import vectors_of


def silent(stage: str, done: int, total: int) -> None:
    pass


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a derived store that the tests of this module share."""
    return tmp_path_factory.mktemp("derived")


@pytest.fixture(scope="module")
def result(store: Path) -> ThemingResult:
    """Return the themes of the planted feedback."""
    return run(excerpts(feedback()["text"].to_list()), store)


@pytest.fixture(scope="module")
def topics(store: Path) -> Topics:
    """Return the fitted BERTopic of the planted feedback, made as ``find_themes`` makes it."""
    distinct = distinct_texts(excerpts(feedback()["text"].to_list()))
    encoder = open_encoder("minilm")
    vectors = vectors_of(distinct.readings, encoder, store)
    corpus = read_words(distinct.texts, distinct.contexts)
    clusterer = GraphClusterer(
        weights=distinct.weights,
        lengths=distinct.words,
        records=distinct.records,
        words=shared_words(corpus),
        known=np.full(len(distinct.texts), -1),
        seed=0,
        themes=None,
        report=silent,
    )
    return fit_topics(corpus, vectors, distinct.weights, clusterer, encoder)


def run(
    frame: pl.DataFrame,
    store: Path,
    known: KnownThemes | None = None,
    seed: int = 0,
    themes: int | None = None,
) -> ThemingResult:
    settings = ThemingSettings(seed=seed, themes=themes)
    return find_themes(frame, settings, known=known, store=store, progress=silent)


def theme_of(frame: pl.DataFrame, result: ThemingResult) -> list[str]:
    found = frame.select("excerpt_id").join(
        result.assignments.filter("primary"), on="excerpt_id", how="left", maintain_order="left"
    )
    return found["theme_id"].fill_null("").to_list()


def accepted(result: ThemingResult) -> KnownThemes:
    """Return the themes of a run under ids of the project's own."""

    def renamed(column: str) -> pl.Expr:
        return pl.col(column).str.replace("new-", "T-").str.replace("group-", "G-")

    return KnownThemes(
        result.themes.with_columns(renamed("theme_id"), renamed("parent_id")),
        result.assignments.with_columns(renamed("theme_id")),
    )


def titles(result: ThemingResult, level: Level = Level.THEME) -> list[str]:
    return result.themes.filter(pl.col("level") == level)["title"].to_list()


def test_planted_themes_are_found(result: ThemingResult) -> None:
    planted = feedback()
    found = theme_of(excerpts(planted["text"].to_list()), result)
    assert adjusted_mutual_info_score(planted["theme"].to_list(), found) > 0.75
    assert 7 <= len(titles(result)) <= 11
    assert str(len(titles(result))) in result.why


def test_every_excerpt_has_a_theme_or_a_reason(result: ThemingResult) -> None:
    frame = excerpts(feedback()["text"].to_list())
    assert result.themes.schema == THEMES
    assert result.assignments.schema == ASSIGNMENTS
    assert result.unsorted.schema == UNSORTED
    assigned = set(result.assignments["excerpt_id"])
    out = set(result.unsorted["excerpt_id"])
    assert assigned | out == set(frame["excerpt_id"])
    assert not assigned & out
    assert set(result.unsorted["reason"]) <= {reason.value for reason in Reason}
    assert result.assignments["similarity"].is_between(0.3, 1.0).all()
    themes = result.themes.filter(pl.col("level") == Level.THEME)
    assert set(result.assignments["theme_id"]) == set(themes["theme_id"])


def test_two_levels_with_titles_phrases_and_quotes(result: ThemingResult) -> None:
    groups = result.themes.filter(pl.col("level") == Level.GROUP)
    themes = result.themes.filter(pl.col("level") == Level.THEME)
    assert 5 <= groups.height <= 25
    assert set(themes["parent_id"]) == set(groups["theme_id"])
    assert groups["parent_id"].is_null().all()
    assert themes["title"].n_unique() == themes.height
    assert groups["title"].n_unique() == groups.height
    owner = dict(result.assignments.select("excerpt_id", "theme_id").iter_rows())
    for row in themes.iter_rows(named=True):
        assert 3 <= len(row["quotes"]) <= 5
        assert len(set(row["quotes"])) == len(row["quotes"])
        assert {owner[quote] for quote in row["quotes"]} == {row["theme_id"]}
        assert row["definition"].endswith(".")
        assert row["key_phrases"]


def test_what_is_shown_comes_from_the_fitted_bertopic(
    result: ThemingResult, topics: Topics
) -> None:
    model = topics.model
    assert type(model).__module__ == "bertopic._bertopic"
    frame = excerpts(feedback()["text"].to_list())
    distinct = distinct_texts(frame)
    shown = dict(result.themes.select("theme_id", "title").iter_rows())
    phrases = dict(result.themes.select("theme_id", "key_phrases").iter_rows())
    for row, theme_id in enumerate(theme_of(frame, result)):
        topic = model.topics_[distinct.of[row]]
        if theme_id == "":
            assert topic == -1
            continue
        representation = [phrase for phrase, _ in model.topic_representations_[topic]]
        assert shown[theme_id] == representation[0]
        assert phrases[theme_id] == [phrase for phrase in representation[1:] if phrase]
    groups = topics.groups(by=topics.ordered(model.hdbscan_model.centres_))
    assert titles(result, Level.GROUP) == [group.title for group in groups]
    members = {frozenset(topics.phrases(topic)[0] for topic in group.topics) for group in groups}
    parents = result.themes.filter(pl.col("level") == Level.THEME).group_by("parent_id")
    assert {frozenset(group["title"]) for _, group in parents} == members


def test_stock_bertopic_opens_the_saved_folder(topics: Topics, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "old.txt").touch()  # replaced as a whole
    topics.save(folder)
    program = f"""
import sys
sys.modules["themeloom"] = None  # must open without us
from bertopic import BERTopic
model = BERTopic.load({str(folder)!r})
info = model.get_topic_info()
print(len(model.topics_), len(info[info.Topic >= 0]), model.get_topic(0)[0][0], sep="|")
print("|".join(model.custom_labels_))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    first, labels = done.stdout.strip().splitlines()
    assert first == f"{len(topics.labels)}|{topics.count}|{topics.phrases(0)[0]}"
    assert labels.split("|")[-topics.count :] == [
        topics.phrases(topic)[0] for topic in range(topics.count)
    ]
    assert not (folder / "old.txt").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_the_engine_opens_before_bertopic_and_what_it_brings_are_there() -> None:
    program = """
import sys
import themeloom.services.tasks.theming
print(*sorted({"bertopic", "sklearn", "pandas"} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""


def test_of_the_spellings_of_a_text_the_same_one_is_read_in_any_order() -> None:
    texts = ["What's the price?", "what’s the price?", "WHAT'S THE PRICE?", "Where is the shop?"]
    read = [distinct_texts(excerpts(order)).readings for order in permutations(texts)]
    assert len(read[0]) == 2
    assert all(other == read[0] for other in read)


def test_row_order_does_not_change_themes(result: ThemingResult, tmp_path: Path) -> None:
    frame = excerpts(feedback()["text"].to_list())
    shuffled = frame.sample(fraction=1.0, shuffle=True, seed=11)
    other = run(shuffled, tmp_path)  # a store of its own: encoded in another order, too
    assert other.themes.equals(result.themes)
    assert other.assignments.sort("excerpt_id").equals(result.assignments.sort("excerpt_id"))
    assert other.unsorted.sort("excerpt_id").equals(result.unsorted.sort("excerpt_id"))


def test_another_seed_changes_little(result: ThemingResult, store: Path) -> None:
    frame = excerpts(feedback()["text"].to_list())
    other = run(frame, store, seed=5)
    assert adjusted_rand_score(theme_of(frame, result), theme_of(frame, other)) > 0.8


def test_an_asked_number_of_themes_is_met(store: Path) -> None:
    found = run(excerpts(feedback()["text"].to_list()), store, themes=4)
    assert len(titles(found)) == 4
    assert "asked" in found.why


def test_repeated_texts_count_but_are_quoted_once(store: Path) -> None:
    texts = feedback()["text"].to_list()
    frame = excerpts([*texts, *[texts[0].upper()] * 6])
    found = run(frame, store)
    owners = theme_of(frame, found)
    assert len(set(owners[-6:])) == 1
    assert owners[0] == owners[-1] != ""
    words = dict(frame.select("excerpt_id", "text").iter_rows())
    for quotes in found.themes["quotes"].to_list():
        folded = [words[quote].lower() for quote in quotes]
        assert len(set(folded)) == len(folded)


def test_few_texts_say_what_to_do(store: Path) -> None:
    with pytest.raises(SynthesisError, match=r"29 texts.*30") as caught:
        run(excerpts(feedback()["text"].to_list()[:29]), store)
    assert "by hand" in str(caught.value)


def test_thirty_texts_work(store: Path) -> None:
    rows = feedback().filter(pl.col("theme").is_in(["pdf", "login", "dark"]))
    found = run(excerpts(rows["text"].to_list()), store)
    owners = theme_of(excerpts(rows["text"].to_list()), found)
    assert adjusted_mutual_info_score(rows["theme"].to_list(), owners) > 0.5


@pytest.mark.parametrize(
    ("texts", "themes"),
    [
        (["The app crashes when I open it"] * 40, 1),
        (["The app crashes when I open it", "Invoices are sent twice"] * 100, 2),
        (["123", "??", "!!!", "—"] * 10, 0),
    ],
    ids=["one text", "two texts", "no words"],
)
def test_degenerate_corpora(texts: list[str], themes: int, store: Path) -> None:
    found = run(excerpts(texts), store)
    assert len(titles(found)) == themes
    assert found.assignments.height + found.unsorted.height == len(texts)
    assert found.why


def test_unrelated_texts_stay_mostly_unsorted(store: Path) -> None:
    texts = (Path(__file__).parent / "data" / "unrelated.txt").read_text("utf-8").splitlines()
    found = run(excerpts(texts), store)
    assert found.unsorted.height > found.assignments.height


def test_where_all_say_the_same_there_is_one_theme(store: Path) -> None:
    asks = (
        "Please add a dark mode|Dark mode please|I would love a dark mode|When does dark mode come?"
        "|Still waiting for dark mode|A dark mode would be great|Why is there no dark mode yet"
        "|Dark mode, dark mode, dark mode|My eyes need a dark mode|Do you plan a dark mode?"
        "|Everybody else has a dark mode by now|Give us dark mode|Dark mode for the night shift"
        "|No dark mode in 2026, really?|Any news about dark mode|Dark mode is all I miss"
        "|We asked for dark mode a year ago|Can the app have a dark mode|Dark theme, please"
        "|I want a dark theme in the app|Dark mode is missing|The app is too bright, add dark mode"
        "|Where is the dark mode you promised|Vote for dark mode|Dark mode would save battery"
        "|How do I turn dark mode on?|Is there a dark mode somewhere?|Dark mode soon?"
        "|Five stars once there is a dark mode|Dark mode on the phone, please|Need dark mode at night"
        "|Hoping for dark mode|Could you build a dark mode|A darker theme or dark mode, please"
        "|Would pay for dark mode|Consider a dark mode|Dark mode request|Please support dark mode"
    ).split("|")
    found = run(excerpts(asks), store)
    assert len(titles(found)) == 1
    assert "dark mode" in titles(found)[0].casefold()
    assert "say much the same" in found.why
    assert titles(found, Level.GROUP) == [], "a group of one says its title twice"
    # Whoever asks for two gets them, and two matters are two themes.
    assert len(titles(run(excerpts(asks), store, themes=2))) == 2
    export = [ask.replace("dark mode", "PDF export of the invoices") for ask in asks]
    assert len(titles(run(excerpts([*asks, *export]), store))) > 1


def test_other_languages_join_a_theme_or_say_why(store: Path) -> None:
    texts = feedback()["text"].to_list()
    foreign = ["Qué tiempo hace hoy en Sevilla", "Dark Mode bitte", "Gdzie jest moja paczka"]
    frame = excerpts([*texts, *foreign], languages=[*["en"] * len(texts), "es", "de", "pl"])
    found = run(frame, store)
    owners = theme_of(frame, found)
    assert owners[-2] == owners[texts.index("Dark mode please")] != ""
    reasons = dict(found.unsorted.select("excerpt_id", "reason").iter_rows())
    assert reasons[frame["excerpt_id"][len(texts)]] == Reason.LANGUAGE


def test_a_corpus_in_another_language_still_gets_themes(store: Path) -> None:
    kinds = ["Die App stürzt beim Start ab", "Die Rechnung ist falsch", "Sehr guter Support"]
    texts = [f"{kinds[number % 3]} seit Version {number}" for number in range(45)]
    found = run(excerpts(texts, languages=["de"] * 45), store)
    owners = theme_of(excerpts(texts), found)
    assert adjusted_mutual_info_score([number % 3 for number in range(45)], owners) > 0.5


def test_known_themes_keep_theirs_and_take_their_like(result: ThemingResult, store: Path) -> None:
    texts = feedback()["text"].to_list()
    planted = feedback()["theme"].to_list()
    later = [
        "Exporting to PDF ends with an error again",
        "Nobody can log in to the account today",
        "Renewal became much more expensive",
    ]
    news = [
        "The AI receptionist books the wrong day",
        "The AI phone receptionist hangs up on callers",
        "Callers complain that the AI receptionist does not understand them",
        "Our AI receptionist promised a visit that nobody made",
        "The AI receptionist speaks too fast for older callers",
        "Please let me switch the AI receptionist off at night",
        "The AI receptionist forgot to ask for the address",
    ]
    frame = pl.concat([excerpts(texts), excerpts([*later, *news], first=500)])
    known = accepted(result)
    found = run(frame, store, known=known)
    before = known.assignments.sort("excerpt_id")
    again = found.assignments.join(before.select("excerpt_id"), on="excerpt_id", how="semi")
    assert again.sort("excerpt_id").equals(before)
    owners = theme_of(frame, found)
    for place, kind in enumerate(("pdf", "login", "price"), start=len(texts)):
        kin = [owner for owner, theme in zip(owners, planted, strict=False) if theme == kind]
        assert owners[place] == max(set(kin), key=kin.count)
    fresh = found.themes.filter(pl.col("level") == Level.THEME)
    assert fresh.height == 1
    assert set(owners[-len(news) :]) == set(fresh["theme_id"])
    assert fresh["parent_id"][0] in set(known.themes["theme_id"])


def test_nothing_new_changes_nothing(result: ThemingResult, store: Path) -> None:
    carried = set(result.assignments["excerpt_id"])
    frame = excerpts(feedback()["text"].to_list()).filter(pl.col("excerpt_id").is_in(carried))
    known = accepted(result)
    found = run(frame, store, known=known)
    assert found.themes.is_empty()
    assert found.assignments.sort("excerpt_id").equals(known.assignments.sort("excerpt_id"))


@pytest.mark.parametrize(
    "stage",
    [
        *(theming.READING, theming.UNDERSTANDING, COMPARING, FINDING, NAMING),
        *(theming.DIVIDING, theming.QUOTING, theming.CUTTING),
    ],
)
def test_a_cancel_passes_through_at_every_stage(stage: str, store: Path, tmp_path: Path) -> None:
    def cancel(name: str, done: int, total: int) -> None:
        if name == stage:
            raise JobCancelled("cancelled")

    frame = excerpts(feedback()["text"].to_list())
    place = tmp_path if stage == theming.UNDERSTANDING else store  # the others have their vectors
    with pytest.raises(JobCancelled):
        find_themes(frame, ThemingSettings(), known=None, store=place, progress=cancel)


def test_stages_are_told_in_order_and_timed(store: Path) -> None:
    told: list[str] = []

    def note(stage: str, done: int, total: int) -> None:
        assert 0 <= done <= total
        if not told or told[-1] != stage:
            told.append(stage)

    frame = excerpts(feedback()["text"].to_list())
    found = find_themes(frame, ThemingSettings(), known=None, store=store, progress=note)
    expected = [
        *(theming.READING, theming.UNDERSTANDING, COMPARING, FINDING, NAMING),
        *(theming.DIVIDING, theming.QUOTING, theming.CUTTING),
    ]
    assert told == expected
    assert [name for name, _ in found.stages] == expected
    assert all(seconds >= 0 for _, seconds in found.stages)
    assert found.versions["BERTopic"] == "0.17.4"
    whole = open_encoder("minilm").id != "minilm-l6-v2"
    assert found.versions["MiniLM-L6-v2 weights"].endswith(", whole numbers") == whole


def test_a_sample_of_many_texts_is_looked_at_first(
    store: Path, result: ThemingResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theming, "LARGE", 60)
    monkeypatch.setattr(theming, "SAMPLE", 50)
    told: list[tuple[str, int, int]] = []
    looks: list[FirstLook] = []
    frame = excerpts(feedback()["text"].to_list())

    def note(stage: str, done: int, total: int) -> None:
        told.append((stage, done, total))

    def look(order: pl.DataFrame) -> ThemingResult:
        return find_themes(
            order,
            ThemingSettings(),
            known=None,
            store=store,
            progress=note,
            on_first_look=looks.append,
        )

    found = look(frame)
    assert found.themes.equals(result.themes), "the first look changes nothing"
    first = looks[0]
    assert (first.excerpts, first.total) == (50, frame.height)
    assert 3 <= len(first.themes) <= 12
    assert all(theme.title for theme in first.themes)
    shares = [theme.share for theme in first.themes]
    assert shares == sorted(shares, reverse=True)
    assert 0.4 < sum(shares) <= 1.0
    understanding = [done for stage, done, _ in told if stage == theming.UNDERSTANDING]
    assert understanding == sorted(understanding), "the count never goes back"
    assert {total for stage, _, total in told if stage == theming.UNDERSTANDING} == {frame.height}
    look(frame.sample(fraction=1.0, shuffle=True, seed=4))
    assert looks[1] == first, "chosen by content, not by place"
    monkeypatch.setattr(theming, "SMALLEST_SAMPLE", 30)
    monkeypatch.setattr(theming, "SAMPLE_LENGTH", 35 * max(map(len, feedback()["text"])))
    look(frame)
    assert looks[2].excerpts == 50, "short texts are as many as without a limit"
    monkeypatch.setattr(theming, "SAMPLE_LENGTH", 35 * min(map(len, feedback()["text"])))
    look(frame)
    assert 30 <= looks[3].excerpts < 50, "of long texts fewer are enough"
