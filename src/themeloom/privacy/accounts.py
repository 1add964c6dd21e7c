"""Bank account numbers (IBAN, ISO 13616) and payment card numbers (ISO/IEC 7812, Luhn)."""

import re

from themeloom.privacy.finding import Finding, Kind


def find_ibans(text: str) -> list[Finding]:
    """Return all IBANs whose check digits are right, with or without spaces."""
    found: list[Finding] = []
    for match in _IBAN.finditer(text):
        # A word in capitals after the number can look like its end: shorten until it checks.
        candidate = match[0]
        while len(candidate) >= _IBAN_SHORTEST:
            compact = re.sub(r"[ \u00a0-]", "", candidate).upper()
            if len(compact) == _IBAN_LENGTHS.get(compact[:2]) and _checks(compact):
                end = match.start() + len(candidate)
                found.append(Finding(match.start(), end, Kind.IBAN, compact))
                break
            candidate = candidate[:-1].rstrip(" \u00a0-")
    return found


def find_cards(text: str) -> list[Finding]:
    """Return all card numbers: a known issuer's prefix and length, and a right check digit."""
    found: list[Finding] = []
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        grouped = len(digits) != len(match[0])
        if not _ISSUERS.fullmatch(digits) or not _luhn(digits):
            continue
        # One in ten order numbers of the right length passes the check.
        if grouped or not _ORDER.search(text[max(0, match.start() - 30) : match.start()]):
            found.append(Finding(match.start(), match.end(), Kind.CARD, digits))
    return found


_IBAN_SHORTEST = 15
#: Lengths by country, from the IBAN registry (SWIFT).
_IBAN_LENGTHS = {
    country: length
    for length, countries in {
        15: "NO", 16: "BE", 18: "DK FI FO GL NL SD FK", 19: "MK SI", 20: "AT BA EE KZ LT LU XK MN",
        21: "CH HR LI LV", 22: "BG BH CR DE GB GE IE ME RS VA", 23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG", 25: "LY PT ST", 26: "IS TR", 27: "BI DJ FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HU LB PL SV NI", 29: "BR EG PS QA UA", 30: "JO KW MU YE", 31: "MT SC",
        32: "LC", 33: "RU",
    }.items()
    for country in countries.split()
}  # fmt: skip
_IBAN = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ \u00a0-]?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])"
)
_CARD = re.compile(r"(?<![\w.+-])(?:\d[ \u00a0-]?){12,18}\d(?![\w-])")
_ISSUERS = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|3[47]\d{13}"
    r"|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|5\d\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}"
)
_ORDER = re.compile(
    r"(?:order|purchase|invoice|ticket|tracking|shipment|parcel|serial|imei|reference|ref|id|"
    r"bestellung|rechnung|commande|facture|pedido|factura|ordine|bestelling)"
    r"(?:\s?(?:no|number|nr|num|id|n°|#|nummer|numéro|número))?\W{0,4}$",
    re.IGNORECASE,
)


def _checks(iban: str) -> bool:
    """Whether the IBAN's letters and digits give 1 modulo 97 (ISO 7064)."""
    if not iban.isascii():
        return False
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
