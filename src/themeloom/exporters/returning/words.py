"""What a cell says of a field: the words that people type, as the project keeps them."""

from collections.abc import Mapping

from themeloom.domain.insights import Field
from themeloom.exporters.safety.cells import fit, looks_like_formula
from themeloom.exporters.workbook.columns import SEVERITY_WORDS, STATUS_WORDS

#: Fields of which a cell says one of a few words: word for people → value.
ALLOWED: Mapping[Field, Mapping[str, str]] = {
    Field.SEVERITY: {words.split()[-1]: str(grade) for grade, words in SEVERITY_WORDS.items()},
    Field.STATUS: {words: str(status) for status, words in STATUS_WORDS.items()},
}

_ONE_LINE = frozenset({Field.TITLE, Field.OWNER})
_SENTENCES = frozenset({Field.TITLE, Field.NEXT_STEP})
_MARKS = "●○•* \t\u00a0"


class Unknown(ValueError):  # noqa: N818 - it says what the word is
    """A word that the field cannot hold; the message says why and what it can."""


def value_of(field: Field, cell: str, owners: Mapping[str, str] | None = None) -> str:
    """Return what the project keeps of a cell; "" for an empty one.

    Args:
        field: which one.
        cell: its text.
        owners: folded name or address → name of those who are known; others stay as written.

    Raises:
        Unknown: a word that is not allowed, or a number where words have to be.
    """
    text = plain(field, cell)
    if not text:
        return ""
    if field in ALLOWED:
        return _one_of(field, text)
    if field in _SENTENCES and (
        not any(letter.isalpha() for letter in text) or text.casefold() in ("true", "false")
    ):
        raise Unknown(f"“{text}” is no text: the {field} has to be words.")
    if field is Field.OWNER:
        if not any(letter.isalpha() for letter in text):
            raise Unknown(f"“{text}” is no name.")
        return (owners or {}).get(text.casefold(), text)
    return text


def plain(field: Field, cell: str) -> str:
    """Return the text of a cell as two of them are compared: line ends and outer blanks even.

    The ``'`` that keeps a text from being taken for a formula is no part of it.
    """
    text = fit(cell)[0]
    if text.startswith("'") and looks_like_formula(text[1:]):
        text = text[1:]
    if field in _ONE_LINE:
        return " ".join(text.split())
    lines = [line.rstrip() for line in text.replace("\u00a0", " ").split("\n")]
    return "\n".join(lines).strip()


def words_of(field: Field, value: str) -> str:
    """Return a value as people read it: ``high`` is ``High``."""
    for word, known in ALLOWED.get(field, {}).items():
        if known == value:
            return word
    return value


def _one_of(field: Field, text: str) -> str:
    said = " ".join(text.strip(_MARKS).replace("_", " ").replace("-", " ").split()).casefold()
    for word, value in ALLOWED[field].items():
        if said in (word.casefold(), value.casefold()):
            return value
    known = ", ".join(ALLOWED[field])
    raise Unknown(f"“{text}” is no {field} that is known: {known}.")
