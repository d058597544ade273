"""What is said of a run that measured nothing, and the file in which a measuring job says why."""

import msgspec

from tracker.errors import DataError
from tracker.model.not_measured import TOLD, VERSION, NotMeasured, Reason
from tracker.report.comparison.strict_json import decode_strictly
from tracker.report.escape import code

MAX_BYTES = 4096

_TITLES = {
    Reason.DRAFT: "the pull request is a draft",
    Reason.LABEL: "the label that asks for it is missing",
    Reason.PATHS: "no changed file can change what is measured",
    Reason.OTHER_REPOSITORY: "the tracked code is in another repository",
    Reason.UNRELATED: "this event asks for no new measurement",
    Reason.MERGE_GROUP: "the merge queue is not measured",
    Reason.SETUP: "the set-up has a mistake that the maintainers must fix",
    Reason.WAITING: "a maintainer must approve the run first",
    Reason.SKIPPED: "the measuring job was skipped",
    Reason.CANCELLED: "the run was cancelled",
    Reason.CRASHED: "the measuring job ended without a result",
    Reason.NO_RESULT: "the run left no result",
    Reason.SUPERSEDED: "the pull request was closed, or has a newer head or run",
    Reason.RETARGETED: "the pull request has another base now",
}


def title(reason: Reason) -> str:
    """Return what a check is titled, free of foreign text."""
    return f"Not measured: {_TITLES[reason]}"


def explanation(reason: Reason, text: str = "") -> str:
    """Return what a check says; *text* is the measuring job's own sentence, as foreign text."""
    own = f" The job says: {code(text, 300)}." if text else ""
    return f"{title(reason)}.{own}"


def encode(not_measured: NotMeasured) -> bytes:
    """Write the file."""
    return msgspec.json.encode(not_measured) + b"\n"


def decode(data: bytes) -> NotMeasured:
    """Read the file; raise DataError with one line that says what is wrong with it."""
    not_measured = decode_strictly(data, NotMeasured, VERSION, _refuse)
    if not_measured.reason not in TOLD:
        raise _refuse(f"gives the reason {not_measured.reason!r}, which only GitHub can know")
    return not_measured


def _refuse(why: str) -> DataError:
    return DataError(f"not-measured.json {why}", "run the measuring workflow again")
