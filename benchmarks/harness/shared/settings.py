"""The environment variables that a user may set, read in one place. Standard library only."""

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.harness.shared.environments import REPOSITORY
from benchmarks.harness.shared.errors import BadSettingError, UnknownLibraryError
from benchmarks.harness.shared.registry import LIBRARIES
from benchmarks.harness.shared.spec import Size

CONTROLS = ("celery",)
"""Measured beside the tracked library when nothing else is asked for."""

ALL = "all"
"""Stands for every library in `TRACKER_LIBRARIES`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is to be measured, and where results go.

    Attributes:
        tracked: asv's project when it is a library that we know, else empty.
        libraries: in the order of the registry.
        runs: measured runs per library, 0 for what the scenario says.
        append: whether runs are added to those of the record that is there.
    """

    machine: str
    results: Path
    size: Size
    tracked: str
    libraries: tuple[str, ...]
    runs: int
    seed: int
    commit: str
    environment: str
    append: bool


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings in *environ*.

    Raises:
        HarnessError: a value cannot be used; it names the variable and what is wanted.
    """
    folder = Path(environ.get("ASV_CONF_DIR") or REPOSITORY)
    project = environ.get("ASV_PROJECT", "")
    tracked = project if project in LIBRARIES else ""
    return Settings(
        machine=environ.get("TRACKER_MACHINE") or platform.node(),
        results=Path(environ.get("TRACKER_RESULTS") or folder / ".asv" / "results"),
        size=_size(environ.get("TRACKER_SIZE") or Size.QUICK),
        tracked=tracked,
        libraries=_libraries(environ.get("TRACKER_LIBRARIES", ""), tracked),
        runs=_number(environ, "TRACKER_RUNS"),
        seed=_number(environ, "TRACKER_SEED"),
        commit=environ.get("ASV_COMMIT", ""),
        environment=environ.get("ASV_ENV_NAME") or "existing",
        append=bool(_number(environ, "TRACKER_APPEND")),
    )


def _size(text: str) -> Size:
    try:
        return Size(text)
    except ValueError as error:
        raise BadSettingError("TRACKER_SIZE", text, " or ".join(Size)) from error


def _libraries(text: str, tracked: str) -> tuple[str, ...]:
    """The tracked library and those of *text* (or the controls), each once, in one order."""
    if text.strip() == ALL:
        return tuple(LIBRARIES)
    wanted = {name.strip() for name in text.split(",") if name.strip()} or set(CONTROLS)
    for name in wanted:
        if name not in LIBRARIES:
            raise UnknownLibraryError(name, LIBRARIES)
    return tuple(name for name in LIBRARIES if name in wanted | {tracked})


def _number(environ: Mapping[str, str], name: str) -> int:
    text = environ.get(name) or "0"
    if not text.isdecimal():
        raise BadSettingError(name, text, "a whole number, 0 or more")
    return int(text)
