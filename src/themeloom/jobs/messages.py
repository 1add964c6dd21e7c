"""What parent and child say to each other over the pipe. Large data travels as files."""

from collections.abc import Mapping
from dataclasses import dataclass

from themeloom.domain.errors import Complaint


@dataclass(frozen=True, slots=True)
class Start:
    """Run ``task`` ("package.module:function") with ``params`` as keyword arguments."""

    job_id: int
    task: str
    params: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Ask:
    """Run a short ``task`` before the rest of the job that is under way; nobody cancels it."""

    job_id: int
    task: str
    params: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a job stands. ``total`` is 0 where no count exists."""

    job_id: int
    stage: str
    done: int
    total: int
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class Partial:
    """A first result that is worth showing while the job goes on (a path or small values)."""

    job_id: int
    value: object


@dataclass(frozen=True, slots=True)
class Result:
    """The job is done; ``value`` is small, large data lies in files that it names."""

    job_id: int
    value: object


@dataclass(frozen=True, slots=True)
class Failed:
    """The job failed.

    ``complaint`` is set when the error was meant for people; ``detail`` is the traceback for the
    log (it may name files, never customers' text). ``cancelled`` when the person asked for it.
    """

    job_id: int
    complaint: Complaint | None
    detail: str
    cancelled: bool = False


Message = Start | Ask | Progress | Partial | Result | Failed
