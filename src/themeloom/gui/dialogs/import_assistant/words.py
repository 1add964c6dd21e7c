"""Words of the import assistant: kinds, roles, layouts of tools, counts."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from themeloom.base.figures import counted
from themeloom.domain.errors import Complaint
from themeloom.domain.previews import Holds, InputPreview, Shape, SheetPreview
from themeloom.domain.records import Kind, Role


def tr(text: str) -> str:
    """Translate a text of the assistant."""
    return QCoreApplication.translate("ImportAssistant", text)


def kind_name(kind: Kind) -> str:
    """Return what a sheet of this kind is."""
    return {
        Kind.TICKET: tr("Support tickets"),
        Kind.NPS: tr("NPS survey"),
        Kind.INTERVIEW: tr("Interviews"),
        Kind.CALL: tr("Sales calls"),
        Kind.OTHER: tr("Other feedback"),
    }[kind]


def short_kind(kind: Kind) -> str:
    """Return the kind for the list of files."""
    return {
        Kind.TICKET: tr("tickets"),
        Kind.NPS: tr("NPS"),
        Kind.INTERVIEW: tr("interviews"),
        Kind.CALL: tr("calls"),
        Kind.OTHER: tr("other"),
    }[kind]


#: In the order of the list above a column.
ROLES = (
    Role.TEXT,
    Role.SUBJECT,
    Role.ID,
    Role.DATE,
    Role.SCORE,
    Role.AUTHOR,
    Role.EMAIL,
    Role.ACCOUNT,
    Role.SEGMENT,
    Role.FIELD,
    Role.IGNORE,
)


def role_name(role: Role, kind: Kind | None) -> str:
    """Return what a column is for."""
    return {
        Role.TEXT: tr("Text"),
        Role.SUBJECT: tr("Subject"),
        Role.ID: tr("Id"),
        Role.DATE: tr("Date"),
        Role.SCORE: tr("NPS score") if kind is Kind.NPS else tr("Score"),
        Role.AUTHOR: tr("Person"),
        Role.EMAIL: tr("Person e-mail"),
        Role.ACCOUNT: tr("Account"),
        Role.SEGMENT: tr("Segment"),
        Role.FIELD: tr("Keep as it is"),
        Role.IGNORE: tr("Leave out"),
    }[role]


def role_hint(role: Role) -> str:
    """Return in a sentence what a role does."""
    return {
        Role.TEXT: tr("What people wrote. Several columns of text are joined."),
        Role.SUBJECT: tr("A short title; it helps to understand and is never quoted."),
        Role.ID: tr("Tells records apart, so that importing the file again updates them."),
        Role.DATE: tr("When it was said."),
        Role.SCORE: tr("A mark that was given."),
        Role.AUTHOR: tr("Who said it."),
        Role.EMAIL: tr("Who said it, by address: people are counted by it."),
        Role.ACCOUNT: tr("The company for which it was said."),
        Role.SEGMENT: tr("Numbers can be broken down by it: plan, region, role."),
        Role.FIELD: tr("Stays with the record and is not used in numbers."),
        Role.IGNORE: tr("Does not come in at all."),
    }[role]


def profile_name(name: str) -> str:
    """Return a tool's name as it writes itself."""
    known = {
        "freshdesk": "Freshdesk",
        "googleforms": "Google Forms",
        "intercom": "Intercom",
        "jira": "Jira",
        "qualtrics": "Qualtrics",
        "surveymonkey": "SurveyMonkey",
        "typeform": "Typeform",
        "zendesk": "Zendesk",
    }
    return known.get(name, name.capitalize())


def sheet_detail(preview: InputPreview, sheet: SheetPreview, kind: Kind | None) -> str:
    """Return the second line of a file or sheet: "1,489 rows · NPS"."""
    if sheet.holds is Holds.ACCOUNTS and kind is None:
        return tr("{n} accounts").format(n=f"{sheet.rows:,}")
    if sheet.holds is Holds.ROSTER and kind is None:
        return tr("{n} product areas").format(n=f"{sheet.rows:,}")
    if sheet.holds is Holds.NOTHING and kind is None:
        return sheet.reason
    if preview.shape in (Shape.FOLDER, Shape.NOTE):
        if kind is None and len(sheet.by_kind) > 1:
            return " · ".join(f"{count:,} {short_kind(one)}" for one, count in sheet.by_kind)
        return _joined(counted(sheet.rows, tr("document"), tr("documents")), kind or sheet.kind)
    rows = counted(sheet.rows, tr("row"), tr("rows"))
    if kind is None and sheet.profile not in (None, "generic"):
        return f"{rows} · {profile_name(str(sheet.profile))}"
    return _joined(rows, kind or sheet.kind)


def listed(parts: Sequence[str]) -> str:
    """Return "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return tr("{first} and {last}").format(first=", ".join(parts[:-1]), last=parts[-1])


def _joined(rows: str, kind: Kind | None) -> str:
    return f"{rows} · {short_kind(kind)}" if kind else rows


def sentence(name: str, error: Complaint) -> str:
    """Return an error in one line: what, why, what to do."""
    message = error.message.replace("This is", f"{name} is", 1) if name else error.message
    if name and not message.startswith(name):
        message = f"{name}: {message}"
    return f"{message} {error.hint}" if error.hint else message
