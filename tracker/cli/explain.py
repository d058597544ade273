"""`tracker explain`: why two commits differ."""

import platform
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Unpack

import click
import msgspec

from tracker.asv.builds import Commits
from tracker.cli.compare import check_writable, run_comparison, split_by_counting
from tracker.cli.options import Output, config_option, output_options, repo_option, results_option
from tracker.compare.comparison import ComparisonRequest
from tracker.compare.corners import Versions, differing
from tracker.counts.focus import Clock
from tracker.errors import DataError, ExitCode, UsageError
from tracker.explain.explaining import Findings, explain
from tracker.explain.recorded_sides import (
    recorded_commits,
    recorded_corners,
    recorded_packages,
    recorded_pythons,
    recorded_sides,
    recorded_stages,
)
from tracker.history.asv.tree import open_tree
from tracker.history.config import Source, resolve_source
from tracker.history.package_sources import read_code_change
from tracker.history.run_records import read_run_records
from tracker.model.explanation import Explanation
from tracker.model.run_record import RunRecord
from tracker.report.escape import clean
from tracker.report.explanation import (
    absent_lines,
    explanation_lines,
    missing_lines,
    other_interpreter_lines,
)
from tracker.suite.scenarios import read_suite
from tracker.system.atomic import replace_file
from tracker.system.git import named_commit

COUNTING_LIMIT_S = 3600.0


@click.command("explain")
@click.argument("base")
@click.argument("head")
@config_option
@results_option
@repo_option
@click.option("--scenarios", default="", help="Only these scenarios, comma-separated.")
@click.option("--fresh", is_flag=True, help="Count both commits now, even if records have counts.")
@click.option(
    "--split",
    is_flag=True,
    help="Separate code from packages: count each commit with the packages of both.",
)
@click.option(
    "--base-packages",
    default="",
    metavar="NAME==VERSION,...",
    help="For --split: packages of BASE, instead of those in its run records.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write the explanation to, as JSON.",
)
@output_options
def command(  # noqa: PLR0913 - one parameter per option
    *,
    base: str,
    head: str,
    config: str,
    results: str | None,
    repo: str | None,
    scenarios: str,
    fresh: bool,
    split: bool,
    base_packages: str,
    out: Path | None,
    **output: Unpack[Output],
) -> int:
    """Explain why HEAD costs more or less than BASE: functions, broker commands, packages.

    Run records with counts of both commits are enough, even without a local clone; BASE and HEAD
    are then hashes or versions. Otherwise both are built and counted.
    """
    if out is not None:
        check_writable(out)
    source = resolve_source(config, results=results, repo=repo)
    missing: Sequence[str] = ()
    request = _request(config, repo or "", (base, head), scenarios)
    if split or base_packages:
        explanation = _split(request, source, _versions(base_packages), output)
    else:
        recorded, missing = _from_records(source, base, head, scenarios, fresh=fresh)
        explanation = recorded or _count(request, output)
    if out is not None:
        replace_file(out, [msgspec.json.format(msgspec.json.encode(explanation), indent=1) + b"\n"])
    name = partial(clean, limit=300)
    lines = explanation_lines(explanation, name)
    nothing = "What was counted is the same on both sides: there is nothing to explain."
    lines = lines if explanation.scenarios else [nothing, *lines]
    missing = [*missing, *absent_lines(explanation.absent)]
    click.echo("\n".join([*lines, *(name(one) for one in missing)]))
    return ExitCode.FINE


def _from_records(
    source: Source, base: str, head: str, scenarios: str, *, fresh: bool
) -> tuple[Explanation | None, Sequence[str]]:
    """The explanation from what was recorded, None where a commit was not counted; what it lacks.

    Raises:
        UsageError: a name is of no commit of the local clone, or of several recorded ones.
    """
    if fresh:
        return None, ()
    records, library = _records(source), source.project
    one, other = (_commit(source.repo, records, library, name) for name in (base, head))
    wanted = {name.strip() for name in scenarios.split(",") if name.strip()}
    chosen = [one for one in records if not wanted or one.scenario in wanted]
    sides = recorded_sides(chosen, library, one, other) if one and other else None
    if sides is None:
        pythons = recorded_pythons(chosen, library, one, other)
        return None, tuple(other_interpreter_lines(*pythons))
    code = read_code_change(source.repo, one, other, library) if source.repo else None
    stages = recorded_stages(chosen, library, one, other)
    corners = recorded_corners(chosen, library, *sides)
    explanation = explain(library, *sides, code, Findings(stages=stages, corners=corners))
    return explanation, tuple(missing_lines(explanation, sides, str(source.repo or "")))


def _records(source: Source) -> Sequence[RunRecord]:
    try:
        return read_run_records(open_tree(source.results))[0]
    except DataError:
        return ()


def _commit(repo: Path | None, records: Sequence[RunRecord], library: str, name: str) -> str:
    """The commit that *name* names: in the clone, a branch of the remote's as well; else recorded.

    Returns:
        "" where there is no clone and nothing was recorded.
    """
    if repo is None:
        commits = recorded_commits(records, library, name)
        if len(commits) > 1:
            shown = ", ".join(sha[:10] for sha in commits[:3])
            raise UsageError(f"{name} is ambiguous: {shown}", "name one by its hash")
        return commits[0] if commits else ""
    sha = named_commit(repo, name)
    if sha:
        return sha
    raise UsageError(f"{repo} has no commit {name}", "name a commit, branch or tag of it")


def _request(config: str, repo: str, names: tuple[str, str], scenarios: str) -> ComparisonRequest:
    base, head = names
    return ComparisonRequest(
        commits=Commits(config=Path(config), repo=repo, base=base, head=head, exact=True),
        scenarios=scenarios,
        budget_s=COUNTING_LIMIT_S,
        size="quick",
        seed=0,
        control="",
        machine=platform.node(),
        clock=Clock.NONE,
        sampled=True,
    )


def _refuse_to_count(request: ComparisonRequest) -> None:
    """Refuse a suite that is not ours, so that nothing can be counted."""
    if not read_suite(request.commits.config).own_harness:
        raise UsageError(
            f"the benchmarks of {request.commits.config} record no counts to explain a change with",
            "explain commits that our own suite has measured: see docs/explaining.md",
        )


def _count(request: ComparisonRequest, output: Output) -> Explanation:
    """Build and count both commits."""
    _refuse_to_count(request)
    comparison = run_comparison(request, output)
    for side in (comparison.base, comparison.head):
        if side.failure is not None:
            raise DataError(
                f"{side.sha[:10]} could not be built: {side.failure}", "name another commit"
            )
    if comparison.explanation is None:
        names = f"{request.commits.base} and {request.commits.head}"
        raise DataError(f"the counts of {names} cannot be read", "run it again")
    return comparison.explanation


def _versions(text: str) -> dict[str, str]:
    """Read `NAME==VERSION,...`."""
    pairs = [one.strip().partition("==") for one in text.split(",") if one.strip()]
    for name, _, version in pairs:
        if not name or not version:
            raise UsageError(f"--base-packages {text} names no versions", "write redis==7.1.0")
    return {name: version for name, _, version in pairs}


def _split(
    request: ComparisonRequest, source: Source, base_packages: Mapping[str, str], output: Output
) -> Explanation:
    """Build both commits, and count each with either one's packages."""
    _refuse_to_count(request)
    library = source.project
    recorded = None if base_packages else _recorded_versions(request, source)

    def choose(installed: Mapping[str, str]) -> Versions:
        return recorded or differing(
            base_packages, {name: installed.get(name, "") for name in base_packages}
        )

    counted = split_by_counting(request, choose, output)
    repository = Path(counted.repository)
    code = read_code_change(repository, counted.base.sha, counted.head.sha, library)
    findings = Findings(corners=counted.corners)
    return explain(library, counted.base, counted.head, code, findings)


def _recorded_versions(request: ComparisonRequest, source: Source) -> Versions:
    """What differs of the packages that both commits were measured with.

    Raises:
        UsageError: nothing does.
    """
    records, library = _records(source), source.project
    names = (request.commits.base, request.commits.head)
    shas = [_commit(source.repo, records, library, name) for name in names]
    base, head = (recorded_packages(records, library, sha) for sha in shas)
    if base == head:
        raise UsageError(
            "run records name no package whose versions differ",
            "name those of BASE: --base-packages redis==7.1.0",
        )
    return differing(base, head)
