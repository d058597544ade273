"""The run records that the harness writes beside asv's results: reasons, facts, distributions.

A record is `<machine>/records/<commit8>-<environment>/<scenario>.<library>.record`. Its whole
schema is in docs/measuring.md; a history needs only what is named here, and refuses other versions.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from tracker.history.asv.tree import Tree, open_tree
from tracker.model import Exclusion

SCHEMA = 1


class RecordHead(msgspec.Struct, frozen=True, kw_only=True):
    """What a history needs of one record: (scenario, library) at one commit on one machine."""

    schema: int
    library: str
    library_versions: dict[str, str]
    scenario: str
    tracked: bool
    commit: str
    environment: str
    machine: str
    facts: dict[str, str]
    outcome: str
    reason: str


def read_heads(tree: Tree) -> tuple[list[RecordHead], list[Exclusion]]:
    """Return the heads of all records of *tree*, and those that could not be read."""
    heads, damaged = [], []
    for stamp in tree.list_records():
        try:
            heads.append(_decode(tree.read(stamp.path)))
        except (msgspec.MsgspecError, OSError) as error:
            damaged.append(
                Exclusion(
                    what=stamp.path, why=f"damaged run record: {error}", count=1, example=stamp.path
                )
            )
    return heads, damaged


def read_run_records(results: str) -> Iterator[Mapping[str, Any]]:
    """Give every usable record of the tree at *results* as plain JSON, one after the other.

    What cannot be read is left out here: `load_history` counts and names it.
    """
    tree = open_tree(results)
    for stamp in tree.list_records():
        try:
            content = tree.read(stamp.path)
            _decode(content)
            yield msgspec.json.decode(content, type=dict[str, Any])
        except (msgspec.MsgspecError, OSError):
            continue


def facts_of(heads: Iterable[RecordHead]) -> dict[str, str]:
    """Return the facts of the *heads* of one commit and place.

    The version of the tracked library is the commit's own and no fact about the surroundings.
    """
    facts: dict[str, str] = {}
    for head in heads:
        facts |= head.facts
        for distribution, version in head.library_versions.items():
            if not (head.tracked and distribution == head.library):
                facts[f"{head.library}: {distribution}"] = version
    return facts


def _decode(content: bytes) -> RecordHead:
    head = msgspec.json.decode(content, type=RecordHead)
    if head.schema != SCHEMA:
        raise msgspec.ValidationError(f"schema {head.schema}, expected {SCHEMA}")
    return head
