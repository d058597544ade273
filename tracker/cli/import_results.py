"""`tracker import`: other tools' results into an asv results tree."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Unpack

import click

from tracker.cli.options import Output, config_option, output_options, repo_option, results_option
from tracker.errors import DataError, ExitCode, UsageError
from tracker.exchange.files.import_files import commit_in_name, list_sources, read_source
from tracker.exchange.files.results_tree import Intake, ResultsTree
from tracker.exchange.formats.recognition import NAMES, find_format
from tracker.exchange.measurement import ImportedRun, Omissions, UnreadableFileError
from tracker.exchange.placer import KnownCommit, Placer
from tracker.exchange.safe_names import machine_name
from tracker.history import resolve_source
from tracker.report.escape import terminal
from tracker.system.git import run_git
from tracker.units import agree, count

_UNKNOWN = "its format is not known"
_NEXT_STEP = f"fix it, or force a format: --from {'|'.join(NAMES)}"


class Where(Output):
    """The options besides FILE."""

    config: str
    results: str | None
    repo: str | None
    machine: str | None
    commit: str | None
    form: str | None
    samples: int | None


@click.command("import")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, allow_dash=True, path_type=Path),
)
@config_option
@results_option
@repo_option
@click.option(
    "--machine",
    metavar="NAME",
    help="Machine of the results (default: system and architecture in the file).",
)
@click.option(
    "--commit", metavar="REV", help="Commit of files that name none (default: HEAD of --repo)."
)
@click.option(
    "--from",
    "form",
    type=click.Choice(NAMES),
    metavar="FORMAT",
    help=f"Format of the files: {', '.join(NAMES)} (default: recognized by content).",
)
@click.option(
    "--samples",
    type=click.IntRange(min=1),
    metavar="N",
    help="Keep at most N repeats of each value, evenly spaced (default: all).",
)
@output_options
def command(files: tuple[Path, ...], **options: Unpack[Where]) -> int:
    """Add results of other tools to an asv results tree.

    Formats: github-action-benchmark (data.js), pytest-benchmark, pyperf, hyperfine, Google
    Benchmark, criterion (folder or cargo-criterion messages), Bencher (BMF). A folder stands for
    the files in it, - for standard input. Importing again adds only what is new.
    """
    work = _Import(
        tree=ResultsTree(_results_folder(options), samples=options["samples"]),
        placer=Placer(
            lambda revision: _find_commit(options["repo"], revision),
            commit=options["commit"],
            machine=_machine(options["machine"]),
        ),
        form=options["form"],
    )
    for path in files:
        for source in list_sources(path):
            work.add(source, is_named=source == path)
    if not work.files and not work.failures:
        raise DataError(f"{files[0]} contains no results in a known format", _NEXT_STEP)
    work.tree.write()
    _report(work.intake, work.omissions, quiet=options["quiet"])
    if work.failures:
        (path, why, next_step), more = work.failures[0], len(work.failures) - 1
        others = "; other files were imported" if work.files else ""
        raise DataError(
            f"{path} was not imported: {why}{f' (and {more} more)' if more else ''}",
            f"{next_step}{others}",
        )
    return ExitCode.FINE


@dataclass(slots=True, kw_only=True)
class _Import:
    """One call: where everything goes, and what came of it."""

    tree: ResultsTree
    placer: Placer
    form: str | None
    files: int = 0
    intake: Intake = field(default_factory=Intake)
    omissions: Omissions = field(default_factory=Omissions)
    failures: list[tuple[Path, str, str]] = field(default_factory=list)

    def add(self, source: Path, *, is_named: bool) -> None:
        """Add one file; one that cannot be read costs itself.

        Where its format is not known it is counted, unless the user has named it: a folder may
        hold anything.
        """
        try:
            document = read_source(source)
            known = find_format(document, self.form)
            parsed = known.parse(document) if known else None
        except UnreadableFileError as error:
            self.failures.append((source, str(error), _NEXT_STEP))
            return
        if parsed is None and is_named:
            self.failures.append((source, _UNKNOWN, _NEXT_STEP))
        elif parsed is None:
            self.omissions.add("files", _UNKNOWN, str(source))
        else:
            self.files += 1
            self.omissions.extend(parsed.omissions)
            self._add_runs(source, parsed.runs)

    def _add_runs(self, source: Path, runs: Iterable[ImportedRun]) -> None:
        for run in runs:
            try:
                origin = self.placer.place(run, commit_in_name(source), self.omissions)
                self.tree.add(origin, run, self.intake, self.omissions)
            except DataError as error:
                self.failures.append((source, error.message, error.next_step))


def _results_folder(options: Where) -> Path:
    address = resolve_source(options["config"], results=options["results"]).results
    if "://" in address:
        raise UsageError(f"{address} is not a local folder", "import into one: --results DIR")
    return Path(address)


def _machine(name: str | None) -> str | None:
    if name is not None and machine_name(name) != name:
        raise UsageError(
            f"--machine {name!r} cannot be a folder name", "use letters, digits and hyphens"
        )
    return name


def _find_commit(repo: str | None, revision: str) -> KnownCommit | None:
    """Return what git knows of *revision*, in *repo* or the folder that we are in."""
    try:
        line = run_git(
            "log", "-1", "--no-show-signature", "--format=%H %at", "--end-of-options", revision,
            "--", repo=Path(repo or os.curdir), next_step="name a clone: --repo DIR",
        )  # fmt: skip
    except DataError:
        return None
    sha, _, date_s = line.strip().partition(" ")
    return KnownCommit(sha, int(date_s) * 1000) if sha else None


def _report(intake: Intake, omissions: Omissions, *, quiet: bool) -> None:
    before = (
        f"; {intake.known:,} {agree(intake.known, 'was', 'were')} already there"
        if intake.known
        else ""
    )
    click.echo(
        f"{count(intake.values, 'value')} of {count(len(intake.benchmarks), 'benchmark')} "
        f"at {count(len(intake.commits), 'commit')} imported{before}"
    )
    for each in () if quiet else omissions.listing():
        text = f"note: {each.count:,} x {each.what}: {each.why}, such as {each.example}"
        click.echo(terminal(text), err=True)
