"""Greetings and courtesies at the start of a message."""

import re

from themeloom.base.text import fold, sentence_spans
from themeloom.base.words import stop_words, word_list
from themeloom.importers.noise.lines import SENTENCE_WORDS, Line, Lines, Noise


def mark_greeting(lines: Lines) -> bool:
    """Set the greeting at the start aside, with "I hope you are well"; return if there was one."""
    live = lines.live()
    if not live:
        return False
    line = lines.lines[live[0]]
    length = greeting_length(line.text)
    if not length and line.text.endswith((",", ":")) and _greets_alone(line.text):
        length = len(line.text)
    if length == len(line.text):
        if len(live) == 1:
            return False
        lines.mark(range(live[0], live[0] + 1), Noise.GREETING)
        after = live[1:]
        if _only_addressees(lines.lines[after[0]].text) and len(after) > 1:
            lines.mark(range(after[0], after[0] + 1), Noise.GREETING)  # Madame, Monsieur,
            after = after[1:]
        _mark_courtesy(lines, after[0], 0, last=len(after) == 1)
        return True
    if length:
        end = _mark_courtesy(lines, live[0], length, last=len(live) == 1)
        if end:
            lines.spans.append((line.start, line.start + end, Noise.GREETING))
        return True
    _mark_courtesy(lines, live[0], 0, last=len(live) == 1)
    return False


def greeting_length(line: str) -> int:
    """Return how many characters of ``line`` greet: 0 for none, all for a line of its own.

    Greeted are words with a capital, or listed ones ("team", "zusammen"), up to a comma or the
    line's end; without punctuation only where a sentence plainly starts ("hi i can't log in").
    """
    if unspaced := _unspaced_length(line):
        return unspaced
    tokens = list(_TOKEN.finditer(line[:160]))
    for count in range(min(5, len(tokens)), 0, -1):
        words = [token[0] for token in tokens[:count]]
        if any(_STOP.search(word) for word in words[:-1]):
            continue
        phrase = fold(" ".join(words)).rstrip(_PUNCTUATION)
        if phrase in word_list("greetings"):
            return _greeting_end(line, tokens, count, phrase)
    return 0


def _greets_alone(text: str) -> bool:
    """Whether a line of its own with a comma greets: "Folks,", "Dear template people,"."""
    if _only_addressees(text):
        return True
    words = [fold(word).strip(_PUNCTUATION) for word in text.split()]
    if words[:2] in (["to", "whom"], ["to", "whoever"], ["to", "those"]):
        return len(words) <= 8
    if any(word in SENTENCE_WORDS for word in words):
        return False
    if not word_list("greetings").isdisjoint(words):
        return len(words) <= 5
    return len(words) <= 3 and text.endswith(",")


_TOKEN = re.compile(r"\S+")
_STOP = re.compile(r"[,!.:;…–—]+$")
_PUNCTUATION = ",!.:;…–—- "
_DASHES = frozenset({"-", "–", "—", "--"})
_EMOJI_OR_SPACE = re.compile(r"[\s\u2600-\u27bf\U0001f300-\U0001faff\ufe0f:)(;]*")
#: Greetings that are ordinary words too: a comma or the line's end has to follow.
_WEAK = frozenset(
    "morning afternoon evening greetings tag dag yo beste bästa cara caro cari caras caros drogi "
    "droga drodzy gentile gentili werte werter madame monsieur mesdames messieurs moi hyvä cher "
    "chère chers chères liebe lieber liebes kära kære kjære querido querida salut salve terve "
    "mahlzeit tja day helo oi ola".split()
)
#: Letters start with these and a name: without one they are no greeting.
_NEED_NAME = frozenset(
    "dear cher chère chers chères liebe lieber liebes werte werter beste geachte estimado estimada "
    "estimados estimadas estimado/a querido querida queridos apreciado apreciados gentile gentili "
    "egregio spettabile spett.le cari caro cara caros caras prezado prezada prezados prezadas "
    "szanowny drodzy drogi droga bästa kära kære kjære hyvä vážení vážený sayın уважаемые "
    "sehr geehrte sehr geehrter sehr geehrtes exmos exmo exma".split()
) | {"sehr geehrte", "sehr geehrter", "sehr geehrtes"}
#: Words that start a sentence of their own right after "hi".
_STARTERS = frozenset(
    "i i'm i've i'd im ive we we're we've our my is are am can can't could how how's what what's when "
    "where why which who please just there's this it it's the after since on in if do does did "
    "would was has have trying need wondering got having currently yesterday today ich wir mein "
    "meine unser unsere kann können könnten wie seit ist bitte die der das bei je j'ai nous notre "
    "mon ma pouvez depuis est-ce tengo no quiero quería nuestro mi desde ho abbiamo non ik we wij "
    "kan kunnen jag vi kan eu não nós preciso mam mamy nie czy".split()
)
#: "Good morning is when it fails".
_AFTER_TIMES = frozenset({"is", "are", "was", "has", "in", "on", "the", "after"})
#: Listed for one language, the start of a sentence in another.
_NEVER_GREETED = frozenset({"i", "do", "you"})
_CAPITALS_AT_MOST = 4


def _unspaced_length(line: str) -> int:
    """Length of a Japanese, Chinese or Korean greeting with its full stop."""
    if line[:1].isascii():
        return 0
    for phrase in word_list("greetings", "ja") | word_list("greetings", "zh"):
        if line.startswith(phrase):
            rest = re.match(r"[。、，,！!～~\s]+", line[len(phrase) :])
            if rest or len(line) == len(phrase):
                return len(phrase) + (rest.end() if rest else 0)
    return 0


def _greeting_end(line: str, tokens: list[re.Match[str]], count: int, phrase: str) -> int:
    """Return where the greeting ends that starts with ``count`` words."""
    if _STOP.search(tokens[count - 1][0]):
        return _end_of(line, tokens[count - 1].end(), tokens[count:])
    shouted = line.isupper()
    capitals = 0
    at = count
    while at < len(tokens):
        raw = tokens[at][0]
        if raw in _DASHES:
            return _end_of(line, tokens[at].end(), tokens[at + 1 :])
        word = fold(raw).strip(_PUNCTUATION + "()'\"")
        ends = _STOP.search(raw) and not _is_title(word, raw)
        listed = word in word_list("addressees") and (bool(ends) or word not in _NEVER_GREETED)
        if word in _STARTERS and not listed:
            break
        if not listed:
            if shouted or not _is_name(raw, word) or capitals >= _CAPITALS_AT_MOST:
                break
            capitals += 1
        at += 1
        if ends:
            return _end_of(line, tokens[at - 1].end(), tokens[at:])
    if at == len(tokens) and (at > count or phrase not in _NEED_NAME) and at <= count + 6:
        return len(line)
    plain = phrase not in _WEAK and phrase not in _NEED_NAME
    if plain and at < len(tokens) and capitals == 0:
        following = fold(tokens[at][0]).strip(_PUNCTUATION)
        if following in _STARTERS and not (" " in phrase and following in _AFTER_TIMES):
            return tokens[at].start()
    return 0


def _end_of(line: str, end: int, rest: list[re.Match[str]]) -> int:
    """Take a smiley after the greeting, or the rest of a line that only names people."""
    smiley = _EMOJI_OR_SPACE.match(line, end)
    end = smiley.end() if smiley else end
    if rest and _only_addressees(line[end:]):
        return len(line)
    return min(end, len(line))


def _only_addressees(text: str) -> bool:
    """Whether a short rest such as "Madame, Monsieur," or "team!" only names who is greeted."""
    words = text.split()
    if not 0 < len(words) <= 5 or not _STOP.search(text.rstrip()):
        return False
    strange = [
        word for word in words if fold(word).strip(_PUNCTUATION) not in word_list("addressees")
    ]
    # "Fernwick team,": one name among listed words.
    return len(words) > len(strange) <= 1 and all(word[:1].isupper() for word in strange)


def _is_title(word: str, raw: str) -> bool:
    return raw.endswith(".") and word in {
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "hr",
        "fr",
        "sr",
        "sra",
        "sig",
    }


def _is_name(raw: str, word: str) -> bool:
    bare = raw.strip("(\"'")
    return bare[:1].isupper() and word not in stop_words("en", "de", "fr", "es")


def _mark_courtesy(lines: Lines, index: int, offset: int, *, last: bool) -> int:
    """Set "I hope this finds you well." aside; return where it ends in the line, from its start.

    ``offset`` is where to look in the line. Where all of the text would go, 0 is returned.
    """
    line = lines.lines[index]
    end = _courtesy_end(line, offset)
    if end < len(line.text):
        if offset == 0 and end:
            lines.spans.append((line.start, line.start + end, Noise.GREETING))
        return end
    if last:
        return offset
    lines.mark(range(index, index + 1), Noise.GREETING)
    return 0


def _courtesy_end(line: Line, offset: int) -> int:
    end = offset
    for start, stop in sentence_spans(line.text, offset):
        sentence = fold(line.text[start:stop])
        courteous = any(sentence.startswith(phrase) for phrase in word_list("pleasantries"))
        if not courteous or len(sentence.split()) > 12 or _GOES_ON.search(sentence):
            break
        end = stop
    return end


_GOES_ON = re.compile(r"\b(?:but|because|since|however|aber|mais|pero|ma|maar|mas)\b")
