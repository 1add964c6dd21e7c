"""What the person has chosen so far, sheet by sheet, and what is known about it. No widgets."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from themeloom.domain.previews import (
    ColumnPreview,
    DateQuestion,
    Holds,
    InputPreview,
    SheetPreview,
    Totals,
    Trial,
)
from themeloom.domain.records import DateOrder, ImportOptions, Kind, Role, SheetChoice
from themeloom.services.assistant import Key, key_of, sheets_of
from themeloom.services.profiles import SavedProfile, SavedProfiles

_SINGLE = frozenset(
    {Role.SUBJECT, Role.ID, Role.DATE, Role.SCORE, Role.AUTHOR, Role.EMAIL, Role.ACCOUNT}
)


@dataclass
class SheetPlan:
    """One sheet: how it was found, what was chosen, what came of it.

    Attributes:
        preview: the input that it is in.
        sheet: how it was found.
        choice: what was chosen; ``roles`` stay open until the person changes one.
        saved: name of the saved profile in use, or None.
        trial: what the choice makes of it, or None while unknown.
        totals: what it comes to, or None while unknown.
        answered: whether the person has said how dates are read.
    """

    preview: InputPreview
    sheet: SheetPreview
    choice: SheetChoice
    saved: str | None = None
    trial: Trial | None = None
    totals: Totals | None = None
    answered: bool = False

    @property
    def key(self) -> Key:
        """Under what its choice is kept."""
        return key_of(self.preview, self.sheet)

    @property
    def is_feedback(self) -> bool:
        """Whether its rows become records, once it comes in."""
        is_list = self.sheet.holds in (Holds.ACCOUNTS, Holds.ROSTER)
        return not is_list or self.choice.kind is not None

    @property
    def kind(self) -> Kind | None:
        """What its rows are, or None where it holds several kinds or no feedback."""
        if self.choice.kind is not None:
            return self.choice.kind
        if self.trial is not None and self.trial.kind is not None:
            return self.trial.kind
        return None if len(self.sheet.by_kind) > 1 else self.sheet.kind

    @property
    def columns(self) -> Sequence[ColumnPreview]:
        """Its columns with the roles that count now, also while they are being tried."""
        columns = self.trial.columns if self.trial is not None else self.sheet.columns
        roles = self.choice.roles
        if roles is None:
            return columns
        return [replace(column, role=roles.get(column.name, column.role)) for column in columns]

    @property
    def header_row(self) -> int:
        """The 1-based row of the column names, 0 for none."""
        return self.trial.header_row if self.trial is not None else self.sheet.header_row

    @property
    def question(self) -> DateQuestion | None:
        """What is to be asked about dates."""
        return self.trial.dates if self.trial is not None else self.sheet.dates

    @property
    def waits(self) -> bool:
        """Whether the person should look at it: dates, or nothing comes of it."""
        return self.choice.include and (
            self.failed or (self.question is not None and not self.answered)
        )

    @property
    def weight(self) -> int:
        """How many rows of a table it is worth when it is counted: a document is long."""
        return self.sheet.rows * (1 if self.sheet.columns else 50)

    @property
    def failed(self) -> bool:
        """Whether nothing comes of the choice."""
        broken = self.trial is not None and self.trial.error is not None
        return broken or (self.totals is not None and self.totals.error is not None)

    @property
    def records(self) -> int:
        """How many records it gives, as far as is known."""
        if not (self.choice.include and self.is_feedback) or self.failed:
            return 0
        return self.totals.taken + self.totals.updated if self.totals else self.sheet.rows

    def set_role(self, name: str, role: Role) -> None:
        """Give a column another role; a role that one column plays leaves the column that had it."""
        roles = {column.name: column.role for column in self.columns}
        if role in _SINGLE:
            roles = {other: Role.FIELD if had is role else had for other, had in roles.items()}
        roles[name] = role
        self._change(replace(self.choice, roles=roles))
        if role is Role.DATE or name == getattr(self.question, "column", None):
            self.answered = False
            self.choice = replace(self.choice, dates=None)

    def set_header_row(self, row: int) -> None:
        """Take the names from another row: the columns are recognised anew."""
        self.saved = None
        self._change(replace(self.choice, header_row=row, roles=None))

    def set_kind(self, kind: Kind | None) -> None:
        """Say what the rows are; None leaves it to what is recognised."""
        self._change(replace(self.choice, kind=kind))

    def set_dates(self, order: DateOrder) -> None:
        """Say how dates are read."""
        self.answered = True
        self._change(replace(self.choice, dates=order))

    def change(self, choice: SheetChoice) -> None:
        """Take another choice."""
        self._change(choice)

    def use(self, profile: SavedProfile | None) -> None:
        """Map the columns as a saved profile says, or guess them again."""
        if profile is None:
            self.saved = None
            self._change(
                SheetChoice(include=self.choice.include, header_row=self.choice.header_row)
            )
            return
        names = [column.name for column in self.columns]
        self.saved = profile.name
        self.answered = profile.choice.dates is not None
        self._change(
            replace(
                profile.applied_to(names),
                include=self.choice.include,
                header_row=self.choice.header_row,
            )
        )

    def use_layout(self, name: str) -> None:
        """Map the columns as a tool's layout says."""
        self.saved = None
        self._change(replace(self.choice, profile=name, roles=None))

    def to_remember(self) -> SheetChoice:
        """Return the choice as it is kept for the next time: with all roles and the kind."""
        roles = {column.name: column.role for column in self.columns}
        return replace(self.choice, roles=roles, kind=self.kind)

    def _change(self, choice: SheetChoice) -> None:
        self.choice = choice
        self.totals = None
        if self.trial is not None:  # what was wrong may be mended: nobody knows yet
            self.trial = replace(self.trial, error=None)


class Plan:
    """All files of the assistant."""

    def __init__(self, profiles: SavedProfiles) -> None:
        """Offer ``profiles`` where they fit."""
        self._profiles = profiles
        self.inputs: list[InputPreview] = []
        self.sheets: dict[Key, SheetPlan] = {}
        self._given: dict[str, list[str]] = {}  # path that was given → paths of its inputs

    def add(self, given: Sequence[Path], previews: Sequence[InputPreview]) -> None:
        """Add what ``given`` files and folders turned out to be; what is there already stays."""
        there = {str(preview.path) for preview in self.inputs if preview.error is None}
        for preview in previews:
            if str(preview.path) in there:
                continue
            self.inputs = [one for one in self.inputs if one.path != preview.path]
            self.inputs.append(preview)
            for path in given:
                if preview.path == path or preview.path.parent == path:
                    self._given.setdefault(str(path), []).append(str(preview.path))
                    break
            for _, sheet in sheets_of([preview]):
                self._add_sheet(preview, sheet)

    def _add_sheet(self, preview: InputPreview, sheet: SheetPreview) -> None:
        plan = SheetPlan(preview, sheet, SheetChoice(include=sheet.included))
        if sheet.holds is Holds.RECORDS and sheet.columns:
            saved = self._profiles.matching([column.name for column in sheet.columns])
            if saved is not None:
                plan.use(saved)
        self.sheets[plan.key] = plan

    def remove(self, preview: InputPreview) -> None:
        """Take an input out again."""
        self.inputs = [one for one in self.inputs if one is not preview]
        self.sheets = {
            key: plan for key, plan in self.sheets.items() if plan.preview is not preview
        }

    def of(self, preview: InputPreview) -> list[SheetPlan]:
        """Return the sheets of an input."""
        return [plan for plan in self.sheets.values() if plan.preview is preview]

    def included(self) -> Iterator[SheetPlan]:
        """Return the sheets that come in."""
        return (plan for plan in self.sheets.values() if plan.choice.include)

    def choices(self) -> Mapping[Key, SheetChoice]:
        """Return what was chosen, of all sheets."""
        return {key: plan.choice for key, plan in self.sheets.items()}

    def answer_dates(self, plan: SheetPlan, order: DateOrder) -> list[SheetPlan]:
        """Say how dates of a sheet are read, and of the file's other sheets that were not asked."""
        changed = [
            other
            for other in self.of(plan.preview)
            if other is plan or (other.question is not None and not other.answered)
        ]
        for one in changed:
            one.set_dates(order)
        return changed

    def records(self) -> int:
        """Return how many records come in, as far as is known."""
        return sum(plan.records for plan in self.sheets.values())

    def counted(self) -> bool:
        """Whether all sheets that come in are counted."""
        return all(
            plan.totals is not None or not plan.is_feedback or plan.failed
            for plan in self.included()
        )

    def problem(self) -> SheetPlan | None:
        """Return the first sheet that comes in and of which nothing comes."""
        return next((plan for plan in self.included() if plan.failed), None)

    def order(self) -> tuple[list[Path], ImportOptions]:
        """Return what is to be imported, and how."""
        wanted = {str(plan.preview.path) for plan in self.included()}
        files = [
            Path(given)
            for given, paths in self._given.items()
            if any(path in wanted for path in paths)
        ]
        return files, ImportOptions(choices=dict(self.choices()), only_chosen=True)
