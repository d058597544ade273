"""What the results branch holds, and how two states of it become one."""

import json
from pathlib import Path
from typing import Any

from tracker.errors import DataError
from tracker.system.atomic import replace_file
from tracker.system.git import run_git

MARK = "tracker-results.json"
# An asv results tree, the verdicts on pull requests, and the states of searches for commits.
FOLDERS = ("results", "verdicts", "searches")
# asv's files, and the harness's run records beside them; both are JSON.
SUFFIXES = frozenset({".json", ".record"})
VERSION = 1
_ASV_STARTED = "started_at"


def check_history(folder: Path) -> None:
    """Raise DataError when *folder* is not a sound history.

    An unreadable history must stop the job. Taking it for an empty one would publish, and then
    store, the loss.
    """
    try:
        mark = json.loads((folder / MARK).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise _damaged(folder, f"{MARK} is missing: this is not a results branch") from None
    except (OSError, ValueError) as error:
        raise _damaged(folder, f"{MARK} cannot be read") from error
    if not isinstance(mark, dict) or mark.get("version") != VERSION:
        raise _damaged(folder, f"{MARK} is not of version {VERSION}")
    for name in FOLDERS:
        for path in _files(folder / name):
            read_json(path)


def merge_tree(source: Path, target: Path) -> int:
    """Bring every file of *source* into *target*; return how many were new or changed.

    Nothing is ever removed. Where shards measured different benchmarks of one commit, both wrote
    asv's file of that commit: their benchmarks are joined, the newer measurement wins.
    """
    changed = 0
    for path in _files(source):
        goal = target / path.relative_to(source)
        old = read_json(goal) if goal.exists() else None
        new = join(old, read_json(path))
        if new != old:
            replace_file(goal, [_dump(new) if old is not None else path.read_bytes()])
            changed += 1
    return changed


def join(old: Any, new: Any) -> Any:
    """Return *new* with what only *old* knows: asv result files, `benchmarks.json`, others.

    Of two run records the one that was finished last.
    """
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    if isinstance(old.get("results"), dict) and isinstance(new.get("results"), dict):
        return {**old, **new, "results": _join_results(old, new), "durations": _durations(old, new)}
    if "version" in new and all(isinstance(v, dict) for k, v in new.items() if k != "version"):
        return {**old, **new}
    return old if _finished_ms(old) > _finished_ms(new) else new


def changed_files(folder: Path) -> list[Path]:
    """Return the files of *folder*, which `pull` made, that are new or changed since then."""
    step = "pull first and name that folder"
    if not (folder / MARK).is_file():  # also any other checkout has files that are new
        raise DataError(f"{folder} is not from `tracker results pull`", step)
    asked = ("ls-files", "--modified", "--others", "-z", "--", *FOLDERS)
    names = [Path(name) for name in run_git(*asked, repo=folder, next_step=step).split("\0")]
    # git lists what was removed as modified, too.
    return [name for name in names if name.suffix in SUFFIXES and (folder / name).is_file()]


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES)


def read_json(path: Path) -> Any:
    """Read one file; asv writes NaN, which is fine here."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise _damaged(path, "cannot be read as JSON") from error


def is_whole(path: Path) -> bool:
    """Whether *path* was written to its end: asv writes in place, and may be killed doing so."""
    try:
        read_json(path)
    except DataError:
        return False
    return True


def _join_results(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    joined = dict(old["results"])
    for name, row in new["results"].items():
        if _started(new, row) >= _started(old, joined.get(name)):
            joined[name] = row
    return joined


def _started(file: dict[str, Any], row: Any) -> float:
    columns = file.get("result_columns", [])
    if not isinstance(row, list) or _ASV_STARTED not in columns:
        return -1.0
    at = columns.index(_ASV_STARTED)
    value = row[at] if at < len(row) else None
    return float(value) if isinstance(value, (int, float)) else 0.0


def _finished_ms(record: dict[str, Any]) -> int:
    value = record.get("finished_at_ms")
    return value if isinstance(value, int) else 0


def _durations(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    return {**(old.get("durations") or {}), **(new.get("durations") or {})}


def _dump(content: Any) -> bytes:
    return (json.dumps(content, separators=(",", ": "), indent=None) + "\n").encode()


def _damaged(path: Path, why: str) -> DataError:
    return DataError(
        f"{path}: {why}",
        "nothing was stored; restore the file from the branch's git history, then run again",
    )
