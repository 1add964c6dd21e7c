"""Whether a quote in a file is word for word what the project has, through the mask."""

import re

from themeloom.privacy.masking import TOKEN, Masker

_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REMARK = re.compile(r"…(?: \(full text: [^()]*\))?\Z")
_LONG = 30_000  # characters from which a cell may have been cut
_MOST_TRIES = 2_000


def comparable(text: str, *, blanks: bool = True) -> str:
    """Return a text without what no document can hold; ``blanks``: whether blanks count."""
    even = text.replace("\r\n", "\n").replace("\r", "\n").replace("⏎", "\n")
    even = _IMPOSSIBLE.sub("", even)
    return even if blanks else "".join(even.split())


def says_the_same(told: str, plain: str, masker: Masker, *, blanks: bool = True) -> bool:
    """Return whether ``told`` is ``plain``, masked or not; not a letter may differ.

    Who is known by name changes with imports, so a token may stand where the text is no longer
    masked, and the other way round; it has to be the token of exactly what stands there.

    Args:
        told: the quote in the file.
        plain: the project's text, unmasked.
        masker: of the project.
        blanks: whether blanks count (some formats do not keep them).
    """
    if len(told) > _LONG and (remark := _REMARK.search(told)):
        told = told[: remark.start()]
        return any(
            comparable(whole).startswith(comparable(told)) for whole in (plain, masker.mask(plain))
        )
    told = comparable(told, blanks=blanks)
    if told in (
        comparable(plain, blanks=blanks),
        comparable(masker.mask(plain), blanks=blanks),
    ):
        return True
    return blanks and TOKEN.search(told) is not None and _aligned(told, comparable(plain), masker)


def _aligned(told: str, plain: str, masker: Masker) -> bool:
    """Return whether each token of ``told`` stands for what ``plain`` has in its place."""
    tokens = TOKEN.findall(told)
    literals = TOKEN.split(told)
    known = {(start, end, token) for start, end, token in masker.spans(plain)}
    if not plain.startswith(literals[0]):
        return False
    ends = {len(literals[0])}
    tries = 0
    for token, literal in zip(tokens, literals[1:], strict=True):
        reached: set[int] = set()
        for start in ends:
            at = plain.find(literal, start + 1) if literal else start + 1
            while 0 <= at <= len(plain) and tries < _MOST_TRIES:
                tries += 1
                if _stands_for(token, plain[start:at], masker) or (start, at, token) in known:
                    reached.add(at + len(literal))
                at = plain.find(literal, at + 1) if literal else at + 1
        ends = reached
    return len(plain) in ends


def _stands_for(token: str, text: str, masker: Masker) -> bool:
    return text == token or (len(text) < 200 and masker.mask_name(text) == token)
