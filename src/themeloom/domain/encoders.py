"""What reads texts: names of encoders and of ways to find themes, and the languages they read."""

from collections.abc import Collection
from enum import StrEnum
from pathlib import Path

#: The packaged model, for English.
MINILM = "minilm"
#: No model: texts are compared by their words and letters, in any language.
WORDS = "words"
_FOLDER = "folder:"

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


def languages_named(codes: Collection[str]) -> str:
    """Return languages as people write a list: "English", "Arabic and German"."""
    names = sorted(LANGUAGES.get(code, code) for code in codes)
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
