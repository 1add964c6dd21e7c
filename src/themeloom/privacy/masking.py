"""Personal data replaced by stable tokens: e-mail, phone, IBAN and card numbers, known names."""

import hashlib
import re
from collections.abc import Iterable

import polars as pl

from themeloom.privacy.accounts import find_cards, find_ibans
from themeloom.privacy.finding import Finding, Kind, without_overlaps
from themeloom.privacy.mail import find_emails
from themeloom.privacy.names import FileNames, KnownNames, name_value
from themeloom.privacy.phones import find_phones

#: What ``Masker`` writes in place of personal data.
TOKEN = re.compile(r"\[(?:EMAIL|PHONE|NAME|IBAN|CARD)_[0-9a-f]{6}\]")


class Masker:
    """Replaces personal data by tokens such as ``[EMAIL_3f2a91]``.

    A token is a keyed hash of what it stands for (case, spaces and punctuation of numbers aside):
    the same address gives the same token everywhere in a project, and another one elsewhere.
    Tokens are never masked again: ``mask(mask(text)) == mask(text)``.
    """

    def __init__(
        self, key: bytes, names: Iterable[str] = (), default_region: str | None = None
    ) -> None:
        """Prepare for one project.

        Args:
            key: the project's secret, up to 64 bytes.
            names: names of known authors and participants; what is no person's name is ignored.
            default_region: ISO 3166 code of the country that numbers without a prefix belong to.
        """
        self._key = key
        known = tuple(names)
        self._names = KnownNames(known)
        self._file_names = FileNames(known)
        self._region = default_region

    def mask(self, text: str) -> str:
        """Return ``text`` with personal data replaced."""
        # What stands next to a number decides whether it is a phone number, and replacing its
        # neighbours can change that: repeat until nothing changes. Each round takes something away.
        while (masked := self._mask_once(text)) != text:
            text = masked
        return text

    def mask_series(self, texts: pl.Series) -> pl.Series:
        """Return the texts masked, nulls as null; texts without suspects are not looked at."""
        frame = texts.alias("text").to_frame()
        suspect = pl.col("text").str.contains(SUSPECT).fill_null(value=False)
        flags = frame.select(suspect).to_series().to_list()
        masked = [
            self.mask(text) if text is not None and (flag or self._names.may_be_in(text)) else text
            for text, flag in zip(texts.to_list(), flags, strict=True)
        ]
        return pl.Series(texts.name, masked, pl.String)

    def spans(self, text: str) -> list[tuple[int, int, str]]:
        """Return what of ``text`` is masked: start, end, token; in order, without overlaps."""
        if not _MAY_HOLD.search(text) and not self._names.may_be_in(text):
            return []
        return [
            (finding.start, finding.end, self._token(finding.kind, finding.value))
            for finding in find_personal(text, self._names, self._region)
            if finding.kind is not None
        ]

    def mask_name(self, name: str | None) -> str | None:
        """Return the token of a cell that holds a person's name or address; None and "" stay."""
        if name is None or not name.strip() or TOKEN.fullmatch(name.strip()):
            return name
        emails = find_emails(name)
        if not emails:
            return self._token(Kind.NAME, name_value(name))
        if (emails[0].start, emails[0].end) == (0, len(name)):
            return self._token(Kind.EMAIL, emails[0].value)
        rest = name[: emails[0].start].strip(" <(,;\"'")
        address = self._token(Kind.EMAIL, emails[0].value)
        return f"{self.mask_name(rest)} <{address}>" if rest else address

    def mask_file(self, name: str) -> str:
        """Return the name of a file with personal data replaced: who was interviewed, for instance."""
        pieces: list[str] = []
        where = 0
        for finding in without_overlaps(self._file_names.find(name)):
            pieces += [name[where : finding.start], self._token(Kind.NAME, finding.value)]
            where = finding.end
        return self.mask("".join([*pieces, name[where:]]))

    def _mask_once(self, text: str) -> str:
        tokens = [Finding(*match.span(), None, "") for match in TOKEN.finditer(text)]
        found = _candidates(text, self._names, self._region)
        pieces: list[str] = []
        where = 0
        for finding in without_overlaps([*tokens, *found]):
            if finding.kind is None:
                continue
            pieces += [text[where : finding.start], self._token(finding.kind, finding.value)]
            where = finding.end
        return "".join([*pieces, text[where:]])

    def _token(self, kind: Kind, value: str) -> str:
        digest = hashlib.blake2b(f"{kind}:{value}".encode(), digest_size=3, key=self._key)
        return f"[{kind}_{digest.hexdigest()}]"


def find_personal(text: str, names: KnownNames, region: str | None = None) -> list[Finding]:
    """Return all places of personal data in order; they do not overlap."""
    return without_overlaps(_candidates(text, names, region))


def _candidates(text: str, names: KnownNames, region: str | None) -> list[Finding]:
    return [
        *find_emails(text),
        *find_ibans(text),
        *find_cards(text),
        *find_phones(text, region),
        *names.find(text),
    ]


#: What a text needs for an address or a number to be in it (polars pattern).
SUSPECT = r"@|\d(?:[^\p{L}\n]{0,3}\d){5}|[A-Z]{2}\d\d[ A-Z0-9]{11}"
#: The same for single texts; line breaks are let through, which only means a closer look.
_MAY_HOLD = re.compile(r"@|\d(?:[\W\d_]{0,3}\d){5}|[A-Z]{2}\d\d[ A-Z0-9]{11}")
