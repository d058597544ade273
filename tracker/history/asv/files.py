"""All result files of a tree, parsed; what was parsed before comes from the cache."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

from tracker.errors import DataError
from tracker.history.asv.benchmarks import DamagedFileError, parse_result_file
from tracker.history.asv.cache import Cache
from tracker.history.asv.cells import Entries, Entry, ParsedFile
from tracker.history.asv.tree import BENCHMARKS, Stamp, Tree, advise_results

MACHINE = "machine.json"
_RESULT = re.compile(r"[0-9a-f]{8,40}-.*\.json")
NO_MACHINE = "in a folder without machine.json, which asv passes over"
NO_RESULT = "no result file of asv"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFiles:
    """Result files in the order of their paths.

    Attributes:
        damaged: (path, why) of each that cannot be read; a machine's own file may be among them.
        strange: (path, why) of each JSON file that is no result.
    """

    entries: Sequence[Entry]
    files: Sequence[ParsedFile]
    damaged: Sequence[tuple[str, str]]
    strange: Sequence[tuple[str, str]]


def read_files(tree: Tree, cache_folder: Path | None) -> ResultFiles:
    """Read every result file of *tree*; DataError when there is none, or none can be read."""
    stamps = [stamp for stamp in tree.list_files() if stamp.path != BENCHMARKS]
    machines, damaged = _read_machines(tree, stamps)
    entries = Entries()
    cache = Cache(cache_folder, tree.address) if cache_folder else None
    known = cache.load(entries) if cache else {}
    files: dict[Stamp, ParsedFile] = {}
    strange: list[tuple[str, str]] = []
    for stamp in stamps:
        folder, _, name = stamp.path.rpartition("/")
        if name == MACHINE:
            continue
        if folder not in machines:
            strange.append((stamp.path, NO_MACHINE))
            continue
        try:
            files[stamp] = known.get(stamp) or parse_result_file(
                stamp.path, tree.read(stamp.path), entries
            )
        except (DamagedFileError, OSError) as error:
            is_result = _RESULT.fullmatch(name)
            strange += [] if is_result else [(stamp.path, NO_RESULT)]
            damaged += [(stamp.path, str(error))] if is_result else []
    if cache and files.keys() != known.keys():
        cache.store(entries.entries, files)
    if not files:
        _refuse(tree, damaged, strange)
    return ResultFiles(
        entries=entries.entries,
        files=list(_with_machines(files.values(), machines)),
        damaged=damaged,
        strange=strange,
    )


def _read_machines(
    tree: Tree, stamps: Iterable[Stamp]
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Return the name of the machine of each folder that has one, and (path, why) of bad files.

    What machine.json says else are facts, so a damaged one costs no more than itself.
    """
    machines: dict[str, str] = {}
    damaged: list[tuple[str, str]] = []
    for path in (s.path for s in stamps if s.path.rpartition("/")[2] == MACHINE):
        folder = path.rpartition("/")[0]
        machines[folder] = folder.rpartition("/")[2] or Path(tree.address).name
        try:
            name = json.loads(tree.read(path)).get("machine")
            machines[folder] = name if name and isinstance(name, str) else machines[folder]
        except (OSError, ValueError, AttributeError, RecursionError) as error:
            damaged.append((path, f"{type(error).__name__}: {error}"))
    return machines, damaged


def _with_machines(
    files: Iterable[ParsedFile], machines: Mapping[str, str]
) -> Iterable[ParsedFile]:
    """Give *files* with the names of their machines: usually those of their folders."""
    for file in files:
        name = machines[file.facts.path.rpartition("/")[0]]
        same = name == file.facts.machine
        yield file if same else replace(file, facts=replace(file.facts, machine=name))


def _refuse(
    tree: Tree, damaged: Sequence[tuple[str, str]], strange: Sequence[tuple[str, str]]
) -> NoReturn:
    if damaged:
        (path, why), more = damaged[0], len(damaged) - 1
        raise DataError(
            f"{tree.address}/{path} is damaged: {why}{f' (and {more} more)' if more else ''}",
            "no result file can be read: restore them, or measure those commits again",
        )
    if without_machine := [path for path, why in strange if why == NO_MACHINE]:
        first, more = without_machine[0], len(without_machine) - 1
        raise DataError(
            f"{tree.address} has no result files that asv reads: {first} lies {NO_MACHINE}"
            f"{f' (and {more} more)' if more else ''}",
            "restore the machine.json that asv wrote beside them, or measure again (tracker run)",
        )
    raise DataError(f"{tree.address} has no result files", advise_results(tree.address))
