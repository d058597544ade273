"""The untouched library and its copies: built, counted, and read."""

import argparse
import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.evaluation.planted.copies import ROOT, STUDY, setup_for
from tests.evaluation.planted.plant import copy_environment
from tests.evaluation.results_page import check_markers
from tracker.asv.builds import Commits, build_both
from tracker.compare.harness_pool import harness_pool
from tracker.model.counts import Counts, convert_counts

FOLDER = STUDY / "causes"
SCENARIO = "basic_throughput"
INSTRUMENTS = ("functions", "allocations", "broker")
LIST_PACKAGES = (
    "import importlib.metadata as m, json;"
    "print(json.dumps({d.name: d.version for d in m.distributions()}))"
)


def parse_options(
    description: str | None, name: str, *, each: int, equal: int
) -> argparse.Namespace:
    """Read the options of the study called *name* in RESULTS.md.

    Args:
        description: of the program.
        name: of its table.
        each: plants of each kind, where nothing else is asked for.
        equal: how often equal code is explained, likewise.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--repo", required=True)
    parser.add_argument("--commit", default="v1.7.0")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=each, help="plants of each kind")
    parser.add_argument("--equal", type=int, default=equal, help="measurements of equal code")
    parser.add_argument("--write", action="store_true", help="write tests/evaluation/RESULTS.md")
    options = parser.parse_args()
    if options.write:
        check_markers(name)
    return options


def count_untouched(repo: str, commit: str) -> tuple[Path, Counts]:
    """Return the environment of the untouched library, and its counts."""
    base = base_environment(repo, commit)
    (counted,) = count([base / "bin/python"], seed=0)
    if counted is None:
        raise SystemExit("the untouched library could not be counted")
    return base, counted


def base_environment(repo: str, commit: str) -> Path:
    """Build *commit*, and return a copy of its environment."""
    target = FOLDER / "base"
    commits = Commits(
        config=ROOT / "asv.conf.json", repo=repo, base=commit, head=commit, exact=True
    )
    built, _ = build_both(commits, lambda _: None)
    if built.failure:
        raise SystemExit(built.failure)
    copy_environment(Path(built.python).parents[1], target)
    return target


def package_of(environment: Path) -> Path:
    """The folder of AsyncTasQ in *environment*."""
    (package,) = environment.glob("lib/python3*/site-packages/asynctasq")
    return package


def sources(environment: Path) -> dict[str, str]:
    """All files of the library by their path from the package on."""
    package = package_of(environment)
    return {
        str(path.relative_to(package.parent)): path.read_text(encoding="utf-8")
        for path in package.rglob("*.py")
    }


def packages(environment: Path) -> Mapping[str, str]:
    """What is installed beside the library."""
    command = [str(environment / "bin/python"), "-c", LIST_PACKAGES]
    versions = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return {name: version for name, version in versions.items() if name != "asynctasq"}


def count(pythons: Sequence[Path], seed: int) -> list[Counts | None]:
    """Count the scenario with each interpreter, side by side; None where it fails."""
    setup = setup_for("quick", 900)
    requests: list[Mapping[str, object]] = [
        {
            "count": True,
            "label": str(python),
            "library": "asynctasq",
            "python": str(python),
            "scenario": SCENARIO,
            "size": "quick",
            "seed": seed,
            "instruments": INSTRUMENTS,
        }
        for python in pythons
    ]
    with harness_pool(setup.command, setup.root, len(requests)) as pool:
        answers = list(pool.ask(requests))
    return [_counts(answer) for answer in answers]


def _counts(answer: object) -> Counts | None:
    counted = isinstance(answer, dict) and answer.get("outcome") == "counted"
    return convert_counts(answer["counts"]) if counted else None
