"""`tracker explain`: why two commits differ."""

import platform
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Unpack

import click
import msgspec

from tracker.asv.builds import Commits
from tracker.cli.compare import check_writable, run_comparison
from tracker.cli.options import Output, config_option, output_options, repo_option, results_option
from tracker.compare.comparison import Request
from tracker.counts.focus import Clock
from tracker.errors import DataError, ExitCode, UsageError
from tracker.explain.explaining import Findings, explain
from tracker.explain.recorded import recorded_commits, recorded_sides, recorded_stages
from tracker.history.asv.tree import open_tree
from tracker.history.config import Source, resolve_source
from tracker.history.run_records import read_run_records
from tracker.history.sources import read_code_change
from tracker.model.explanation import Explanation
from tracker.model.run_record import RunRecord
from tracker.report.escape import clean
from tracker.report.explanation import explanation_lines, missing_lines
from tracker.suite.scenarios import read_suite
from tracker.system.atomic import replace_file
from tracker.system.git import branch_ref, commit_of

COUNTING_LIMIT_S = 3600.0


@click.command("explain")
@click.argument("base")
@click.argument("head")
@config_option
@results_option
@repo_option
@click.option("--scenarios", default="", help="Only these scenarios, comma-separated.")
@click.option("--fresh", is_flag=True, help="Count both commits now, also where records have them.")
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
    out: Path | None,
    **output: Unpack[Output],
) -> int:
    """Say why HEAD costs more or less than BASE: functions, broker commands, packages.

    Run records that counted both commits are enough, also without a local clone: then BASE and HEAD
    are hashes or versions. Without records both are built and counted.
    """
    if out is not None:
        check_writable(out)
    source = resolve_source(config, results=results, repo=repo)
    explanation, missing = (None, ()) if fresh else _from_records(source, base, head, scenarios)
    if explanation is None:
        explanation = _count(config, repo or "", (base, head), scenarios, output)
    if out is not None:
        replace_file(out, [msgspec.json.format(msgspec.json.encode(explanation), indent=1) + b"\n"])
    name = partial(clean, limit=300)
    lines = explanation_lines(explanation, name)
    nothing = "What was counted is the same on both sides: there is nothing to explain."
    lines = lines if explanation.scenarios else [nothing, *lines]
    click.echo("\n".join([*lines, *(name(one) for one in missing)]))
    return ExitCode.FINE


def _from_records(
    source: Source, base: str, head: str, scenarios: str
) -> tuple[Explanation | None, Sequence[str]]:
    """The explanation from what was recorded, None where a commit was not counted; what it lacks.

    Raises:
        UsageError: a name is of no commit of the local clone, or of several recorded ones.
    """
    try:
        records, _ = read_run_records(open_tree(source.results))
    except DataError:
        records = ()
    library = source.project
    one, other = (_commit(source.repo, records, library, name) for name in (base, head))
    wanted = {name.strip() for name in scenarios.split(",") if name.strip()}
    chosen = [one for one in records if not wanted or one.scenario in wanted]
    sides = recorded_sides(chosen, library, one, other) if one and other else None
    if sides is None:
        return None, ()
    code = read_code_change(source.repo, one, other, library) if source.repo else None
    stages = recorded_stages(chosen, library, one, other)
    explanation = explain(library, *sides, code, Findings(stages=stages))
    return explanation, tuple(missing_lines(explanation, sides, str(source.repo or "")))


def _commit(repo: Path | None, records: Sequence[RunRecord], library: str, name: str) -> str:
    """The commit that *name* names: in the clone, a branch of the remote's as well; else recorded.

    Returns:
        "" where there is no clone and nothing was recorded.
    """
    if repo is None:
        found = recorded_commits(records, library, name)
        if len(found) > 1:
            shown = ", ".join(sha[:10] for sha in found[:3])
            raise UsageError(f"{name} may be any of {shown}", "name one by its hash")
        return found[0] if found else ""
    sha = commit_of(repo, name) or commit_of(repo, branch_ref(repo, name))
    if sha:
        return sha
    raise UsageError(f"{repo} has no commit {name}", "name a commit, branch or tag of it")


def _count(
    config: str, repo: str, names: tuple[str, str], scenarios: str, output: Output
) -> Explanation:
    """Build and count both commits.

    Raises:
        UsageError: the suite is not ours, so that nothing can be counted.
    """
    base, head = names
    if not read_suite(Path(config)).own_harness:
        raise UsageError(
            f"the benchmarks of {config} cannot count, and nothing else explains",
            "explain commits that our own suite has measured: see docs/explaining.md",
        )
    request = Request(
        commits=Commits(config=Path(config), repo=repo, base=base, head=head, exact=True),
        scenarios=scenarios,
        budget_s=COUNTING_LIMIT_S,
        size="quick",
        seed=0,
        control="",
        machine=platform.node(),
        clock=Clock.NONE,
    )
    comparison = run_comparison(request, output)
    for side in (comparison.base, comparison.head):
        if side.failure is not None:
            raise DataError(f"{side.sha[:10]} could not be built: {side.failure}", "name another")
    if comparison.explanation is None:
        raise DataError(f"the counts of {base} and {head} cannot be read", "run it again")
    return comparison.explanation
