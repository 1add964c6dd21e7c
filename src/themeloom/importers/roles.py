"""What each column of a table is for: options first, then the tool's profile, names, content."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from themeloom.domain.errors import UsageError
from themeloom.domain.records import (
    ColumnMap,
    DateOrder,
    ImportOptions,
    Kind,
    Role,
    SheetChoice,
)
from themeloom.importers import names
from themeloom.importers.columnnames import named_columns
from themeloom.importers.columns import NOTHING, Look, look_at
from themeloom.importers.kinds import RECOMMEND, guess_kind, score_kind
from themeloom.importers.names import fold
from themeloom.importers.profile import Profile
from themeloom.importers.profiles import profiles, recognise_profile
from themeloom.importers.tables import Table

_MAX_SEGMENTS = 20
_SINGLE = (
    Role.SUBJECT,
    Role.ID,
    Role.DATE,
    Role.SCORE,
    Role.AUTHOR,
    Role.EMAIL,
    Role.ACCOUNT,
)


@dataclass(frozen=True, slots=True)
class Recognised:
    """How a table becomes records.

    Attributes:
        columns: which columns play which role.
        profile: the tool's layout.
        kind: what a row is.
        score_kind: "nps", "csat", "ces", "rating", or None without a score.
        updated: the column that says when a row was changed last, or None.
        subject_is_text: the table has subjects only, and they stand for the text.
        warnings: what the person should know about these choices.
        dates: how the person wants ambiguous dates to be read.
        ignored: columns that the person does not want to keep.
    """

    columns: ColumnMap
    profile: Profile
    kind: Kind
    score_kind: str | None
    updated: str | None
    subject_is_text: bool
    warnings: tuple[str, ...]
    dates: DateOrder | None = None
    ignored: tuple[str, ...] = ()

    def roles(self, headers: Iterable[str]) -> dict[str, str]:
        """Return header → role for the report."""
        of = {name: str(Role.TEXT) for name in self.columns.text}
        for role in _SINGLE:
            name = getattr(self.columns, role.value)
            if name and name not in of:
                of[name] = str(role)
        of |= dict.fromkeys(self.columns.segments, str(Role.SEGMENT))
        of |= dict.fromkeys(self.ignored, str(Role.IGNORE))
        return {header: of.get(header, str(Role.FIELD)) for header in headers}


def recognise(
    table: Table, options: ImportOptions, file: str, choice: SheetChoice | None = None
) -> Recognised | None:
    """Return what the table's columns are for, or None where no column holds texts.

    Args:
        table: the rows.
        options: what counts for all inputs.
        file: its name.
        choice: what counts for this sheet; where it names roles, nothing is guessed.

    Raises:
        ImportFileError: an option names a column that does not exist.
        UsageError: an option names a profile that does not exist.
    """
    choice = choice or SheetChoice()
    options = replace(
        options, kind=choice.kind or options.kind, profile=choice.profile or options.profile
    )
    if choice.roles is None:
        found = _Recogniser(table, options, file).run()
    else:
        found = _Recogniser(table, options, file).by_choice(choice.roles)
    return found and replace(found, dates=choice.dates)


class _Recogniser:
    """Gives out columns one role after the other; a column plays one role."""

    def __init__(self, table: Table, options: ImportOptions, file: str) -> None:
        self._table = table
        self._frame = table.frame
        self._file = file
        self._options = options
        self._folded = {name: fold(name) or name.strip() for name in table.headers}
        self._wanted = named_columns(table, options.columns, file)
        self._profile = self._choose_profile()
        self._looks: Mapping[str, Look] = look_at(table.frame)
        self._taken: set[str] = {*self._wanted.text, *self._wanted.segments}
        self._taken |= {name for role in _SINGLE if (name := getattr(self._wanted, role.value))}
        self._warnings: list[str] = []

    def run(self) -> Recognised | None:
        updated = self._by_names((*self._profile.updated, *names.UPDATED), self._is_date)
        if updated:
            self._taken.add(updated)
        email = self._give(Role.EMAIL, names.EMAIL, lambda look: look.emails > 0.5)
        identity = self._wanted.id or self._find_id(updated)
        subject = self._give(Role.SUBJECT, names.SUBJECT, lambda look: not look.is_value)
        text = self._wanted.text or self._find_text()
        subject_is_text = False
        if not text:
            if subject is None:
                return None
            text, subject, subject_is_text = (subject,), None, True
            self._warn_about_subjects()
        self._taken |= set(text)
        date = self._give(Role.DATE, names.DATE, lambda look: look.dates > 0.5) or self._any_date()
        score_column, score = self._find_score()
        account = self._give(
            Role.ACCOUNT, names.ACCOUNT, lambda look: look.emails + look.dates + look.links < 0.5
        )
        author = self._give(Role.AUTHOR, names.AUTHOR, lambda look: look.dates + look.links < 0.5)
        kind = (
            self._options.kind
            or self._profile.kind
            or guess_kind(self._folded.values(), self._file, score)
        )
        score = self._scale(score, score_column, kind)
        columns = ColumnMap(
            text=text,
            subject=subject,
            id=identity,
            date=date,
            score=score_column,
            author=author,
            email=email,
            account=account,
        )
        segments = self._wanted.segments or self._find_segments()
        rest = {
            *columns.text,
            *segments,
            subject,
            identity,
            date,
            score_column,
            author,
            email,
            account,
        }
        fields = tuple(name for name in self._table.headers if name not in rest)
        return Recognised(
            columns=replace(columns, segments=segments, fields=fields),
            profile=self._profile,
            kind=kind,
            score_kind=score,
            updated=updated,
            subject_is_text=subject_is_text,
            warnings=tuple(self._warnings),
        )

    def by_choice(self, roles: Mapping[str, Role]) -> Recognised | None:
        """Return what a person chose; columns that are not named are kept with the record."""
        updated = self._by_names((*self._profile.updated, *names.UPDATED), self._is_date)
        chosen: dict[Role, list[str]] = {role: [] for role in Role}
        roles = self._as_called_now(roles)
        for header in self._table.headers:
            chosen[roles.get(header, Role.FIELD)].append(header)
        self._warn_about_missing(roles)
        only = {role: next(iter(chosen[role]), None) for role in _SINGLE}
        text, subject = tuple(chosen[Role.TEXT]), only[Role.SUBJECT]
        subject_is_text = not text and subject is not None
        if subject_is_text and subject is not None:
            text, subject = (subject,), None
            self._warn_about_subjects()
        if not text:
            return None
        score = only[Role.SCORE]
        scale = score_kind(self._folded[score], self._look(score)) if score else None
        kind = (
            self._options.kind
            or self._profile.kind
            or guess_kind(self._folded.values(), self._file, scale)
        )
        # A role that only one column can play: the others stay with the record.
        spare = [name for role in _SINGLE for name in chosen[role][1:]]
        return Recognised(
            columns=ColumnMap(
                text=text,
                subject=subject,
                id=only[Role.ID],
                date=only[Role.DATE],
                score=score,
                author=only[Role.AUTHOR],
                email=only[Role.EMAIL],
                account=only[Role.ACCOUNT],
                segments=tuple(chosen[Role.SEGMENT]),
                fields=(*chosen[Role.FIELD], *spare),
            ),
            profile=self._profile,
            kind=kind,
            score_kind=self._scale(scale, score, kind),
            updated=updated,
            subject_is_text=subject_is_text,
            warnings=tuple(self._warnings),
            ignored=tuple(chosen[Role.IGNORE]),
        )

    def _as_called_now(self, roles: Mapping[str, Role]) -> Mapping[str, Role]:
        """Return the roles by the headers of the table: a choice may know a column as it is written."""
        headers = self._table.headers
        written = {
            alias: header
            for header in reversed(headers)  # the first of several wins
            for alias in self._table.aliases.get(header, ())
            if header not in roles
        }
        for header in headers:
            written.pop(header, None)
        return {written.get(name, name): role for name, role in roles.items()}

    def _warn_about_missing(self, roles: Mapping[str, Role]) -> None:
        there = set(self._table.headers)
        gone = [
            name
            for name, role in roles.items()
            if name not in there and role not in (Role.FIELD, Role.IGNORE)
        ]
        if gone:
            self._warnings.append(f"Columns that were there before are missing: {', '.join(gone)}.")

    def _choose_profile(self) -> Profile:
        wanted = self._options.profile
        if wanted is None:
            return recognise_profile(self._folded.values())
        if wanted not in profiles():
            raise UsageError(
                f"There is no profile “{wanted}”.", hint=f"Profiles: {', '.join(profiles())}."
            )
        return profiles()[wanted]

    def _look(self, name: str) -> Look:
        return self._looks.get(name, NOTHING)

    def _is_date(self, look: Look) -> bool:
        return look.dates > 0.5

    def _by_names(
        self, candidates: Sequence[str], fits: Callable[[Look], bool] | None = None
    ) -> str | None:
        """Return the first column of the best name that is free, filled and looks right."""
        for candidate in candidates:
            for header, folded in self._folded.items():
                if folded != candidate or header in self._taken:
                    continue
                look = self._look(header)
                if look.filled > 0 and (fits is None or fits(look)):
                    return header
        return None

    def _give(
        self, role: Role, candidates: Iterable[str], fits: Callable[[Look], bool]
    ) -> str | None:
        wanted: str | None = getattr(self._wanted, role.value)
        if wanted is not None:
            return wanted
        ordered = (*self._profile.roles.get(role, ()), *candidates)
        found = self._by_names(ordered, fits)
        if found is None and role is Role.EMAIL:
            found = next(
                (
                    name
                    for name in self._table.headers
                    if name not in self._taken
                    and self._look(name).emails > 0.8
                    and not _OWN_MAIL.search(self._folded[name])
                ),
                None,
            )
        if found is not None:
            self._taken.add(found)
        return found

    def _find_id(self, updated: str | None) -> str | None:
        found = self._by_names(
            (*self._profile.roles.get(Role.ID, ()), *names.ID),
            lambda look: look.filled > 0.5 and look.words < 3,
        )
        if found is None:
            return None
        cells = self._frame[found].drop_nulls()
        if updated is None and cells.n_unique() < 0.9 * len(cells):
            # The id of a person or a group then: taking it would make versions of one record.
            self._warnings.append(
                f"The values of “{found}” repeat, so they were not taken for the rows' ids."
            )
            return None
        self._taken.add(found)
        return found

    def _find_text(self) -> tuple[str, ...]:
        hinted = self._by_names(self._profile.roles.get(Role.TEXT, ()))
        if hinted is not None:
            return (hinted,)
        free = [name for name in self._table.headers if name not in self._taken]
        # An empty description column of a help desk is no text; its subjects are.
        filled = [name for name in free if self._look(name).filled > 0]
        named = [name for name in filled if self._is_named_text(name, names.TEXT)]
        named += [name for name in filled if name in self._table.open_ended and name not in named]
        asked = [
            name
            for name in filled
            if name not in named and self._is_question(name) and self._look(name).is_wordy
        ]
        if named or asked:
            chosen = {*named, *asked}
            return tuple(name for name in free if name in chosen)
        second = [name for name in filled if self._is_named_text(name, names.TEXT_SECOND)]
        if second:
            return (max(second, key=lambda name: self._look(name).words),)
        if self._profile.bodies and any(
            self._folded[name] in names.SUBJECT for name in self._table.headers
        ):
            return ()
        return self._wordiest(filled)

    def _wordiest(self, candidates: Sequence[str]) -> tuple[str, ...]:
        if len(self._table.headers) == 1:
            only = [name for name in candidates if not self._look(name).is_value]
            return tuple(only)
        wordy = [
            name
            for name in candidates
            if self._look(name).is_wordy
            and self._folded[name] not in names.INTERNAL
            and self._folded[name] not in names.AUTHOR
        ]
        return (max(wordy, key=lambda name: self._look(name).chars),) if wordy else ()

    def _is_named_text(self, name: str, wanted: frozenset[str]) -> bool:
        folded = self._folded[name]
        look = self._look(name)
        if look.is_value or look.dates + look.emails > 0.5:
            return False
        if folded in wanted:
            return True
        words = folded.split()
        ends = {" ".join(words[-2:]), words[-1]} if words else set[str]()
        # "Ticket description", "Custom field (Comment)"; but "Comment count" or "Body type" not.
        return 1 < len(words) <= 4 and bool(ends & wanted) and look.is_wordy

    def _is_question(self, name: str) -> bool:
        raw = name.rstrip()
        return raw.endswith(("?", "？")) or len(self._folded[name].split()) >= 5

    def _any_date(self) -> str | None:
        found = next(
            (
                name
                for name in self._table.headers
                # A connector's own time stamps start with an underscore.
                if name not in self._taken
                and self._look(name).dates > 0.9
                and not name.startswith("_")
            ),
            None,
        )
        if found:
            self._taken.add(found)
        return found

    def _find_score(self) -> tuple[str | None, str | None]:
        def fits(look: Look) -> bool:
            return look.numeric > 0.8 and look.values > 1 and look.top <= 100

        wanted = self._wanted.score
        if wanted is None:
            wanted = (
                self._by_names(self._profile.roles.get(Role.SCORE, ()), fits)
                or self._by_names(sorted(names.SCORE_NPS), fits)
                or self._asked_for_score()
                or self._by_names(sorted(names.SCORE, key=len), fits)
                or self._ending_in_score(fits)
            )
        if wanted is None:
            return None, None
        self._taken.add(wanted)
        return wanted, score_kind(self._folded[wanted], self._look(wanted))

    def _scale(self, found: str | None, column: str | None, kind: Kind) -> str | None:
        """Marks up to 10 in an NPS survey are its scores, also where nobody gave a 0 or 1."""
        if found != "rating" or column is None or kind is not Kind.NPS:
            return found
        look = self._look(column)
        return "nps" if look.zero_to_ten > 0.95 and look.top > 5 else found

    def _asked_for_score(self) -> str | None:
        """“How likely are you to recommend …”, whatever the survey calls the column."""
        for name, folded in self._folded.items():
            if name in self._taken or not RECOMMEND.search(folded):
                continue
            look = self._look(name)
            if look.numeric > 0.8 and look.zero_to_ten > 0.5 and look.top > 1:
                return name
        return None

    def _ending_in_score(self, fits: Callable[[Look], bool]) -> str | None:
        for name, folded in self._folded.items():
            if (
                name not in self._taken
                and len(folded.split()) <= 4
                and re.search(r"\b(score|rating|stars)$|^(nps|csat|rating|score)\b", folded)
                and fits(self._look(name))
            ):
                return name
        return None

    def _find_segments(self) -> tuple[str, ...]:
        free = [
            name
            for name in self._table.headers
            if name not in self._taken and self._folded[name] not in names.INTERNAL
        ]
        named = [name for name in free if self._is_segment(name, by_name=True)]
        others = [
            name
            for name in free
            if name not in named
            and self._frame.height >= 20
            and self._is_segment(name, by_name=False)
        ]
        chosen = {*named[:_MAX_SEGMENTS], *others[: max(0, _MAX_SEGMENTS - len(named))]}
        return tuple(name for name in free if name in chosen)

    def _is_segment(self, name: str, *, by_name: bool) -> bool:
        look = self._look(name)
        if look.dates + look.emails + look.links > 0.3 or look.filled == 0:
            return False
        if by_name:
            few = look.values <= max(30, 0.3 * self._frame.height) and look.chars <= 60
            return self._folded[name] in names.SEGMENT and few
        return (
            2 <= look.values <= 20
            and look.filled >= 0.3
            and look.chars <= 30
            and look.numeric < 0.5
            and look.values <= 0.3 * self._frame.height
            and not self._folded[name].endswith((" id", " by", " name"))
        )

    def _warn_about_subjects(self) -> None:
        bodies = self._profile.bodies or "export the column with the description or message as well"
        self._warnings.append(
            f"This file has subjects only, so they stand for the texts. What people wrote is "
            f"missing: {bodies}."
        )


#: Addresses of the vendor's side.
_OWN_MAIL = re.compile(r"\b(agent|assignee|owner|rep|recipient|to|cc|bcc|from|via|csm|manager)\b")
