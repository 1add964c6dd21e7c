"""Personal data replaced by stable tokens: addresses, numbers, keys to accounts, known names."""

import hashlib
import re
from collections.abc import Iterable
from functools import cached_property

import polars as pl

from themeloom.privacy.accounts import find_cards, find_ibans
from themeloom.privacy.finding import Finding, Kind, without_overlaps
from themeloom.privacy.mail import find_emails
from themeloom.privacy.names import FileNames, KnownNames, name_value
from themeloom.privacy.phones import find_phones
from themeloom.privacy.secrets import find_secrets

#: What ``Masker`` writes in place of personal data.
TOKEN = re.compile(r"\[(?:EMAIL|PHONE|NAME|IBAN|CARD|SECRET)_[0-9a-f]{6}\]")


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
        self._known = tuple(names)
        self._names = KnownNames(self._known)
        self._region = default_region
        self._accounts: dict[str, str] = {}  # as they were masked

    def mask(self, text: str) -> str:
        """Return ``text`` with personal data replaced."""
        return _replaced(text, self._spans(text))

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
        return self._spans(text)

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

    def mask_account(self, name: str) -> str:
        """Return an account with addresses and numbers replaced, and whole where it is a person.

        Who buys for himself is often his own account: one that is called like somebody known. The
        name of a company stays, also where it holds a name: "Schmidt Refrigeration".
        """
        shown = self._accounts.get(name)
        if shown is None:
            shown = self._accounts[name] = self._account(name)
        return shown

    def mask_file(self, name: str) -> str:
        """Return the name of a file with personal data replaced: who was interviewed, for instance."""
        found = without_overlaps(self._file_names.find(name))
        return self.mask(
            _replaced(
                name, [(one.start, one.end, self._token(Kind.NAME, one.value)) for one in found]
            )
        )

    @cached_property
    def _file_names(self) -> FileNames:
        return FileNames(self._known)

    def _account(self, name: str) -> str:
        if name_value(name) in self._names.values:
            return self.mask_name(name) or name
        spans = self.spans(name)
        return _replaced(name, spans) if any("[NAME_" not in token for *_, token in spans) else name

    def _spans(self, text: str) -> list[tuple[int, int, str]]:
        # What stands next to a number decides whether it is a phone number, and replacing its
        # neighbours can change that: repeat until nothing changes. Each round takes something away.
        spans: list[tuple[int, int, str]] = []
        shown = text
        while found := self._found(shown):
            spans = sorted([*spans, *((*_within(spans, a, b), token) for a, b, token in found)])
            shown = _replaced(text, spans)
        return spans

    def _found(self, text: str) -> list[tuple[int, int, str]]:
        tokens = [Finding(*match.span(), None, "") for match in TOKEN.finditer(text)]
        return [
            (finding.start, finding.end, self._token(finding.kind, finding.value))
            for finding in without_overlaps(
                [*tokens, *_candidates(text, self._names, self._region)]
            )
            if finding.kind is not None
        ]

    def _token(self, kind: Kind, value: str) -> str:
        digest = hashlib.blake2b(f"{kind}:{value}".encode(), digest_size=3, key=self._key)
        return f"[{kind}_{digest.hexdigest()}]"


def find_personal(text: str, names: KnownNames, region: str | None = None) -> list[Finding]:
    """Return all places of personal data in order; they do not overlap."""
    return without_overlaps(_candidates(text, names, region))


def _replaced(text: str, spans: list[tuple[int, int, str]]) -> str:
    pieces: list[str] = []
    where = 0
    for start, end, token in spans:
        pieces += [text[where:start], token]
        where = end
    return "".join([*pieces, text[where:]])


def _within(spans: list[tuple[int, int, str]], start: int, end: int) -> tuple[int, int]:
    """Return a stretch between tokens as it lies in the text that ``spans`` were replaced in."""
    longer = 0  # by how much the text grew before it
    for first, last, token in spans:
        if first + longer >= start:
            break
        longer += len(token) - (last - first)
    return start - longer, end - longer


def _candidates(text: str, names: KnownNames, region: str | None) -> list[Finding]:
    return [
        *find_secrets(text),
        *find_emails(text),
        *find_ibans(text),
        *find_cards(text),
        *find_phones(text, region),
        *names.find(text),
    ]


#: What a text needs for an address, a number or a key to be in it (polars pattern).
_SPELLED = (
    r"＠|%40|(?i:[(\[{] ?(?:at|ät) ?[)\]}]|\b(?:dot|punkt|punto)\b)"
    r"|(?i:[?&#;][a-z_.-]*(?:token|key|auth|jwt|otp|pass|pwd|secret|session|sid|sig|hmac)[a-z_]*=)"
)
SUSPECT = rf"@|\d(?:[^\p{{L}}\n]{{0,3}}\d){{5}}|[A-Z]{{2}}\d\d[ A-Z0-9]{{11}}|{_SPELLED}"
#: The same for single texts; line breaks are let through, which only means a closer look.
_MAY_HOLD = re.compile(rf"@|\d(?:[\W\d_]{{0,3}}\d){{5}}|[A-Z]{{2}}\d\d[ A-Z0-9]{{11}}|{_SPELLED}")
