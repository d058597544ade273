"""All result files of a tree, parsed; what was parsed before comes from the cache."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracker.errors import DataError
from tracker.history.asv.benchmarks import DamagedFileError, parse_result_file
from tracker.history.asv.cache import Cache
from tracker.history.asv.cells import ParsedFile, Row, Rows
from tracker.history.asv.tree import Stamp, Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFiles:
    """Result files in the order of their paths; `damaged` is (path, why)."""

    rows: Sequence[Row]
    files: Sequence[ParsedFile]
    damaged: Sequence[tuple[str, str]]


def read_files(tree: Tree, cache_folder: Path | None, *, skip_damaged: bool) -> ResultFiles:
    """Read every result file of *tree*; DataError when there is none, or one is damaged."""
    stamps = [stamp for stamp in tree.list_files() if _is_result(stamp.path)]
    rows = Rows()
    cache = Cache(cache_folder, tree.address) if cache_folder else None
    known = cache.load(rows) if cache else {}
    files: dict[Stamp, ParsedFile] = {}
    damaged: list[tuple[str, str]] = []
    for stamp in stamps:
        try:
            files[stamp] = known.get(stamp) or parse_result_file(
                stamp.path, tree.read(stamp.path), rows
            )
        except (DamagedFileError, OSError) as error:
            damaged.append((stamp.path, str(error)))
    if cache and files.keys() != known.keys():
        cache.store(rows.rows, files)
    _refuse(tree, files.values(), damaged, skip_damaged=skip_damaged)
    return ResultFiles(rows=rows.rows, files=list(files.values()), damaged=damaged)


def _is_result(path: str) -> bool:
    machine, _, name = path.partition("/")
    return bool(machine and name) and name != "machine.json"


def _refuse(
    tree: Tree,
    files: Collection[ParsedFile],
    damaged: Sequence[tuple[str, str]],
    *,
    skip_damaged: bool,
) -> None:
    if damaged and not skip_damaged:
        (path, why), more = damaged[0], len(damaged) - 1
        raise DataError(
            f"{tree.address}/{path} is damaged: {why}{f' (and {more} more)' if more else ''}",
            "restore it or measure that commit again; --skip-damaged goes on without it",
        )
    if not files:
        raise DataError(
            f"{tree.address} has no result files",
            "measure first (tracker run), or name another folder: --results DIR",
        )
