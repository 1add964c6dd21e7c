"""Quoted replies and the headers of forwarded messages."""

import re

from themeloom.base.text import count_words
from themeloom.importers.noise.lines import Lines, Noise


def mark_quotes(lines: Lines) -> None:
    """Set quoted replies aside.

    Lines that start with ``>`` go wherever they stand; after "On … wrote:", "Original Message"
    or the header block of a mail program everything to the end goes, unless it was forwarded or
    nothing of substance stands above it: then what was passed on is the message, and only the
    headers go.
    """
    for index, line in enumerate(lines.lines):
        if line.text.startswith(">"):
            lines.marks[index] = Noise.QUOTED
    index = 0
    while index < len(lines.lines):
        step = _attribution(lines, index) or _separator(lines, index) or _headers(lines, index)
        index += step or 1


_ATTRIBUTIONS = re.compile(
    r"^(?:on\b.{5,200}\bwrote ?:|am\b.{5,200}\bschrieb\b.{0,100}:|.{3,100}\bschrieb am\b.{5,100}:"
    r"|le\b.{5,200}\ba écrit ?:|el\b.{5,200}\bescribió ?:|il\b.{5,200}\bha scritto ?:"
    r"|op\b.{5,200}\bschreef\b.{0,100}:|em\b.{5,200}\bescreveu ?:|w dniu\b.{5,200}\bnapisał.{0,20}:"
    r"|den\b.{5,200}\bskrev\b.{0,100}:|.{0,60}\d{4}.{0,100}<[^<>\s]+@[^<>\s]+> ?:"
    r"|.{5,100}のメール ?:|.{5,120}写道 ?[:：])$"
)
_ATTRIBUTION_LEADS = re.compile(r"^(?:on|am|le|el|il|op|em|w dniu|den)\b.{0,12}\d")
_ORIGINAL = re.compile(
    r"^[-_*=]{2,} ?(?:original message|original appointment|ursprüngliche nachricht|"
    r"original-nachricht|originalnachricht|message d'origine|message original|mensaje original|"
    r"messaggio originale|oorspronkelijk bericht|mensagem original|wiadomość oryginalna|"
    r"ursprungligt meddelande|oprindelig meddelelse|元のメッセージ) ?[-_*=]{2,}"
)
_FORWARDED = re.compile(
    r"^(?:[-_*=]{2,} ?(?:forwarded message|forwarded by\b.*|weitergeleitete nachricht|"
    r"message transféré|mensaje reenviado|messaggio inoltrato|doorgestuurd bericht|"
    r"mensagem encaminhada|wiadomość przekazana|vidarebefordrat meddelande) ?[-_*=]{2,}"
    r"|begin forwarded message ?:|anfang der weitergeleiteten nachricht ?:)$"
)
_FROM = re.compile(r"^\*?(?:from|von|de|da|van|från|fra|od|差出人|发件人)\*? ?:\*? ?\S")
_SUBJECT = re.compile(
    r"^\*?(?:subject|betreff|objet|asunto|oggetto|onderwerp|assunto|ämne|emne|temat|件名|主题)"
    r"\*? ?:"
)
_HEADER = re.compile(
    r"^\*?(?:from|sent|to|cc|bcc|date|subject|reply-to|importance|attachments|von|gesendet|an|"
    r"datum|betreff|de|envoyé|à|a|objet|para|enviado|enviado el|fecha|asunto|da|inviato|data|"
    r"oggetto|van|verzonden|aan|onderwerp|assunto|från|skickat|till|ämne|fra|sendt|til|emne|od|"
    r"wysłano|do|temat|dw|差出人|送信日時|宛先|件名|发件人|发送时间|收件人|主题)\*? ?:"
)
_PASSED_ON = re.compile(r":\*? ?(?:fwd?|wg|tr|rv|i|enc|vb|vs|pd) ?:")


#: A mail program writes at most about so many header lines.
_HEADER_LINES = 12
#: Less than this above a quoted reply ("FYI") says that the reply is the message.
_WORDS_OF_SUBSTANCE = 3
_LOOK_BACK = 200


def _attribution(lines: Lines, index: int) -> int:
    """Treat "On … wrote:", also when it was broken over two lines; return the lines it takes."""
    folded = lines.lines[index].folded
    length = 1
    if not _ATTRIBUTIONS.match(folded):
        if index + 1 >= len(lines.lines) or not _ATTRIBUTION_LEADS.match(folded):
            return 0
        if not _ATTRIBUTIONS.match(f"{folded} {lines.lines[index + 1].folded}"):
            return 0
        length = 2
    after = index + length
    if after < len(lines.lines) and lines.lines[after].text.startswith(">"):
        lines.mark(range(index, after), Noise.QUOTED)
        return length
    return _quote_rest(lines, index, after)


def _separator(lines: Lines, index: int) -> int:
    folded = lines.lines[index].folded
    if _ORIGINAL.match(folded):
        return _quote_rest(lines, index, index + 1 + _header_length(lines, index + 1))
    if _FORWARDED.match(folded):
        length = 1 + _header_length(lines, index + 1)
        lines.mark(range(index, index + length), Noise.QUOTED)
        return length
    return 0


def _headers(lines: Lines, index: int) -> int:
    """Treat a block of From, Sent, To, Subject lines without a separator above it."""
    length = _header_length(lines, index)
    block = [line.folded for line in lines.lines[index : index + length]]
    if length < 3 or not any(map(_FROM.match, block)):
        return 0
    subjects = [line for line in block if _SUBJECT.match(line)]
    if not subjects:
        return 0
    if _PASSED_ON.search(subjects[0]):
        lines.mark(range(index, index + length), Noise.QUOTED)
        return length
    return _quote_rest(lines, index, index + length)


def _header_length(lines: Lines, index: int) -> int:
    length = 0
    for line in lines.lines[index : index + _HEADER_LINES]:
        if not _HEADER.match(line.folded):
            break
        length += 1
    return length


def _quote_rest(lines: Lines, start: int, body: int) -> int:
    """Set everything from ``start`` aside, or the headers only where nothing stands above."""
    above = 0
    for index in range(start - 1, max(0, start - _LOOK_BACK) - 1, -1):
        above += 0 if index in lines.marks else count_words(lines.lines[index].text)
        if above >= _WORDS_OF_SUBSTANCE:
            break
    end = len(lines.lines) if above >= _WORDS_OF_SUBSTANCE else body
    lines.mark(range(start, end), Noise.QUOTED)
    return end - start
