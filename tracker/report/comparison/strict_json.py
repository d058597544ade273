"""Reads a file from a stranger's job: one type, one version, nothing else."""

from collections.abc import Callable
from typing import Protocol

import msgspec

from tracker.errors import DataError

_LONGEST_REASON = 300


class Versioned(Protocol):
    """A record that says which version of its format it is in."""

    @property
    def version(self) -> int:
        """The version."""
        ...


def decode_strictly[T: Versioned](
    data: bytes, kind: type[T], version: int, refuse: Callable[[str], DataError]
) -> T:
    """Return the record in *data*; what `refuse` makes of one line is raised for anything else."""
    try:
        record = msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise refuse(f"cannot be read: {str(error)[:_LONGEST_REASON]}") from error
    if record.version != version:
        raise refuse(f"has version {record.version}, this program reads {version}")
    return record
