"""What English grammar tells about a word: its part in a phrase, its stem, its usual spelling.

Closed word classes only (articles, pronouns, auxiliaries …) and general spelling: nothing in here
knows a product or a subject. Other languages get plain folding and their own list of stop words.
"""

import re
from enum import IntEnum
from functools import lru_cache


class Part(IntEnum):
    """The part that a word plays in a phrase."""

    BORDER = 0  # no phrase crosses it: punctuation, pronouns, clause openers, greetings, numbers
    DROP = 1  # left out of phrases without a loss: articles, possessives, fillers
    LINK = 2  # inside a phrase only: prepositions, "and", "when"
    AUX = 3  # inside, or before a negation: "is", "does not"
    NEGATION = 4  # starts a phrase, never ends one, never left out
    LIGHT = 5  # words that carry little: inside a phrase, not at its ends
    MODIFIER = 6  # starts a phrase or stands inside, does not end it: "new", "too", "still"
    TIME = 7  # ends a phrase only as part of it: "today", "yesterday"
    CONTENT = 8


_WORDS: dict[Part, str] = {
    Part.BORDER: (
        "i you he she we they it who whom whose what which why how if because that although though"
        " but so then else therefore however whether let lets im ive id youre youve theyre theyve"
        " weve u ok okay yes yeah yep nope hi hello hey dear greetings thanks thank thx cheers"
        " regards sincerely welcome morning afternoon evening sir madam mr mrs ms dr hmm oh ah um"
        " uh uhm lol wow well anyway etc eg ie vs pm www http https com alright sorry"
        " there here unless whereas plus hence thus yours mine ours theirs itself yourself"
        " something anything everything someone anyone everyone somebody anybody everybody"
        " dont cant wont whats thats hows wheres whens whos theres heres one four five six seven eight"
        " nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
        " thirty forty fifty sixty seventy eighty ninety million dozen dozens"
        " hundred thousand"
    ),
    Part.DROP: (
        "a an the my our your his her its their this these those me us him them myself ourselves"
        " yourself please pls plz kindly just really very actually also even simply basically"
        " literally quite rather some any own already exactly currently presently maybe perhaps"
        " possibly probably obviously definitely certainly honestly seriously sometimes somehow"
        " somewhat totally absolutely completely bit lately recently suddenly apparently"
        " unfortunately hopefully accidentally immediately usually normally generally such right"
        " now ever personally certain specific particular both either sort kind lot lots"
    ),
    Part.LINK: (
        "of in on at to for from with by about into onto over under after before during within"
        " through between against past per via as than until till since when while near out off up down"
        " back and or without across around behind inside outside above below beyond among throughout upon towards toward along like regarding away"
        " concerning due where except despite instead"
    ),
    Part.AUX: (
        "am is are was were be been being has have had having do does did doing will would could"
        " should may might must can shall ought gets got get getting gotten keeps keep kept"
    ),
    Part.NEGATION: "not no never cannot nor neither unable none nothing nobody without",
    Part.LIGHT: (
        "know tell ask asking asked wonder wondering let explain understand think thinking thought"
        " guess hope hoping see seen say says said want wants wanted wanting need needs needed"
        " needing wish wishing try tries tried trying help helping look looking able going go goes"
        " went gone make makes making made give gives given gave take takes taken took taking come"
        " comes came coming put find found finding seem seems seemed appear appears mean means"
        " meant happen happens happened happening show showing told tells believe sure thing things"
        " way ways stuff question questions possible allow allows allowed supposed"
        " assist assistance advise advice info information anymore yet again though ago later soon"
        " anyhow much many lots ones two three day days week weeks month months year years hour"
        " hours minute minutes time times guys folks people person someone please else first second"
        " every each only all whatever wherever whenever somewhere anywhere everywhere nowhere"
        " whichever half able want wanna gonna gotta need interested using use used uses do done start started"
        " starting"
    ),
    Part.MODIFIER: (
        "new same other another different more most less least few several still always often too last next previous good bad great nice big small little long high low"
        " old early late multiple various full whole real main actual current better best worse"
        " worst wrong second third twice once enough almost offline online"
    ),
    Part.TIME: (
        "today yesterday tomorrow tonight monday tuesday wednesday thursday friday saturday sunday"
        " january february march april june july august september october november december"
        " mon tue wed thu fri sat sun jan feb mar apr jun jul aug sep sept oct nov dec"
    ),
}

#: Stems of weekdays and months: they name one case, seldom a theme.
DATES = frozenset(_WORDS[Part.TIME].split()) - {"today", "yesterday", "tomorrow", "tonight"}
#: Words that end a phrase although their class does not: "too late", "charged twice", "wrong".
MAY_END = frozenset(
    "twice wrong better worse bad good great late low high again offline online".split()
)
#: Judgements that need their "is": "reviews good" is no heading, "good reviews" is.
JUDGEMENTS = frozenset("good bad great high low better worse best nice".split())
#: Words that make a passive with a participle: "was declined", "has been blocked", "got lost".
PASSIVE = frozenset(
    "am is are was were be been being has have had having gets got get getting gotten".split()
)
#: "Sorts of pets" are pets.
SORTS = frozenset("sorts kinds types type variety varieties".split())
#: Measures that make a thing of what stands right before them: "response time", "opening hours".
MEASURES = frozenset("time times hours".split())
#: Nouns that carry little, and yet are nouns: "nutritional information".
THINGS = frozenset(
    "information info advice help thing things way ways question questions people person time times"
    " day days".split()
)
#: Words that open a clause whose verb belongs to it: "until the money arrives".
CLAUSE_OPENERS = frozenset("when while until till since where before after than as".split())
#: Small words that a thing follows, or a clause.
LINKING = frozenset(_WORDS[Part.LINK].split())
#: Small words that belong to the verb before them: "log in", "set up", "run out".
PARTICLES = frozenset("in on up out off down over back away through around".split())
#: Words that say where, and stand for no thing: "process and far".
ADVERBS = frozenset("far away ahead together apart forward forwards backwards".split())
#: Words that join two of a kind.
JOINING = frozenset("and or".split())
_CLAUSE_OPENERS = frozenset("when while until till since where except despite".split())
#: Small words that put two things in an order, and are no part of a verb as in "turn off".
PREPOSITIONS = LINKING - PARTICLES - JOINING - _CLAUSE_OPENERS | {"in", "on"}
#: Languages are written like names, and are none.
LANGUAGES = frozenset(
    "arabic chinese czech danish dutch english finnish french german greek hebrew hindi hungarian"
    " italian japanese korean norwegian polish portuguese romanian russian spanish swedish turkish"
    " ukrainian vietnamese".split()
)
#: Forms of "to be".
BE = frozenset("am is are was were be been being".split())

#: Words that say how something fares: what makes a heading a claim. Any product, any trade.
_FARES = (
    "fail error wrong incorrect miss missing lose slow lag break crash freeze hang stuck"
    " decline reject block deny refuse pending delay late steal duplicate double twice"
    " disappear vanish blank empty bug fault faulty corrupt damage invalid expire unexpected"
    " unknown strange expensive pricey overpriced confusing complicated clunky hard difficult"
    " impossible annoying frustrate outdated unreliable inaccurate mismatch overlap disconnect"
    " timeout complain poor terrible awful rude unclear cumbersome tedious ignore overwrite"
    " garble broken unable saves increase rise raise drop forget"
)
#: Those of them that are a matter of opinion: of one theme some people may say the contrary.
_OPINIONS = (
    "easy simple fast quick quickly friendly helpful intuitive excellent reliable love great smooth"
    " polite patient clear straightforward pleasant responsive happy clean dirty comfortable"
    " uncomfortable crowded overcrowded noisy poor terrible awful rude expensive pricey overpriced"
)


def rises(text: str) -> bool:
    """Return whether a phrase (lower case) says that something "went up" or "goes down"."""
    return _RISES.search(text) is not None


def judges(word: str) -> bool:
    """Return whether an English stem is an opinion of how something fares ("easy", "rude")."""
    return word in _OPINION_STEMS


def fares(word: str) -> bool:
    """Return whether an English stem says how something fares ("fail", "slow", "easy")."""
    return word in _FARES_STEMS


#: Words that a verb in its plain form follows, and words that a noun follows.
BEFORE_VERB = frozenset(
    "to i you we they can cannot not will would could should did do does please lets it".split()
)
BEFORE_NOUN = frozenset(
    "the a an my our your his her its their this these those no any some of for with from".split()
)

_PARTS: dict[str, Part] = {}
for _part in (
    Part.CONTENT,
    Part.LIGHT,
    Part.MODIFIER,
    Part.TIME,
    Part.LINK,
    Part.AUX,
    Part.DROP,
    Part.BORDER,
    Part.NEGATION,
):
    for _word in _WORDS.get(_part, "").split():
        _PARTS[_word] = _part

#: Negations of other languages: like "not", they are never left out.
FOREIGN_NEGATIONS = frozenset(
    "nicht kein keine keinen keinem keiner nie niemals ohne pas jamais sans aucun aucune nunca sin"
    " non mai senza niet geen nooit zonder não nao nunca sem nie bez inte aldrig utan ikke не нет"
    " без لا لم ليس 안 못 不 没 没有 无法 不能 不会 未".split()
)

_AFTER_NUMBERS = frozenset("st nd rd th am pm k m x h s min mins hrs kg mb gb pt".split())
_IRREGULAR = {
    form: base
    for base, forms in {
        "lose": "lost loses losing",
        "use": "used using",
        "pay": "paid",
        "send": "sent",
        "break": "broke broken",
        "freeze": "froze frozen",
        "steal": "stole stolen",
        "hide": "hid hidden",
        "write": "wrote written",
        "choose": "chose chosen",
        "buy": "bought",
        "bring": "brought",
        "sell": "sold",
        "hold": "held",
        "leave": "left",
        "feel": "felt",
        "speak": "spoke spoken",
        "drive": "drove driven",
        "forget": "forgot forgotten",
        "run": "ran",
        "begin": "began begun",
        "grow": "grew grown",
        "throw": "threw thrown",
        "fall": "fell fallen",
        "wake": "woke woken",
        "eat": "ate eaten",
        "withdraw": "withdrew withdrawn",
        "spend": "spent",
        "shake": "shook shaken",
        "build": "built",
        "catch": "caught",
        "teach": "taught",
        "die": "dying dies",
        "child": "children",
        "cannot": "unable",
        "be": "am is are was were been being",
        "have": "has had having",
        "do": "does did doing",
    }.items()
    for form in forms.split()
}
_NOT_PLURAL = frozenset("news lens gas canvas atlas series species always".split())
_NOT_ING = frozenset(
    "nothing something anything everything morning evening ceiling spring string during".split()
)
_VOWELS = frozenset("aeiouy")
_RISES = re.compile(r"\b(?:go|goes|going|gone|went) (?:up|down)\b(?!.* when\b)")
_REMEMBERED = 50_000  # words
#: One syllable that ends on a single consonant: "not", "rat", "plan".
_SHORT = re.compile(r"[^aeiouy]+[aeiouy][^aeiouywx]")


@lru_cache(_REMEMBERED)
def part_of(word: str) -> Part:
    """Return the part that an English word (lower case) plays; numbers are borders."""
    known = _PARTS.get(word)
    if known is not None:
        return known
    if not any(letter.isalpha() for letter in word) or len(word) == 1:
        return Part.BORDER
    if word[0].isdigit() and word.lstrip("0123456789") in _AFTER_NUMBERS:
        return Part.BORDER
    # Reference numbers and codes ("a4f29c17") name one case, never a theme.
    if sum(letter.isdigit() for letter in word) > 2:
        return Part.BORDER
    return Part.CONTENT


@lru_cache(_REMEMBERED)
def stem(word: str) -> str:
    """Return a light English stem: plural, -ing and -ed taken off, common irregular forms folded.

    ``charge``, ``charges``, ``charged`` and ``charging`` give the same stem; ``charger`` does not.
    """
    word = word.replace("-", "").replace("’", "'")
    irregular = _IRREGULAR.get(word)
    if irregular is not None:
        word = irregular
    elif word in _NOT_PLURAL:
        return word
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        if word.endswith("ies"):
            word = word[:-3] + "y"
        elif word.endswith(("sses", "shes", "ches", "xes", "zes")):
            word = word[:-2]
        else:
            word = word[:-1]
    if len(word) > 5 and word.endswith("ing") and word not in _NOT_ING:
        word = _undouble(word, word[:-3])
    elif len(word) > 4 and word.endswith("ied"):
        word = word[:-3] + "y"
    elif len(word) > 4 and word.endswith("ed") and not word.endswith("eed"):
        word = _undouble(word, word[:-2])
    # "note" and "rate" keep what tells them from "not" and "rat" (Porter 1980, step 5a).
    silent = len(word) > 3 and word.endswith("e") and not word.endswith("ee")
    if silent and not _SHORT.fullmatch(word[:-1]):
        word = word[:-1]
    # "cancelling" and "canceling", "cancelled" and "cancel"
    if len(word) > 5 and word.endswith("ll"):
        word = word[:-1]
    return word


def is_past(word: str) -> bool:
    """Return whether an English word (lower case) looks like a past tense: "showed", "lost"."""
    return (len(word) > 4 and word.endswith("ed") and not word.endswith("eed")) or word in _PAST


def is_participle(word: str) -> bool:
    """Return whether an English word (lower case) looks like a past participle: "lost", "stolen"."""
    return is_past(word) or word in _PARTICIPLES


def _undouble(word: str, base: str) -> str:
    if len(base) < 3 or not _VOWELS & set(base):
        return word
    if base[-1] == base[-2] and base[-1] not in "lsz":
        return base[:-1]
    return base + "e" if _SHORT.fullmatch(base) else base


#: Short forms that are spelt in capitals wherever they occur, for texts typed without any.
_CAPITALS = {
    word.casefold(): word
    for word in (
        "AI API APIs APR ATM ATMs CEO CRM CSV DNS ERP ETA EU FAQ FAQs GDPR GPS HTML HTTP IBAN ID IDs"
        " iOS IP iPad iPhone IT JSON KPI MFA NPS OTP PC PDF PDFs PIN PINs PTO QR SaaS SDK SEPA SLA"
        " SMS SQL SSO SWIFT TV UI UK URL URLs USA USB UX VAT VIP VPN WiFi XML"
    ).split()
}


#: Words without a vowel that are no abbreviations to be read letter by letter.
_NOT_SPELT = frozenset(
    "pls plz thx tbh hmm btw brb shh nth hrs yrs wks kgs lbs mths mnt msg".split()
)


def usual_spelling(word: str) -> str:
    """Return a general abbreviation in its capitals (``pdf`` → ``PDF``), other words unchanged."""
    known = _CAPITALS.get(word)
    if known is not None and word not in ("it", "us"):
        return known
    if not word.isascii():
        return word
    spelt = word.isalpha() and 3 <= len(word) <= 4 and not _VOWELS & set(word)
    # "5g", "w2", "mp3": letters and figures together are spelt out, but for "2nd" and "30min".
    coded = word.isalnum() and not word.isalpha() and not word.isdigit()
    coded &= len(word) <= (3 if word[0].isalpha() else 2)
    spelt |= coded and word.lstrip("0123456789") not in _AFTER_NUMBERS
    return word.upper() if spelt and word not in _NOT_SPELT else word


_OPINION_STEMS = frozenset(stem(word) for word in _OPINIONS.split())
_FARES_STEMS = frozenset(stem(word) for word in _FARES.split()) | _OPINION_STEMS
_PAST = frozenset(
    "lost paid sent broke froze stole hid wrote chose bought brought sold held left felt spoke"
    " drove forgot ran began grew threw fell ate withdrew spent built caught rang came saw knew"
    " heard met stood sat set wound swore".split()
)
_PARTICIPLES = frozenset("stolen hidden written chosen forgotten withdrawn thrown eaten".split())
