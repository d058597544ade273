"""What a result file says of its commit and of its surroundings."""

import re
from collections.abc import Mapping
from typing import Any

from tracker.history.asv.cells import FileFacts
from tracker.model.history import DATES_MS

_COMMIT = re.compile("[0-9a-fA-F]{7,64}")
_UNSAFE = re.compile(r'[<>:"/\\^|?*\x00-\x1f]')  # what asv replaces in names of environments
_PYTHON_IN_PATH = re.compile(r"python(\d+\.\d+)$")
# A version of CPython with its patch release, in a path or alone: 3.12.4, 3.14.0rc2.
_PATCH_RELEASE = re.compile(
    r"(?<![\d.])([23]\.\d+)\.\d+(?:-?(?:a|b|rc|alpha|beta)\.?\d+)?(?![\d.])"
)
type Json = dict[str, Any]


def read_facts(path: str, document: Json, dropped_samples: int) -> FileFacts:
    """Return the facts of the result file *path*; KeyError or ValueError when one is missing."""
    folder, _, name = path.rpartition("/")
    params: Mapping[str, object] = document.get("params") or {}
    facts = {key: str(value) for key, value in params.items() if key != "machine"}
    facts |= {key: str(value) for key, value in (document.get("env_vars") or {}).items()}
    facts["python"] = str(document.get("python", ""))
    environment = str(document.get("env_name") or name[9:].removesuffix(".json"))
    return FileFacts(
        path=path,
        machine=folder.rpartition("/")[2],
        commit=_commit(document),
        date_ms=_date_ms(document),
        environment=environment,
        environment_class=_environment_class(environment, document),
        facts=tuple(sorted(facts.items())),
        dropped_samples=dropped_samples,
    )


def _commit(document: Json) -> str:
    commit = str(document["commit_hash"])
    if not _COMMIT.fullmatch(commit):
        raise ValueError(f"commit_hash {commit[:50]!r} is not a commit")
    return commit


def _date_ms(document: Json) -> int:
    date_ms = int(document.get("date") or 0)
    if date_ms not in DATES_MS:
        raise ValueError(f"date {date_ms} is out of range")
    return date_ms


def _environment_class(full: str, document: Json) -> str:
    """Return the environment's name without the versions of what is installed in it.

    A new pin of a requirement, or a patch release of the interpreter, is a fact about a commit and
    not the start of another series. Any other part of a name that asv would not have given to this
    environment is kept as it is.
    """
    python, requirements = str(document.get("python", "")), document.get("requirements") or {}
    variables = [f"{key}{value}" for key, value in sorted((document.get("env_vars") or {}).items())]
    pins = [f"{name}{version or ''}" for name, version in sorted(requirements.items())]
    tool = full.partition("-py")[0] if "-py" in full else ""
    expected = "-".join(filter(None, (tool, f"py{python}", *pins, *variables)))
    if full != _UNSAFE.sub("_", expected):
        patch = _PATCH_RELEASE.search(python)
        return full.replace(patch[0], patch[1]) if patch else full
    in_path = _PYTHON_IN_PATH.search(python)  # an existing interpreter, known to asv by its path
    version = in_path[1] if in_path else _UNSAFE.sub("_", _PATCH_RELEASE.sub(r"\1", python))
    return "-".join(filter(None, (tool, f"py{version}", *sorted(requirements), *variables)))
