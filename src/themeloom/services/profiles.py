"""Columns that a person mapped once: kept under a name, offered when the same columns come again."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from themeloom.base.settings import Settings
from themeloom.domain.errors import UsageError
from themeloom.domain.records import Role, SheetChoice
from themeloom.importers.names import fold

_NAME = "column profiles"
#: So much of both sets of headers must be the same; tools add and drop a column now and then.
_ALIKE = 0.8
_UNUSED = frozenset({Role.FIELD, Role.IGNORE})


@dataclass(frozen=True, slots=True)
class SavedProfile:
    """What a person chose for a table with certain columns.

    Attributes:
        name: for people.
        headers: the folded headers, sorted: the order of columns does not matter.
        choice: roles by header as it stood in the file; no header row, which can move.
    """

    name: str
    headers: tuple[str, ...]
    choice: SheetChoice

    def applied_to(self, headers: Iterable[str]) -> SheetChoice:
        """Return the choice for a table with ``headers``, which can be spelt a little otherwise."""
        by_fold = {fold(name): role for name, role in (self.choice.roles or {}).items()}
        return replace(
            self.choice, roles={header: by_fold.get(fold(header), Role.FIELD) for header in headers}
        )


class SavedProfiles:
    """The profiles of one person, kept in the settings: all projects share them."""

    def __init__(self, settings: Settings) -> None:
        """Use ``settings``."""
        self._settings = settings

    def all(self) -> list[SavedProfile]:
        """Return the profiles by name; entries that no version wrote are left out."""
        found: list[SavedProfile] = []
        for entry in self._settings.get(_NAME, list[Any]()):
            if not isinstance(entry, Mapping):
                continue
            fields = cast(Mapping[str, Any], entry)
            try:
                choice = SheetChoice.from_mapping(fields["choice"])
                found.append(SavedProfile(str(fields["name"]), tuple(fields["headers"]), choice))
            except (KeyError, TypeError, ValueError, AttributeError):
                continue
        return sorted(found, key=lambda profile: profile.name.casefold())

    def matching(self, headers: Iterable[str]) -> SavedProfile | None:
        """Return the profile for a table with ``headers``, or None.

        The same set of columns in any order; else the most alike one that finds all the columns
        that it gave a role.
        """
        asked = set(fingerprint(headers))
        best: SavedProfile | None = None
        best_share = _ALIKE
        for profile in self.all():
            known = set(profile.headers)
            needed = {
                fold(name)
                for name, role in (profile.choice.roles or {}).items()
                if role not in _UNUSED
            }
            share = len(asked & known) / max(1, len(asked | known))
            if needed <= asked and share >= best_share:
                best, best_share = profile, share
        return best

    def remember(self, name: str, headers: Iterable[str], choice: SheetChoice) -> SavedProfile:
        """Keep a choice under ``name``; one of the same name or the same columns is replaced."""
        kept = replace(choice, include=True, header_row=None, own_ids=False)
        profile = SavedProfile(" ".join(name.split()), fingerprint(headers), kept)
        others = [
            other
            for other in self.all()
            if other.name.casefold() != profile.name.casefold() and other.headers != profile.headers
        ]
        self._keep([*others, profile])
        return profile

    def rename(self, name: str, new: str) -> None:
        """Call a profile otherwise.

        Raises:
            UsageError: there is no such profile, or another one is called so.
        """
        new = " ".join(new.split())
        profiles = self.all()
        if not any(profile.name == name for profile in profiles):
            raise UsageError(f"There is no profile “{name}”.")
        taken = any(
            profile.name.casefold() == new.casefold() and profile.name != name
            for profile in profiles
        )
        if taken or not new:
            raise UsageError(
                f"Another profile is called “{new}”." if taken else "A profile needs a name.",
                hint="Choose another name.",
            )
        self._keep(
            [
                replace(profile, name=new) if profile.name == name else profile
                for profile in profiles
            ]
        )

    def delete(self, name: str) -> None:
        """Forget a profile; what was imported with it stays."""
        self._keep([profile for profile in self.all() if profile.name != name])

    def _keep(self, profiles: list[SavedProfile]) -> None:
        entries = [
            {
                "name": profile.name,
                "headers": list(profile.headers),
                "choice": profile.choice.as_mapping(),
            }
            for profile in profiles
        ]
        self._settings.set(_NAME, json.loads(json.dumps(entries)))


def fingerprint(headers: Iterable[str]) -> tuple[str, ...]:
    """Return what stands for a table's columns: the folded headers in sorted order."""
    return tuple(sorted(fold(header) or header.strip() for header in headers))
