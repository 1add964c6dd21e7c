"""Masking of everything in a book that customers wrote or that names them."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from themeloom.insights.model import BookData
from themeloom.insights.wording import count

_KINDS = {
    "EMAIL": ("e-mail address", "e-mail addresses"),
    "PHONE": ("phone number", "phone numbers"),
    "NAME": ("name", "names"),
    "IBAN": ("bank account number", "bank account numbers"),
    "CARD": ("card number", "card numbers"),
    "SECRET": ("key or password", "keys and passwords"),
}


@dataclass(frozen=True)
class Veil:
    """Masks texts and names, or lets everything through where raw data was asked for."""

    masker: Callable[[pl.Series], pl.Series] | None
    mask_name: Callable[[str | None], str | None]
    mask_account: Callable[[str], str]
    mask_file: Callable[[str], str] | None = None

    @classmethod
    def of(cls, data: BookData) -> "Veil":
        """Return the veil that ``data`` asks for."""
        return cls(data.masker, data.mask_name, data.mask_account, data.mask_file)

    @property
    def masked(self) -> bool:
        """Whether anything is masked at all."""
        return self.masker is not None

    def texts(self, texts: pl.Series) -> pl.Series:
        """Return texts masked; the same text is looked at once."""
        if self.masker is None or texts.is_empty():
            return texts
        distinct = texts.drop_nulls().unique(maintain_order=True)
        if distinct.is_empty():
            return texts
        masked = self.masker(distinct).rename("masked")
        changed = pl.DataFrame({"plain": distinct, "masked": masked}).filter(
            pl.col("plain") != pl.col("masked")
        )
        if changed.is_empty():
            return texts
        return texts.replace(changed["plain"], changed["masked"])

    def text(self, text: str) -> str:
        """Return one text masked."""
        return str(self.texts(pl.Series([text], dtype=pl.String))[0])

    def strings(self, texts: list[str]) -> list[str]:
        """Return a list of texts masked."""
        return self.texts(pl.Series(texts, dtype=pl.String)).to_list()

    def names(self, names: pl.Series) -> pl.Series:
        """Return names and addresses that fill a whole cell as tokens; nulls stay null."""
        if self.masker is None:
            return names
        return _each(names, self.mask_name)

    def accounts(self, accounts: pl.Series) -> pl.Series:
        """Return accounts masked where they are persons, addresses or numbers; companies stay."""
        if self.masker is None:
            return accounts
        return _each(accounts, self.mask_account)

    def files(self, files: pl.Series) -> pl.Series:
        """Return names of files masked: many are called after who was interviewed."""
        if self.masker is None or self.mask_file is None:
            return self.texts(files)
        return _each(files, self.mask_file)

    def ids(self, ids: pl.Series, files: pl.Series) -> pl.Series:
        """Return ids masked: of tools only those that are addresses, digits are not phones.

        Args:
            ids: external ids.
            files: the file of each as it is called; notes have its name for an id.
        """
        if self.masker is None:
            return ids
        frame = pl.DataFrame(
            {
                "id": ids,
                "token": self.names(ids.set(~_addresses(ids), None)),
                "file": self.files(ids.set((ids != _stems(files)).fill_null(value=True), None)),
            }
        )
        return frame.select(pl.coalesce("token", "file", "id").alias(ids.name)).to_series()


def token_counts(plain: pl.Series, masked: pl.Series) -> list[str]:
    """Return how many mask tokens ``masked`` has that ``plain`` has not: ``21 names`` and so on."""
    counts = {words: _tokens(masked, kind) - _tokens(plain, kind) for kind, words in _KINDS.items()}
    return [count(n, *words) for words, n in counts.items() if n > 0]


def _each(texts: pl.Series, mask: Callable[[str], str | None]) -> pl.Series:
    """Return what ``mask`` makes of each text, asked once; nulls stay null."""
    distinct = texts.drop_nulls().unique(maintain_order=True)
    masked = pl.Series([mask(text) for text in distinct], dtype=pl.String)
    return texts.replace_strict(distinct, masked, default=None, return_dtype=pl.String)


def _tokens(texts: pl.Series, kind: str) -> int:
    return int(texts.str.count_matches(rf"\[{kind}_[0-9a-f]+\]").sum() or 0)


def _stems(files: pl.Series) -> pl.Series:
    return files.str.replace(r"(.)\.[^.]*$", "${1}")


def _addresses(ids: pl.Series) -> pl.Series:
    return ids.str.contains("@", literal=True).fill_null(False)
