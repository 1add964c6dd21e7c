"""Closings, names, roles and device lines at the end of a message."""

import re
import unicodedata
from functools import cache

from themeloom.base.text import fold, sentence_spans
from themeloom.base.words import stop_words, word_list
from themeloom.importers.noise.closings import TRIM, is_closing, is_free_closing, says
from themeloom.importers.noise.lines import Line, Lines, Noise


def mark_signature(lines: Lines, author: str | None, *, greeted: bool) -> bool:
    """Set the end of a message aside: "Best regards", the name, role, company and phone below it.

    What anchors a signature is a closing phrase, the separator ``--``, the record's author, or
    contact lines below a name. A line that reads like a sentence, a list item or a P.S. is never
    part of one, and the first line of the text never is.

    Args:
        lines: the lines; marks are added.
        author: who wrote the record, where that is known.
        greeted: the text starts with a greeting, so a lone name at its end is a signature.

    Returns:
        Whether anything was set aside.
    """
    live = lines.live()
    if not live:
        return False
    names = _author_names(author)
    top = _block_start(lines, live, names, greeted=greeted)
    if top is not None:
        lines.mark(iter(live[top:]), Noise.SIGNATURE)
        live = live[:top]
    cut = _mark_closing_sentences(lines, live[-1], names, only=len(live) == 1) if live else False
    return top is not None or cut


def is_machine_line(line: Line) -> Noise | None:
    """Return what kind of noise a line is that a mail program or a help desk adds, or None."""
    if line.folded.startswith(_prefixes("device")) and len(line.text) < 90:
        return Noise.SIGNATURE
    if line.folded.startswith(_prefixes("helpdesk")):
        return Noise.MACRO
    return None


def is_disclaimer(line: Line) -> bool:
    """Whether a line starts a notice of confidentiality."""
    return line.folded.startswith(_prefixes("confidentiality"))


@cache
def _prefixes(section: str) -> tuple[str, ...]:
    return tuple(sorted(word_list("machine_lines", section)))


#: A signature is at most this many lines, a line of it at most this many words.
_LINES_AT_MOST = 10
_WORDS_AT_MOST = 8
_SEPARATOR = re.compile(r"^(?:--|—|__+|==+|\*\*\*+|~~+|-{3,})$")
_DASH_NAME = re.compile(r"^[-–—~/]{1,2} ?([^\W\d_][\w'’-]*(?: (?:& |and )?[^\W\d_][\w'’-]*){0,2})$")
_CONTACT = re.compile(
    r"\+?\d[\d ()/.-]{6,}\d|@|\bwww\.|https?://|\b\w+\.(?:com|org|net|io|de|co|uk|fr|es|it|nl|eu)\b"
    r"|^(?:tel|phone|mobile|cell|fax|m|t|p|mob|e-?mail|handy|telefon|tél|móvil)\b ?[.:]",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(?:manager|director|head|lead|leader|coordinator|engineer|developer|analyst|consultant|"
    r"owner|founder|co-founder|partner|president|vp|ceo|cto|cfo|coo|cio|officer|administrator|"
    r"assistant|associate|specialist|supervisor|technician|planner|dispatcher|dispatch|accountant|"
    r"accounts|office|operations|ops|sales|marketing|services?|department|team|it|hr|finance|"
    r"inc|llc|ltd|gmbh|ag|kg|bv|b\.v|s\.a|sarl|srl|s\.l|plc|corp|group|company|co|& sons|"
    r"leiter|leiterin|leitung|geschäftsführer|geschäftsführerin|inhaber|inhaberin|sachbearbeiter|"
    r"buchhaltung|vertrieb|einkauf|disposition|werkstatt|büro|"
    r"directeur|directrice|responsable|gérant|gérante|chef|comptabilité|"
    r"gerente|jefe|jefa|responsabile|titolare|direttore|ufficio|beheerder|planning|kierownik|chef)\b",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(r"^(?:p\.? ?s\b|n\.?b\b|ps:|edit\b|update\b|fyi\b)", re.IGNORECASE)
_LIST_ITEM = re.compile(r"^(?:[-*+•‣▪●·–—]|\(?\d{1,2}[.)]|[a-z]\))\s")
_COMPANY_END = re.compile(
    r"\b(?:inc|ltd|co|corp|llc|s\.a|s\.l|b\.v|jr|sr|gmbh|dept|st|ave|rd)\.$", re.IGNORECASE
)
_CONTACT_ALONE = re.compile(r"^(?:[\w.+-]+@[\w.-]+|\+?[\d ()/.-]{7,20}|(?:https?://|www\.)\S+)$")
#: What may follow a first name alone: (accounts), W., x.
_AFTER_FIRST_NAME = re.compile(r"^(?:\(.{1,40}\)|[^\W\d_]\.?|x{1,3})$")
_PAUSES = (",", "/", "|", "-", "(", "@")


def _block_start(
    lines: Lines, live: list[int], names: frozenset[str], *, greeted: bool
) -> int | None:
    """Return the position in ``live`` where the signature starts, or None."""
    found: int | None = None
    bottom = len(live)
    first = max(0 if lines.marks else 1, bottom - _LINES_AT_MOST)
    for at in range(bottom - 1, first - 1, -1):
        line = lines.lines[live[at]]
        if _SEPARATOR.match(line.text):
            if at < bottom - 1:
                found = at
            continue
        if is_closing(line.text) or _starts_with_author(line, names):
            found = at
            continue
        if found == at + 1 and is_free_closing(line.text):
            found = at
            continue
        if not _is_signature_like(line):
            below_author = _author_above(lines, live[:at], names) if _is_short(line) else None
            if below_author is None:
                break
            return below_author
        if (
            _CONTACT_ALONE.match(line.text)
            or _is_name_block(lines, live, at, greeted=greeted)
            or (at == bottom - 1 and _is_nickname(line, names) and _above_ends(lines, live, at))
        ):
            found = at
    if found is None:
        found = _after_closing_sentence(lines, live)
    # The first line of a text is never a signature; below a greeting it can be.
    return found if found or lines.marks else None


def _is_signature_like(line: Line) -> bool:
    """Whether a line can be a name, a role, a company, an address or a number."""
    text = line.text
    words = text.split()
    if _POSTSCRIPT.match(text) or (_LIST_ITEM.match(text) and not _DASH_NAME.match(text)):
        return False
    if _CONTACT.search(text) and len(words) <= 2 * _WORDS_AT_MOST and not says(words):
        return True
    if len(words) > _WORDS_AT_MOST or (text[-1] in ".?!:…" and not _COMPANY_END.search(text)):
        return bool(_is_initials(text))
    if says(words):
        return False
    if text[:1].isupper() or text[:1].isdigit() or text[:1] in "(|+<[*~-–—":
        capitals = sum(1 for word in words if word[:1].isupper() or not word[:1].isalpha())
        return capitals * 2 >= len(words) or bool(_ROLE.search(text))
    return len(words) <= 2 or bool(_ROLE.search(text))


def _is_short(line: Line) -> bool:
    """Whether a line says nothing by itself, whatever its words: "northern area scheduler"."""
    words = line.text.split()
    if _POSTSCRIPT.match(line.text) or _LIST_ITEM.match(line.text) or line.text[-1] in ".?!:…":
        return False
    return len(words) <= _WORDS_AT_MOST and not says(words)


def _author_above(lines: Lines, live: list[int], names: frozenset[str]) -> int | None:
    """Return the position of the author's name in the last two lines of ``live``, or None."""
    for at in range(len(live) - 1, max(0, len(live) - 3), -1):
        line = lines.lines[live[at]]
        if _starts_with_author(line, names):
            return at
        if not _is_short(line):
            return None
    return None


def _is_initials(text: str) -> bool:
    return len(text) <= 6 and bool(re.fullmatch(r"(?:[^\W\d_]{1,2}\.? ?){1,3}", text))


def _is_name_block(lines: Lines, live: list[int], at: int, *, greeted: bool) -> bool:
    """Whether a paragraph at the end starts with a name: with contact lines, or after a greeting."""
    line = lines.lines[live[at]]
    if dashed := _DASH_NAME.match(line.text):
        return at == len(live) - 1 and _is_name(dashed[1]) and _above_ends(lines, live, at)
    if not line.after_blank or not _is_name(line.text):
        return False
    below = [lines.lines[i] for i in live[at + 1 :]]
    if any(_CONTACT.search(other.text) for other in below):
        return True
    if below and any(_ROLE.search(other.text) for other in below):
        return True
    return greeted and len(below) <= 2 and _above_ends(lines, live, at)


def _above_ends(lines: Lines, live: list[int], at: int) -> bool:
    """Whether the line above ends a sentence and is no list item."""
    above = lines.lines[live[at - 1]].text if at else ""
    return not _LIST_ITEM.match(above) and above[-1:] in ".!?)。…"


def _is_name(text: str) -> bool:
    words = re.split(r"[ ,]+", text.strip(TRIM))
    if not 1 <= len(words) <= 5 or any(character.isdigit() for character in text):
        return False
    core = [word for word in words if fold(word) not in _PARTICLES]
    return bool(core) and all(
        word[:1].isupper() and fold(word) not in stop_words("en", "de", "fr", "es") for word in core
    )


_PARTICLES = frozenset(
    "van von de der den la le di da del della dos das du ten ter af zu y e und & and".split()
)


def _author_names(author: str | None) -> frozenset[str]:
    """Return the author's full name and first name, folded; nothing for an e-mail address."""
    if not author or "@" in author:
        return frozenset()
    folded = _without_accents(fold(author))
    if "," in folded:
        last, _, first = folded.partition(",")
        folded = f"{first.strip()} {last.strip()}"
    words = folded.split()
    return frozenset({folded, words[0]} if words else ()) - word_list("name_words", "nobody")


def _starts_with_author(line: Line, names: frozenset[str]) -> bool:
    """Whether a line is the author's name, alone or before a role or company."""
    folded = _without_accents(line.folded)
    words = re.split(r"[ ,/|]+", folded.strip(TRIM))
    for name in names:
        length = len(name.split())
        if " ".join(words[:length]) != name:
            continue
        if len(words) == length:
            return True
        rest = folded.removeprefix(name).strip()
        if length == 1 and (_AFTER_FIRST_NAME.match(rest)):
            return True
        if length > 1 or rest[:1] in _PAUSES:
            return len(words) <= 10 and not says(line.text.split()) and line.text[-1] not in "?!:"
    return False


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return "".join(
        letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter)
    )


def _is_nickname(line: Line, names: frozenset[str]) -> bool:
    """Whether a last line is one short name that may stand for the author's (Gareth, Gaz)."""
    word = line.text.strip(TRIM)
    if not word.isalpha() or len(word) > 10 or not word.istitle() or line.text[-1] in "!?:":
        return False
    initials = {part[0] for name in names for part in name.split()}
    folded = _without_accents(fold(word))
    return folded[0] in initials and folded not in stop_words("en", "de", "fr", "es")


def _after_closing_sentence(lines: Lines, live: list[int]) -> int | None:
    """Find short names below a line that ends with "… Thanks!"."""
    for at in range(len(live) - 1, max(0, len(live) - 4), -1):
        if not _is_signature_like(lines.lines[live[at]]):
            return None
        above = lines.lines[live[at - 1]]
        spans = sentence_spans(above.text)
        if len(spans) > 1 and is_closing(above.text[slice(*spans[-1])]):
            return at
    return None


def _mark_closing_sentences(lines: Lines, index: int, names: frozenset[str], *, only: bool) -> bool:
    """Set "… Thanks in advance! Bob" at the end of the last line aside, never all of the line."""
    line = lines.lines[index]
    taken = max(
        (end for _, end, _ in lines.spans if line.start <= end <= line.end), default=line.start
    )
    spans = sentence_spans(line.text, taken - line.start)
    first = len(spans)
    while first > 0:
        start, end = spans[first - 1]
        sentence = line.text[start:end]
        piece = Line(start, end, sentence, fold(sentence), after_blank=False)
        dashed = _DASH_NAME.match(sentence)
        named = _starts_with_author(piece, names) or (dashed and _is_nickname(piece, names))
        if not (is_closing(sentence) or named or is_machine_line(piece)):
            break
        first -= 1
    if first == len(spans) or (first == 0 and only):
        return False
    if first == 0:
        lines.mark(range(index, index + 1), Noise.SIGNATURE)
        return True
    lines.spans.append((line.start + spans[first][0], line.end, Noise.SIGNATURE))
    return True
