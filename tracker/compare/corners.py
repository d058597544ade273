"""Counts old and new code with old and new packages: four environments of two commits.

Each environment is a copy of what asv has built, with other versions installed into it. All four
have paths of equal length: libraries that put file paths into their messages would otherwise send
more bytes for one of them.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tracker.asv.builds import COMPARE_FOLDER, Build, build_both
from tracker.asv.command import search_path
from tracker.compare.comparison import ComparisonRequest, Tools, alone_in, setup_of
from tracker.compare.counting import read_counts, request_counts
from tracker.compare.harness_pool import harness_pool
from tracker.compare.harness_turns import HarnessSetup
from tracker.compare.measurer import Label
from tracker.counts.instruments import INSTRUCTIONS, QUICK
from tracker.errors import DataError
from tracker.explain.attribution import Corners
from tracker.explain.explaining import CountedCommit
from tracker.model.counts import Counts
from tracker.suite.harness_environment import ready_harness
from tracker.suite.scenarios import choose, read_suite

SIDES = (Label.BASE, Label.HEAD)
ABSENT = ""
"""The version of a package that is not installed."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_VERSION = re.compile(r"([A-Za-z0-9][A-Za-z0-9.!+_-]*)?")

type Versions = Mapping[Label, Mapping[str, str]]
"""Name to version of the packages that differ, as either side has them."""

type Corner = tuple[Label, Label]
"""Whose code, whose packages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What was counted: base and head as they were, and each with the other's packages.

    Attributes:
        corners: by scenario.
        repository: the clone that the commits came from.
    """

    base: CountedCommit
    head: CountedCommit
    corners: Mapping[str, Corners]
    repository: str


def build_and_count(
    request: ComparisonRequest,
    tools: Tools,
    choose_packages: Callable[[Mapping[str, str]], Versions],
) -> Counted:
    """Build both commits, and count the first of the scenarios in all four environments.

    *choose_packages* takes what is installed, and gives what differs as `differing` does.

    Raises:
        UsageError: a commit, a scenario or the configuration does not exist, or another comparison
            is running here.
        DataError: a commit does not build, or does not run with the other's packages.
    """
    suite = read_suite(request.commits.config)
    scenario = choose(suite, request.scenarios)[0]
    with alone_in(suite.root / COMPARE_FOLDER):
        ready_harness(suite, (suite.project,))
        tools.say(f"building {request.commits.base} and {request.commits.head}")
        builds = dict(zip(SIDES, build_both(request.commits, tools.on_line), strict=True))
        for build in builds.values():
            if build.failure is not None:
                raise DataError(
                    f"{build.sha[:10]} does not build: {build.failure}", "name another commit"
                )
        packages = choose_packages(builds[Label.HEAD].packages)
        setup = setup_of(request, tools, suite, builds, 1)
        return count_corners(setup, builds, packages, scenario, tools.say)


def differing(base: Mapping[str, str], head: Mapping[str, str]) -> Versions:
    """Return the packages whose versions differ, as either side has them."""
    names = [name for name in sorted({*base, *head}) if base.get(name) != head.get(name)]
    return {
        label: {name: side.get(name, ABSENT) for name in names}
        for label, side in zip(SIDES, (base, head), strict=True)
    }


def count_corners(
    setup: HarnessSetup,
    builds: Mapping[Label, Build],
    packages: Versions,
    scenario: str,
    say: Callable[[str], None],
) -> Counted:
    """Count a scenario in all four environments, side by side on all cores.

    Raises:
        DataError: a version cannot be installed, or a commit does not run with it.
    """
    folder = setup.root / COMPARE_FOLDER / "corners"
    with environments(folder, builds, packages, say) as pythons:
        requests = [
            request_counts(
                replace(setup, pythons={code: python}), scenario, code, 0, (*QUICK, INSTRUCTIONS)
            )
            for (code, _), python in pythons.items()
        ]
        counted: dict[Corner, Counts] = {}
        with harness_pool(setup.command, setup.root, min(os.cpu_count() or 1, 4)) as pool:
            for corner, answer in zip(pythons, pool.ask(requests), strict=True):
                own_counts = read_counts(answer)
                if own_counts.counts is None:
                    raise DataError(f"{_told(corner)}: {own_counts.reason}", "split other versions")
                counted[corner] = own_counts.counts
                say(f"counted {scenario}, {_told(corner)}: {len(counted)} of {len(pythons)}")
    one, other = (
        CountedCommit(
            sha=builds[label].sha,
            counts={scenario: counted[label, label]},
            packages={name: text for name, text in packages[label].items() if text},
        )
        for label in SIDES
    )
    mixed = Corners(
        base_code=counted[Label.BASE, Label.HEAD], head_code=counted[Label.HEAD, Label.BASE]
    )
    return Counted(
        base=one,
        head=other,
        corners={scenario: mixed},
        repository=builds[Label.HEAD].repository,
    )


@contextmanager
def environments(
    folder: Path,
    builds: Mapping[Label, Build],
    packages: Versions,
    say: Callable[[str], None],
) -> Iterator[dict[Corner, str]]:
    """Make the four environments in *folder*, and remove them; yield the interpreter of each.

    Raises:
        DataError: a version cannot be installed.
    """
    shutil.rmtree(folder, ignore_errors=True)
    try:
        pythons = {}
        for code in SIDES:
            for other in SIDES:
                target = folder / f"{code.value}-{other.value}"
                say(f"installing {_told((code, other))}")
                shutil.copytree(Path(builds[code].python).parents[1], target, symlinks=True)
                pythons[code, other] = str(target / "bin" / "python")
                install(pythons[code, other], packages[other])
        yield pythons
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def install(python: str, packages: Mapping[str, str]) -> None:
    """Give the environment of *python* these versions, and nothing that they ask for besides.

    Raises:
        DataError: there is no such version, or it does not fit.
    """
    for name, version in packages.items():
        if not _NAME.fullmatch(name) or not _VERSION.fullmatch(version):
            raise DataError(f"{name}=={version} is not a package and version", "write redis==7.1.0")
    wanted = [f"{name}=={version}" for name, version in packages.items() if version != ABSENT]
    gone = [name for name, version in packages.items() if version == ABSENT]
    for what, names in ((("install", "--no-deps"), wanted), (("uninstall",), gone)):
        if names:
            _pip(python, *what, *names)


def _pip(python: str, what: str, *arguments: str) -> None:
    command = ("uv", "pip", what, "--quiet", "--python", python, *arguments)
    environment = {**os.environ, "PATH": search_path()}
    completed = subprocess.run(
        command, env=environment, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if completed.returncode:
        said = completed.stdout.decode(errors="replace").strip().splitlines()
        raise DataError(
            f"{' '.join(arguments)} cannot be installed: {said[-1] if said else 'uv says nothing'}",
            "check the versions, and that the package index can be reached",
        )


def _told(corner: Corner) -> str:
    code, packages = corner
    if code is packages:
        return code.value
    return f"{code.value} with the packages of {packages.value}"
