"""What reads texts: the encoders to choose from, the check of new ones, and what they cannot read."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from themeloom.base.settings import Settings
from themeloom.domain.encoders import (
    MINILM,
    WORDS,
    folder_of,
    languages_named,
    name_of,
    read_by,
    unread,
)
from themeloom.domain.errors import SynthesisError
from themeloom.domain.themes import Run
from themeloom.jobs.messages import Progress
from themeloom.jobs.worker import Worker

#: Names in the settings: the encoder in use, and those that were added.
CHOSEN, ADDED = "engine.encoder", "engine.encoders"
_CLASSIC = ("umap", "hdbscan")


@dataclass(frozen=True, slots=True)
class EncoderChoice:
    """An encoder that can be chosen.

    Attributes:
        name: see ``domain.encoders``.
        title: for people.
        languages: that it reads (ISO 639-1); None: any.
        about: what the check said, in plain words.
    """

    name: str
    title: str
    languages: tuple[str, ...] | None
    about: tuple[str, ...] = ()

    @property
    def reads(self) -> str:
        """The languages in words."""
        return "any language" if self.languages is None else languages_named(self.languages)


@dataclass(frozen=True, slots=True)
class Checked:
    """What came out of the check of a folder; ``choice`` is None where it cannot be used."""

    sentences: tuple[str, ...]
    choice: EncoderChoice | None


_BUILT_IN = (
    EncoderChoice(MINILM, "MiniLM", read_by(MINILM), ("Comes with Themeloom and reads English.",)),
    EncoderChoice(
        WORDS,
        "No model: by words and letters",
        None,
        (
            "Works for any language, but knows no meanings: only texts with like words come together.",
        ),
    ),
)


def encoder_of(run: Run | None) -> str:
    """Return what read the texts of a run; before there is one, MiniLM."""
    return str(run.parameters.get("encoder", MINILM)) if run else MINILM


def choices(settings: Settings) -> list[EncoderChoice]:
    """Return the encoders to choose from: those that come along first, then those added."""
    added: list[EncoderChoice] = []
    for entry in settings.get(ADDED, list[Any]()):
        try:
            added.append(
                EncoderChoice(
                    str(entry["name"]),
                    str(entry["title"]),
                    tuple(map(str, entry["languages"])),
                    tuple(map(str, entry["about"])),
                )
            )
        except (KeyError, TypeError):  # written by hand
            continue
    return [*_BUILT_IN, *added]


def chosen(settings: Settings) -> EncoderChoice:
    """Return the encoder that new runs use unless the person says otherwise."""
    name = settings.get(CHOSEN, MINILM)
    return next((one for one in choices(settings) if one.name == name), _BUILT_IN[0])


def removable(choice: EncoderChoice) -> bool:
    """Return whether the person added ``choice``."""
    return folder_of(choice.name) is not None


def check(
    engine: Worker, folder: Path, on_progress: Callable[[Progress], None] | None = None
) -> Checked:
    """Try the model in ``folder`` in the engine process; nothing is kept.

    Raises:
        JobCancelled: the person cancelled.
        JobFailed: the engine stopped.
    """
    folder = folder.resolve()
    report = cast(
        "dict[str, Any]",
        engine.run(
            "themeloom.services.tasks.encoders:check",
            {"folder": str(folder)},
            on_progress=on_progress,
        ),
    )
    sentences = tuple(map(str, report["sentences"]))
    if not report["ok"]:
        return Checked(sentences, None)
    languages = tuple(map(str, report["languages"]))
    return Checked(sentences, EncoderChoice(name_of(folder), folder.name, languages, sentences))


def add(settings: Settings, choice: EncoderChoice) -> None:
    """Offer a checked encoder from now on, in the place of an older one of the same folder."""
    kept = [one for one in choices(settings)[len(_BUILT_IN) :] if one.name != choice.name]
    settings.set(ADDED, [asdict(one) for one in (*kept, choice)])


def remove(settings: Settings, name: str) -> None:
    """Offer an added encoder no longer; its folder stays. If it was chosen, MiniLM is."""
    kept = [one for one in choices(settings)[len(_BUILT_IN) :] if one.name != name]
    settings.set(ADDED, [asdict(one) for one in kept])
    if settings.get(CHOSEN, MINILM) == name:
        settings.remove(CHOSEN)


def named(
    engine: Worker, wanted: str, on_progress: Callable[[Progress], None] | None = None
) -> EncoderChoice:
    """Return the encoder of a name, or that a command line names; a folder is checked first.

    ``wanted`` is "minilm", "none", a folder, or a name as ``domain.encoders`` has them.

    Raises:
        SynthesisError: the folder's model cannot be used.
    """
    name = WORDS if wanted == "none" else wanted
    for one in _BUILT_IN:
        if one.name == name:
            return one
    folder = folder_of(wanted) or Path(wanted)
    found = check(engine, folder, on_progress)
    if found.choice is None:
        raise SynthesisError(
            found.sentences[0], file=str(folder), hint=" ".join(found.sentences[1:]) or None
        )
    return found.choice


def language_note(languages: Iterable[str | None], choice: EncoderChoice) -> str:
    """Return what to tell people where over 10 % of the texts are in languages not read, else "".

    Args:
        languages: of each text (ISO 639-1), None where it could not be told.
        choice: the encoder that is to read them.
    """
    outside = unread(languages, choice.languages)
    if not outside.noticed:
        return ""
    return (
        f"{outside.part} of the texts are in languages that {choice.title} does not "
        f"read ({outside.named()}): {outside.fate}. To mend it, use “No model” (any language; "
        "--model none), or add a model for these languages (Settings > Engine; --model FOLDER)."
    )


def classic_missing() -> str:
    """Return what classic BERTopic lacks here, with the line that installs it; "" if nothing."""
    if all(_is_there(name) for name in _CLASSIC):
        return ""
    if getattr(sys, "frozen", False):
        return "Classic BERTopic is no part of the installed program; run Themeloom from Python."
    return f"Not installed. Run: {sys.executable} -m pip install umap-learn hdbscan"


def _is_there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # the default engine keeps them out of its process
        return False
