"""`tracker run`: asv's run with what this product needs switched on."""

import hashlib
import os
import platform
import socket
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Unpack

import click

from tracker.asv.benchmark_failures import BenchmarkFailure
from tracker.asv.command import LINE_WIDTH, AsvProject, run_asv
from tracker.asv.failure_messages import LINES_KEPT, refusal
from tracker.asv.progress import RunProgress, ScenarioProgress, followed_file
from tracker.cli.options import Output, config_option, output_options, size_option
from tracker.cli.progress_line import progress_line
from tracker.errors import ExitCode, UsageError
from tracker.history.config import resolve_source
from tracker.model.catalogue import COUNTED
from tracker.report.escape import clean
from tracker.suite.harness_environment import ready_harness
from tracker.suite.scenarios import Suite, choose, choose_libraries, read_suite

NEW = "NEW"
NOTHING_TO_DO = ("No commit hashes selected", "No benchmarks selected")
SOME_CELLS_FAILED = 2
ALL_LIBRARIES = "all"
MOST_REASONS = 10


@click.command("run")
@click.argument("commits", metavar="[RANGE]", default=NEW)
@config_option
@click.option("--results", type=click.Path(path_type=Path), help="Folder of the results tree.")
@click.option("--repo", help="Repository of the tracked project, instead of asv's.")
@click.option("--machine", default=platform.node(), help="Name of this machine in the results.")
@click.option("--scenarios", default="", help="Only these scenarios, comma-separated.")
@click.option(
    "--libraries",
    default="",
    help='Other libraries to measure as controls, comma-separated, or "all" (default: celery).',
)
@size_option
@click.option("--only", type=click.Choice(["counts", "times"]), help="Only count, or only time.")
@click.option("--append", is_flag=True, help="Measure again and add the samples.")
@output_options
def command(  # noqa: PLR0913 - one parameter per option
    *,
    commits: str,
    config: str,
    results: Path | None,
    repo: str | None,
    machine: str,
    scenarios: str,
    libraries: str,
    size: str,
    only: str | None,
    append: bool,
    **output: Unpack[Output],
) -> int:
    """Measure the commits of RANGE with asv and add the results.

    RANGE is asv's: NEW (default), ALL, TAGS, A..B, COMMIT^!, HASHFILE:path. NEW is every
    commit since this machine's newest results of each scenario; on a new machine, the newest
    commit. What has been measured is not measured again unless --append is given. A commit that
    fails does not stop the others. Tasks of the tracked library are timed and counted; --only does
    one of the two.
    """
    if Path(machine).name != machine or machine in {"", ".."}:
        raise UsageError(f"{machine!r} cannot be the name of a machine", "choose a name without /")
    suite = read_suite(Path(config))
    source = resolve_source(config, results=str(results) if results else None)
    project = AsvProject(
        config=Path(config),
        results=Path(source.results),
        machine=machine,
        overrides=_other_repository(repo, suite.root) if repo else {},
        new_of=choose(suite, scenarios) if commits == NEW else (),
    )
    arguments = ["run", commits, "--machine", machine, "--record-samples"]
    arguments += ["--append-samples"] if append else ["--skip-existing"]
    chosen = _libraries(suite, libraries)
    arguments += _selection(suite, scenarios, chosen, only)
    arguments += _launch(suite)
    if output["verbose"]:
        arguments += ["--verbose", "--show-stderr"]
    environment = {"TRACKER_SIZE": size, "TRACKER_LIBRARIES": libraries, "TRACKER_ONLY": only or ""}
    environment |= {"TRACKER_APPEND": "1"} if append else {}
    if suite.own_harness:
        ready_harness(suite, chosen or (suite.project,))
    return _run(project, arguments, environment, output)


def _libraries(suite: Suite, asked: str) -> tuple[str, ...]:
    """The libraries whose cells are selected; none when it is left to the suite, or all are."""
    named = choose_libraries(suite, asked) if asked != ALL_LIBRARIES else ()
    return (suite.project, *named) if named else ()


def _selection(
    suite: Suite, scenarios: str, libraries: tuple[str, ...], only: str | None
) -> list[str]:
    """The options that select cells; a library that is not wanted then starts no process."""
    if only and not suite.own_harness:
        raise UsageError("--only: this suite is not counted", "leave --only out")
    module = f"^({'|'.join(choose(suite, scenarios))})\\." if scenarios else ""
    counted = f".*\\.track_({'|'.join(sorted(COUNTED))})\\b"
    half = {"counts": counted, "times": f"(?!{counted})"}[only] if only else ""
    library = f".*\\('({'|'.join(libraries)})'" if libraries else ""
    pattern = module + half + library
    return ["--bench", pattern if module or not half else f"^{pattern}"] if pattern else []


def _launch(suite: Suite) -> list[str]:
    """The option that has values looked up by forks of one process instead of many new ones.

    Our harness measures elsewhere, and its benchmark modules start no threads, which forks of
    another suite might miss.
    """
    forks = hasattr(os, "fork") and hasattr(socket, "AF_UNIX")
    return ["--launch-method", "forkserver"] if forks and suite.own_harness else []


def _run(
    project: AsvProject, arguments: list[str], environment: dict[str, str], output: Output
) -> int:
    lines: deque[str] = deque(maxlen=LINES_KEPT)
    failures: list[BenchmarkFailure] = []
    nothing_to_do = False
    with progress_line(quiet=output["quiet"]) as line:
        run = RunProgress(
            on_change=lambda step: line.show(f"{step.title} {step.detail}".rstrip(), step.share),
            on_end=lambda step: line.write(_ended(step, line.left(step.share))),
        )

        def on_asv_line(text: str) -> None:
            nonlocal nothing_to_do
            nothing_to_do |= any(words in text for words in NOTHING_TO_DO)
            lines.append(text)
            run.read_asv(text)
            if output["verbose"]:
                line.write(text.rstrip("\n"))

        with followed_file(run.read_harness) as file:
            environment |= {"TRACKER_PROGRESS": str(file)}
            code = run_asv(
                project,
                arguments,
                environment=environment,
                on_line=on_asv_line,
                on_failure=failures.append,
            )
        run.close()
    if nothing_to_do:
        click.echo("tracker: nothing new to measure", err=True)
        return ExitCode.FINE
    if code == SOME_CELLS_FAILED:
        _tell_failures(failures)
        return ExitCode.CANNOT_TELL
    if code:
        raise refusal(lines, f"asv ended with exit code {code}")
    return ExitCode.FINE


def _tell_failures(failures: Sequence[BenchmarkFailure]) -> None:
    """Say why benchmarks failed: for most projects nobody else does, as asv keeps no reasons."""
    labels: dict[str, set[str]] = {}
    for one in failures:
        labels.setdefault(one.reason, set()).add(_label(one))
    for reason, failed in list(labels.items())[:MOST_REASONS]:
        more = f" and {len(failed) - 1} more" if len(failed) > 1 else ""
        click.echo(clean(f"tracker: {min(failed)}{more}: {reason}", LINE_WIDTH), err=True)
    click.echo("tracker: some benchmarks failed; `tracker report` lists them", err=True)


def _label(failure: BenchmarkFailure) -> str:
    return failure.benchmark + (f"({', '.join(failure.params)})" if failure.params else "")


def _ended(step: ScenarioProgress, left: str) -> str:
    """The line that says that a scenario of a commit has been measured."""
    outcome = "failed" if step.failed else "measured"
    return ", ".join(filter(None, (f"{step.title} {outcome}", left)))


def _other_repository(repo: str, folder: Path) -> dict[str, object]:
    """What differs for another repository: its own environments, so that no checkout is shared."""
    name = hashlib.sha256(repo.encode()).hexdigest()[:8]
    where = Path(repo)
    return {
        "repo": str(where.absolute()) if where.exists() else repo,
        "env_dir": str(folder / ".asv" / f"env-{name}"),
    }
