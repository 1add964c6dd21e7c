"""Phone numbers, international and national, and not the other numbers that people write."""

import re
from itertools import pairwise

import phonenumbers

from themeloom.privacy.finding import Finding, Kind, Places


def find_phones(text: str, region: str | None = None) -> list[Finding]:
    """Return all phone numbers.

    A run of 7 to 15 digits with the usual separators is a phone number when its shape says so
    (a ``+`` or ``00`` prefix, an area code in brackets, a leading 0 with groups, 3-3-4), when a word
    such as "call", "Tel." or "WhatsApp" stands right before it, when it stands alone on its line,
    or when it is a valid number of ``region`` (ISO 3166) in groups. Dates, times, prices, versions,
    addresses, ranges of years and numbers that are called order, invoice or the like are not.
    """
    if not _ENOUGH_DIGITS.search(text):
        return []
    other = Places()
    for match in _OTHER.finditer(text):
        other.add(*match.span())
    found: list[Finding] = []
    for match in _CANDIDATE.finditer(text):
        number = match[0].rstrip(" -–./(")
        start, end = match.start(), match.start() + len(number)
        digits = re.sub(r"\D", "", number)
        if not 7 <= len(digits) <= 15 or not other.is_free(start, end):
            continue
        if _is_phone(text, start, end, number, digits, region):
            extension = _EXTENSION.match(text, end)
            found.append(
                Finding(start, extension.end() if extension else end, Kind.PHONE, _value(digits))
            )
    return found


_ENOUGH_DIGITS = re.compile(r"(?:\d[^\w\n]{0,3}){6}\d")
_SPACE = " \u00a0\u2009\u202f"
#: Letters and digits that make a number part of a word; Japanese goes without spaces.
_LATIN = "A-Za-z0-9_\u00c0-\u024f"
_CANDIDATE = re.compile(
    rf"(?<![{_LATIN}@#$€£¥%=&?])(?<!\d[.,:/])(?<![{_LATIN}]-)"
    rf"(?:\+|\(\+?)?\d(?:[{_SPACE}().\-–/·]{{0,3}}\d){{6,17}}(?![{_LATIN}@%°€$£¥])(?!-[A-Za-z])"
)
_EXTENSION = re.compile(
    r"\s?(?:ext\.?|extension|x|durchwahl|poste|int\.?|anexo|доб\.?)\s?\d{1,5}\b", re.IGNORECASE
)

#: Numbers of other kinds. They are looked for first, and what they cover is no phone number.
_OTHER = re.compile(
    # dates: 2026-09-03, 03/09/2026, 03.09.26, with a time of day
    r"(?<!\d)(?:19|20)\d\d([-/.])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])(?!\d)"
    r"(?:[T ,]+\d{1,2}[:.h]\d\d(?:[:.]\d\d)?(?:\.\d+)?)?"
    r"|(?<![\d.])(?:0?[1-9]|[12]\d|3[01])([-/.])(?:0?[1-9]|[12]\d|3[01])\2(?:19|20)?\d\d(?![\d.-])"
    r"(?:[ ,]+\d{1,2}[:.h]\d\d(?:[:.]\d\d)?)?"
    r"|\b(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:[-_T]?\d{4,6})?\b"
    # times, ranges of times and of years
    r"|(?<!\d)\d{1,2}[:.]\d\d(?:[:.]\d\d)?\s?[-–]\s?\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?!\d)"
    r"|(?<!\d)\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?(?!\d)"
    r"|(?<!\d)(?:19|20)\d\d\s?[-–/]\s?(?:19|20)\d\d(?!\d)"
    # IP addresses, versions, decimals
    r"|(?<![\d.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?::\d+)?(?:/\d+)?(?![\d.])"
    r"|\b[vV]\.?\s?\d+(?:\.\d+)+|(?<![\d.])\d+[.,]\d{4,}(?!\d)(?![ .-]\d)|-?\d{1,3}\.\d{3,}\s?[,;]\s?-?\d{1,3}\.\d{3,}"
    # prices and quantities: a currency or unit on either side, thousands in groups with decimals
    r"|(?:[$€£¥]|\b(?:USD|EUR|GBP|CHF|PLN|SEK|AUD|CAD|Rs\.?|kr)\s?)\s?\d[\d.,\u00a0\u202f ]{0,20}\d"
    r"|\d[\d.,\u00a0\u202f ]{0,20}\d\s?(?:[$€£¥%]|(?:USD|EUR|GBP|CHF|PLN|SEK|AUD|CAD|zł|kr|euros?|dollars|"
    r"pounds|bytes|[kMGT]i?B|ms|km|kg|px|rows|records|users|people|customers|Zeilen|lignes)\b)"
    r"|(?<![\d.,])\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?(?![\d])|(?<![\d.,])\d{1,3}(?:\.\d{3}){2,},\d+"
    # web addresses and UUIDs
    r"|https?://\S+|www\.\S+|\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b"
)
_PHONE_WORD = re.compile(
    r"(?:\b(?:tel|tél|fon|fone|ph|cell|mob|mobile|mobil|handy|phone|phones|telephone|telefon|téléphone|"
    r"teléfono|telefono|telefone|telefoon|telefonu|nr tel|call|calls|called|calling|ring|rang|dial|reach|text|"
    r"texted|sms|whatsapp|signal|telegram|fax|hotline|number is|number|nummer|numéro|número|"
    r"numero|anrufen|erreichbar|rückruf|appel|appeler|appelez|joindre|joignable|portable|llamar|llámame|"
    r"llamen|móvil|movil|celular|telemóvel|ligar|ligue|chiamare|chiamate|cellulare|bel|bellen|mobiel|"
    r"zadzwonić|dzwonić|dzwońcie|komórka|ring mig|telefonnummer|電話|携帯|电话|手机|[mtpf])\b"
    r"|電話|携帯|电话|手机)"
    r"(?:\s?(?:me|us|him|her|them|back|mich|uns|unter|on|at|is|au|al|ao|op|under|pod|på|via|dem|my|our|"
    r"cell|mobile|phone|number|nummer|numéro|no|nr|n°|direct|line|work|home|zurück|bei|sul|em|para|en|"
    r"est|es|é|è|ist|番号|は))*\s?[.:=)(]*\s*$",
    re.IGNORECASE,
)
_ORDER_WORD = re.compile(
    r"(?:\b(?:order|purchase|invoice|ticket|case|incident|tracking|shipment|parcel|serial|sku|isbn|imei|"
    r"reference|ref|id|account|acct|customer|client|contract|policy|claim|license|licence|job|quote|po|"
    r"build|version|article|item|part|model|meter|booking|reservation|transaction|"
    r"bestellung|bestellnummer|rechnung|rechnungsnummer|auftrag|vorgang|kundennummer|vertrag|"
    r"artikel|seriennummer|sendung|commande|facture|dossier|contrat|client|pedido|factura|contrato|"
    r"fattura|ordine|pratica|bestelling|factuur|zamówienie|faktura|zlecenie|best|rg|az|siret|siren|"
    r"ean|iban|vat|ust|nif|bsn|ssn|orders|invoices|jobs|seed)"
    r"(?:[-\s]?(?:no|number|nr|num|id|n°|nummer|numéro|número|numero|numer|code|key))?|[#№]"
    r"|(?:注文|受付|顧客|伝票|问题|订单|주문)(?:番号|号码|号|번호)?)"
    r"\s?[.:=#(]*\s*(?:[\w-]{1,4}[-/])?$",
    re.IGNORECASE,
)

#: Shapes of numbers that say "phone" by themselves.
_SHAPES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:\+|00)[{_SPACE}(]?[1-9][\d{_SPACE}().\-–/·]*",  # +44 20 7946 0958, 0049 171 …
        rf"\(\+?\d{{1,5}}\)[{_SPACE}./-]?\d[\d{_SPACE}.\-–/]*",  # (555) 010-7788, (011) 2345-6789
        rf"1[{_SPACE}.-]\(?\d{{3}}\)?[{_SPACE}.-]\d{{3}}[{_SPACE}.-]\d{{4}}",  # 1-800-555-0199
        rf"\d{{3}}([{_SPACE}.-])\d{{3}}\1\d{{4}}",  # 555.010.7788
        rf"0[1-9]\d{{0,5}}[{_SPACE}/\-–.][{_SPACE}]?\d[\d{_SPACE}/\-–.]*",  # 020 7946 0958, 0171/123
        r"0[1-9]\d{8,9}",  # 01711234567
        rf"[6-9]\d{{4}}[{_SPACE}]\d{{5}}",  # 98765 43210
        rf"1[3-9]\d[{_SPACE}-]\d{{4}}[{_SPACE}-]\d{{4}}",  # 138 0013 8000
        r"555-\d{4}",
    )
)
_GROUPS = re.compile(rf"\d[{_SPACE}()./–-]+\d")


def _is_phone(
    text: str, start: int, end: int, number: str, digits: str, region: str | None
) -> bool:
    before = text[max(0, start - 40) : start]
    said = bool(_PHONE_WORD.search(before))
    if len(set(digits)) == 1 or _looks_like_figures(number):
        return False
    grouped = bool(_GROUPS.search(number))
    shaped = any(shape.fullmatch(number) for shape in _SHAPES)
    # "order number 5550107788" is none; "customer 020 7946 0958" rather is.
    if _ORDER_WORD.search(before) and not (shaped and (grouped or number.startswith("+"))):
        return False
    if said:
        return True
    if shaped:
        return _has_plausible_length(number, digits)
    if not grouped:
        return False
    if _stands_alone(text, start, end) and len(digits) >= 8:
        return True
    return bool(region) and _is_valid(number, region)


def _has_plausible_length(number: str, digits: str) -> bool:
    if number.startswith("+"):
        return len(digits) >= 8
    if number.startswith("00"):
        return len(digits) >= 10
    if number.startswith("0"):
        # 0171 1234567; but 01-2345 is a part number.
        return 9 <= len(digits) <= 13
    return True


def _looks_like_figures(number: str) -> bool:
    """Figures in a row: "2024 2025 2026", "10 20 30 40"."""
    groups = re.split(rf"[{_SPACE}]+", number)
    if len(groups) < 3 or number.startswith(("+", "0", "(")):
        return False
    values = [int(group) for group in groups if group.isdigit()]
    if len(values) != len(groups):
        return False
    steps = {after - before for before, after in pairwise(values)}
    return len(steps) == 1 or all(1900 <= value <= 2100 for value in values)


def _stands_alone(text: str, start: int, end: int) -> bool:
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line = text[line_start : len(text) if line_end < 0 else line_end]
    # A cell that is one number is a number; a line of a signature is a phone.
    return "\n" in text.strip() and line.strip(" \t.,;") == text[start:end]


def _is_valid(number: str, region: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False


def _value(digits: str) -> str:
    """The digits that national and international spelling have in common, mostly."""
    return digits[-9:]
