"""`tracker explain`: why two commits differ."""

import platform
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
from tracker.explain.recorded import recorded_sides, recorded_stages
from tracker.history.asv.tree import open_tree
from tracker.history.config import Source, resolve_source
from tracker.history.run_records import read_run_records
from tracker.history.sources import read_code_change
from tracker.model.explanation import Explanation
from tracker.report.escape import clean
from tracker.report.explanation import explanation_lines
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

    Run records that counted both commits are enough; without them both are built and counted.
    """
    if out is not None:
        check_writable(out)
    source = resolve_source(config, results=results, repo=repo)
    explanation = None if fresh else _from_records(source, base, head, scenarios)
    if explanation is None:
        explanation = _count(config, repo or "", (base, head), scenarios, output)
    if out is not None:
        replace_file(out, [msgspec.json.format(msgspec.json.encode(explanation), indent=1) + b"\n"])
    lines = explanation_lines(explanation, partial(clean, limit=300))
    nothing = "What was counted is the same on both sides: there is nothing to explain."
    click.echo("\n".join(lines if explanation.scenarios else [nothing, *lines]))
    return ExitCode.FINE


def _from_records(source: Source, base: str, head: str, scenarios: str) -> Explanation | None:
    """The explanation from what was recorded; None where a commit was not counted."""
    if source.repo is None:
        return None
    try:
        records, _ = read_run_records(open_tree(source.results))
    except DataError:
        return None
    one, other = (_sha(source.repo, name) for name in (base, head))
    wanted = {name.strip() for name in scenarios.split(",") if name.strip()}
    chosen = [one for one in records if not wanted or one.scenario in wanted]
    sides = recorded_sides(chosen, source.project, one, other)
    if sides is None:
        return None
    code = read_code_change(source.repo, one, other, source.project)
    stages = recorded_stages(chosen, source.project, one, other)
    return explain(source.project, *sides, code, Findings(stages=stages))


def _sha(repo: Path, name: str) -> str:
    """The commit that *name* names; a branch of the remote's as well."""
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
