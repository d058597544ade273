"""The `tracker` command: one file per sub-command, joined here and nowhere else.

1. `options`: those that several commands share; `progress_line`: how far a long one has come.
2. `loading`: options -> `History`; `judging`: `History` -> `JudgedHistory`.
3. `overview`: both -> `Overview`, for `report` and `detect`; `auto_search`: one -> searches by
   themselves, for `bisect`.
"""

import gc
import importlib
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import click

from tracker.errors import DataError, ExitCode, TrackerError, UsageError
from tracker.report.escape import terminal

# Characters of an error that are shown: a message may quote a file that somebody else wrote.
LONGEST = 2_000

# What shells say of a command that was ended by SIGINT or SIGPIPE.
INTERRUPTED = 130
UNREAD = 141
_BLAS_THREADS = "OPENBLAS_NUM_THREADS"

# sub-command: (module of this package, one line of help). Modules load only when used; none may be
# called `run`, which would take the place of the function below.
COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("init", "Set up a repository on GitHub: workflows, settings, triage."),
    "doctor": ("doctor", "Show what works here, what is missing, and what to do."),
    "releases": ("releases", "Build a git repository from a library's releases."),
    "run": ("run_commits", "Measure commits with asv and add the results."),
    "report": ("report", "Show the latest verdicts and the changes detected."),
    "detect": ("detect", "Show the change points of any asv results."),
    "compare": ("compare", "Measure two commits in turn and report what changed."),
    "explain": ("explain", "Explain why two commits differ."),
    "bisect": ("bisect", "Find the commit that changed a metric."),
    "comment": ("comment", "Post a comparison to its pull request."),
    "command": ("command", "Measure a pull request on a `/benchmark` comment."),
    "sweep": ("sweep", "Report runs whose checks were left open."),
    "follow-up": ("follow_up", "Tell merged pull requests what later commits show."),
    "results": ("results", "Fetch and store results on their branch."),
    "import": ("import_results", "Add results of other tools to a history."),
    "export": ("export_history", "Write a history as CSV, Parquet, asv or BMF."),
    "publish": ("publish", "Write the trend site."),
    "serve": ("serve", "Show the trend site on this machine."),
    "plan": ("plan", "Split the scenarios into shards for a CI matrix."),
    "scenarios": ("scenarios", "Show what each library can do in each scenario."),
    "compare-libraries": ("compare_libraries", "Compare the libraries with each other."),
}


class _Lazy(click.Group):
    """A group that imports a sub-command only when it is asked for; help stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        if name not in COMMANDS:
            return None
        with _without_blas_threads():
            module = importlib.import_module(f"tracker.cli.{COMMANDS[name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@contextmanager
def _without_blas_threads() -> Iterator[None]:
    """Have numpy loaded without threads for products of matrices, of which no command makes any.

    Starting them takes as long as importing all of numpy. The variable is taken back, so that
    nothing that is measured inherits it.
    """
    before = os.environ.get(_BLAS_THREADS)
    os.environ[_BLAS_THREADS] = before or "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_BLAS_THREADS]


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="asynctasq-tracker")
def group() -> None:
    """Track the performance of task-queue libraries over commits, pull requests and releases."""


def main(argv: list[str] | None = None) -> None:
    """Run the command line and leave the process with a documented exit code."""
    # Asked to stop, we leave as after Ctrl-C: through every `finally` on the way.
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:  # as under nohup
            signal.signal(number, signal.default_int_handler)
    # Hardly anything a command makes refers to itself: looking for that, most of all in everything
    # there is at the end, takes as long as a tenth of publishing.
    gc.set_threshold(100_000, 20, 20)
    code = run(argv)
    gc.freeze()
    sys.exit(code)


def run(argv: list[str] | None = None) -> int:
    """Run the command line; return the exit code (see `ExitCode`)."""
    try:
        code = group.main(args=argv, prog_name="tracker", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        click.echo("tracker: interrupted", err=True)
        return INTERRUPTED
    except SystemExit as end:
        # So click ends when nobody reads our output any more, with the code of a regression.
        return UNREAD if end.code else int(ExitCode.FINE)
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not end as a regression does
        if not {"-v", "--verbose"}.isdisjoint(argv if argv is not None else sys.argv):
            traceback.print_exc()
        return _tell(_explain(error))
    return int(code or ExitCode.FINE)


def _explain(error: Exception) -> TrackerError:
    """What the user is told of *error*: also of one that no command foresaw."""
    if isinstance(error, TrackerError):
        return error
    if isinstance(error, click.ClickException):
        context = getattr(error, "ctx", None)
        path = context.command_path if context else "tracker"
        return UsageError(error.format_message(), f"{path} --help")
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        why = f"{where}{error.strerror or error}"
        return DataError(
            why, "check that it exists, that you may use it, and that the disk has space"
        )
    what = f"{type(error).__name__}: {error}"
    return DataError(f"unexpected {what}", "run it again with --verbose and report the traceback")


def _tell(error: TrackerError) -> int:
    message, next_step = (terminal(text, LONGEST) for text in (error.message, error.next_step))
    click.echo(f"tracker: {message}\n    try: {next_step}", err=True)
    return int(error.exit_code)
