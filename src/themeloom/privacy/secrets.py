"""What opens a door to whoever reads it: keys, passwords and sessions in web addresses."""

import re

from themeloom.privacy.finding import Finding, Kind


def find_secrets(text: str) -> list[Finding]:
    """Return the values of parameters such as ``?token=``, and ``name:password@`` before a host."""
    found = [Finding(*match.span(1), Kind.SECRET, match[1]) for match in _PARAMETER.finditer(text)]
    if "://" in text:
        found += [Finding(*match.span(1), Kind.SECRET, match[1]) for match in _LOGIN.finditer(text)]
    return found


#: Shorter values are numbers of pages and the like.
_PARAMETER = re.compile(
    r"[?&#;](?:[a-z]+[_.-]){0,3}(?:access_?token|refresh_?token|id_?token|token|api_?key|auth|jwt|otp|"
    r"pass(?:word|wd|code)?|pwd|secret|session(?:_?id)?|sid|sig|signature|hmac)"
    r"=([^\s&#;\"'<>()\[\],]{6,400})",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"://([^\s/:@?#]{1,64}:[^\s/@?#]{1,64})(?=@[\w-])")
