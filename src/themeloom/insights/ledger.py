"""The evidence ledger: by what a quote in a file is known again, years later."""

import hashlib

#: Hex digits of a quote's hash: 128 bits, short enough for a cell.
HASH_LENGTH = 32


def quote_hash(text: str) -> str:
    """Return the hash of a quote as it was written: SHA-256 of its UTF-8 bytes, 32 hex digits.

    Of a masked quote it is the hash of the masked text: a hash of the whole one would let anybody
    try out phone numbers until one fits. A lone surrogate, which no file can hold, counts as its three bytes.
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:HASH_LENGTH]
