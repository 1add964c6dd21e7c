"""What reads texts: names of encoders and of ways to find themes, and the languages they read."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

#: The packaged model, for English.
MINILM = "minilm"
#: No model: texts are compared by their words and letters, in any language.
WORDS = "words"
_FOLDER = "folder:"
#: From this share of texts in languages that an encoder does not read on, people are told.
NOTICED = 0.1
#: With a larger share the engine reads them all the same.
MOST_UNREAD = 0.5
_BUILT_IN = {MINILM: ("en",)}

#: ISO 639-1 codes of languages that Themeloom tells apart, with their names.
LANGUAGES = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hu": "Hungarian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sr": "Serbian",
    "sv": "Swedish",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "zh": "Chinese",
}


class Way(StrEnum):
    """How themes are found from vectors."""

    GRAPH = "graph"  # Themeloom's own
    CLASSIC = "classic"  # UMAP and HDBSCAN, as BERTopic does by default; for comparison


def name_of(folder: Path) -> str:
    """Return the name of the encoder whose model is in ``folder``."""
    return f"{_FOLDER}{folder}"


def folder_of(name: str) -> Path | None:
    """Return the folder of a model that the person added, or None: it is another encoder."""
    return Path(name.removeprefix(_FOLDER)) if name.startswith(_FOLDER) else None


@dataclass(frozen=True, slots=True)
class Unread:
    """Texts in languages that an encoder does not read.

    Attributes:
        texts: how many.
        total: how many texts there are.
        languages: (ISO 639-1 code, texts), the most frequent first.
    """

    texts: int
    total: int
    languages: tuple[tuple[str, int], ...]

    @property
    def share(self) -> float:
        """Share of the texts, 0 to 1."""
        return self.texts / max(self.total, 1)

    @property
    def part(self) -> str:
        """The share in words: "12 %"."""
        return _percent(self.share)

    @property
    def noticed(self) -> bool:
        """Whether there are so many that people should know."""
        return self.share > NOTICED

    @property
    def fate(self) -> str:
        """What becomes of them, in words."""
        if self.share >= MOST_UNREAD:
            return "they are sorted by guess"
        return "they stay in Unsorted unless they fit a theme well"

    def named(self, most: int = 3) -> str:
        """Return the languages with their shares: "German 12 %, French 8 %"."""
        return ", ".join(
            f"{LANGUAGES.get(code, code)} {_percent(texts / max(self.total, 1))}"
            for code, texts in self.languages[:most]
        )


def unread(languages: Iterable[str | None], read: Collection[str] | None) -> Unread:
    """Return how many of some texts an encoder does not read.

    Args:
        languages: of each text (ISO 639-1), None where it could not be told.
        read: the languages of the encoder; None: any.
    """
    counts = Counter(languages)
    outside = Counter(
        {
            code: texts
            for code, texts in counts.items()
            if code is not None and read is not None and code not in read
        }
    )
    ordered = sorted(outside.items(), key=lambda item: (-item[1], item[0]))
    return Unread(outside.total(), counts.total(), tuple(ordered))


def read_by(name: str) -> tuple[str, ...] | None:
    """Return the languages (ISO 639-1) that a built-in encoder reads; None: any, or unknown here."""
    return _BUILT_IN.get(name)


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def languages_named(codes: Collection[str]) -> str:
    """Return languages as people write a list: "English", "Arabic and German"."""
    names = sorted(LANGUAGES.get(code, code) for code in codes)
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
