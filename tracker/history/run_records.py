"""The run records that the harness writes beside asv's results: reasons, facts, distributions.

A record is `<machine>/records/<commit8>-<environment>/<scenario>.<library>.record`.
"""

from collections.abc import Iterable

import msgspec

from tracker.history.asv.tree import Tree
from tracker.model import Exclusion
from tracker.model.run_record import RunRecord, decode_run_record


def read_run_records(tree: Tree) -> tuple[tuple[RunRecord, ...], tuple[Exclusion, ...]]:
    """Return all records of *tree*, and those that were left out, each with its reason."""
    records: list[RunRecord] = []
    excluded: list[Exclusion] = []
    for stamp in tree.list_records():
        try:
            records.append(decode_run_record(tree.read(stamp.path)))
        except (msgspec.MsgspecError, OSError) as error:
            why = f"damaged run record: {error}"
            excluded.append(Exclusion(what=stamp.path, why=why, count=1, example=stamp.path))
    return tuple(records), tuple(excluded)


def facts_of(records: Iterable[RunRecord]) -> dict[str, str]:
    """Return the facts of the *records* of one commit and place.

    The version of the tracked library is the commit's own and no fact about the surroundings.
    """
    facts: dict[str, str] = {}
    for record in records:
        facts |= record.facts
        for distribution, version in record.library_versions.items():
            if not (record.tracked and distribution == record.library):
                facts[f"{record.library}: {distribution}"] = version
    return facts
