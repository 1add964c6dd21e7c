"""Word lists from ``resources/words``: one file per list, sections by language or by use."""

import re
from functools import cache
from typing import Literal

from themeloom.base.folding import fold
from themeloom.base.paths import resource

_SECTION = re.compile(r"\[([^\]]+)\]")

#: Lists and sections with several words per line; in all others a line is one phrase.
_WORDS = frozenset(
    {"abbreviations", "addressees", "back-channel", "claim_verbs", "name_words", "stop_words"}
)

ListName = Literal[
    "abbreviations",
    "addressees",
    "claim_verbs",
    "closings",
    "greetings",
    "joints",
    "machine_lines",
    "name_words",
    "new_points",
    "non_answers",
    "pleasantries",
    "process_fields",
    "signals",
    "small_talk",
    "stop_words",
]


@cache
def word_list(name: ListName, section: str | None = None) -> frozenset[str]:
    """Return a list's words or phrases, in small letters and folded: one section or all of them.

    Raises:
        KeyError: the list has no such section.
        FileNotFoundError: the installation is broken.
    """
    found = _sections(name)
    if section is not None:
        return frozenset(found[section])
    return frozenset(entry for entries in found.values() for entry in entries)


@cache
def word_sections(name: ListName) -> tuple[str, ...]:
    """Return the names of a list's sections: languages (ISO 639-1) or uses."""
    return tuple(_sections(name))


def stop_words(*languages: str) -> frozenset[str]:
    """Return the function words of these languages (ISO 639-1); of all when none is named.

    Languages without a list add nothing.
    """
    known = word_sections("stop_words")
    chosen = [language for language in languages or known if language in known]
    return frozenset[str]().union(*(word_list("stop_words", language) for language in chosen))


@cache
def _sections(name: ListName) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    section = ""
    for line in resource("words", f"{name}.txt").read_text("utf-8").splitlines():
        line = line.strip()
        if not line or line == "#" or line.startswith("# "):
            continue
        if heading := _SECTION.fullmatch(line):
            section = heading[1]
            found[section] = []
        else:
            entries = line.split() if name in _WORDS or section in _WORDS else [line]
            # Some callers compare folded text (grüssen), others text in small letters (grüßen).
            found[section] += [*entries, *map(fold, entries)]
    return found
