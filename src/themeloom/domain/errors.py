"""The family of errors that a person gets to see: what happened, where, what to do next."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Complaint:
    """One error in plain words, as the command line's JSON and the window show it."""

    message: str
    file: str | None = None
    place: str | None = None
    hint: str | None = None

    def __str__(self) -> str:
        """Return one line: file, place, message, hint."""
        where = ", ".join(part for part in (self.file, self.place) if part)
        line = f"{where}: {self.message}" if where else self.message
        return f"{line} {self.hint}" if self.hint else line


class ThemeloomError(Exception):
    """Base of all errors meant for people.

    Args:
        message: what happened, one sentence.
        file: the file's name, where there is one.
        place: sheet, row, paragraph or field.
        hint: what to do next, one sentence.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        place: str | None = None,
        hint: str | None = None,
    ) -> None:
        """Keep the parts; ``str()`` gives the whole line."""
        super().__init__(message)
        self.complaint = Complaint(message, file, place, hint)

    def __str__(self) -> str:
        """Return the whole complaint in one line."""
        return str(self.complaint)


class UsageError(ThemeloomError):
    """Wrong options or arguments (exit code 2)."""


class ImportFileError(ThemeloomError):
    """A file cannot be read: empty, damaged, protected, unknown, too large."""


class ProjectError(ThemeloomError):
    """The project file cannot be opened or written: locked, newer, foreign, damaged, disk full."""


class ProjectInUseError(ProjectError):
    """Somebody else has the project open for writing; it can be opened for reading."""


class ProjectDamagedError(ProjectError):
    """The project file is damaged; a backup can be restored."""


class SynthesisError(ThemeloomError):
    """Themes cannot be found: too few texts, the model is missing."""


class ExportError(ThemeloomError):
    """A result cannot be written: target locked, no such format, nothing to export."""


class NothingNewError(ExportError):
    """A hand-off has nothing that the other tool does not have already: no failure."""


class JobFailed(ThemeloomError):  # noqa: N818 - a state of a job, as its message is called
    """A child process crashed, ran out of memory or time."""


class JobCancelled(ThemeloomError):  # noqa: N818
    """The person cancelled; the project is as it was."""
