"""Starts asv for us, and sees to its end."""

import json
import math
import os
import platform
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

import psutil

from tracker.asv.benchmark_failures import BenchmarkFailure, read_failures
from tracker.system.child_processes import end
from tracker.system.scratch import scratch_folder

LINE_WIDTH = 500
"""Of asv's lines, which it cuts: the names of benchmarks in them are read."""

FAILURES = "failures.jsonl"

ASV = (sys.executable, "-m", "tracker.asv.entry")


@dataclass(frozen=True, slots=True, kw_only=True)
class AsvProject:
    """Where asv works, and what differs from its configuration file.

    Attributes:
        config: the project's asv.conf.json.
        results: folder of the results tree.
        machine: name under which this machine's results are kept.
        overrides: attributes of asv's configuration that differ from the file.
        new_of: scenarios that NEW is of; other ranges need none.
    """

    config: Path
    results: Path
    machine: str
    overrides: Mapping[str, object]
    new_of: tuple[str, ...] = ()

    @property
    def records(self) -> Path:
        """Folder of this machine's run records."""
        return self.results / self.machine / "records"


def describe_machine(name: str) -> dict[str, object]:
    """This machine as asv keeps it. The kernel release is left out: it is no other machine."""
    memory_gib = psutil.virtual_memory().total / 2**30
    return {
        "machine": name,
        "os": platform.system(),
        "arch": platform.machine(),
        "cpu": cpu_model(),
        "num_cpu": str(os.cpu_count()),
        "ram": f"{memory_gib:.0f} GiB",
    }


def cpu_model() -> str:
    """The processor's own name, or what the platform module makes of it."""
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def run_asv(  # noqa: PLR0913 - each by its name
    project: AsvProject,
    arguments: Sequence[str],
    *,
    environment: Mapping[str, str],
    on_line: Callable[[str], None],
    on_failure: Callable[[BenchmarkFailure], None] = lambda _: None,
    limit_s: float = math.inf,
) -> int:
    """Run one asv command to its end and return its exit code.

    Args:
        project: where asv works.
        arguments: the asv command and its options, without `--config`.
        environment: variables added to ours.
        on_line: called with every line that asv prints, newline included.
        on_failure: called with every benchmark that failed, in the end.
        limit_s: after so long it is interrupted.
    """
    command, *options = arguments
    with _private_folder() as scratch:
        code = run_lines(
            [*ASV, command, "--config", str(project.config.absolute()), *options],
            {**os.environ, **_settings(project, scratch), **environment, "TMPDIR": str(scratch)},
            on_line,
            ending=Ending(limit_s=limit_s),
        )
        for failure in read_failures(scratch / FAILURES):
            on_failure(failure)
        return code


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a command is told to end before it does by itself.

    SIGINT is the one signal on which asv ends what it has started: builds have process groups of
    their own. With another signal the command has one too: of Ctrl-C it hears from us, once.

    Attributes:
        stop: the signal.
        limit_s: after so long it gets the signal, too.
    """

    stop: signal.Signals = signal.SIGINT
    limit_s: float = math.inf


def run_lines(
    command: Sequence[str],
    environment: Mapping[str, str],
    on_line: Callable[[str], None],
    *,
    folder: Path | None = None,
    ending: Ending = Ending(),
) -> int:
    """Run *command*, hand on its lines, return its exit code; what ends us ends it by *ending*.

    Args:
        command: what to run.
        environment: all of its variables.
        on_line: called with every line that it prints.
        folder: where it runs, None for where we are.
        ending: how it is told to end.
    """
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        process_group=None if ending.stop is signal.SIGINT else 0,
    )
    limit = Timer(ending.limit_s, process.send_signal, (ending.stop,))
    if math.isfinite(ending.limit_s):
        limit.start()
    try:
        assert process.stdout is not None  # noqa: S101 - we asked for the pipe just above
        for line in process.stdout:
            on_line(line)
        return process.wait()
    finally:
        limit.cancel()
        end(process, ending.stop)
        if process.stdout is not None:
            process.stdout.close()


@contextmanager
def _private_folder() -> Iterator[Path]:
    """A folder for the temporary files of asv and all it starts; none outlives it."""
    with scratch_folder() as folder:
        folder.chmod(0o711)  # database servers, which run as another user, keep their data in it
        try:
            yield folder
        finally:
            end_fork_servers(folder)


def end_fork_servers(folder: Path) -> None:
    """Kill the fork servers, with what they forked, that asv left in *folder* when it died.

    An asv that ends, also by Ctrl-C, has removed the server's own folder.
    """
    sockets = {str(left / "socket") for left in folder.glob("asv-forkserver-*")}
    for process in psutil.process_iter() if sockets else ():
        with suppress(psutil.Error, ProcessLookupError):
            if not sockets.isdisjoint(process.cmdline()):
                os.killpg(process.pid, signal.SIGKILL)


def _settings(project: AsvProject, scratch: Path) -> dict[str, str]:
    results = project.results.absolute()
    machine_file = scratch / "machine.json"
    description = {project.machine: describe_machine(project.machine), "version": 1}
    machine_file.write_text(json.dumps(description, indent=1), encoding="utf-8")
    settings = {
        "overrides": {"results_dir": str(results)} | dict(project.overrides),
        "machine_file": str(machine_file),
        "records": str(project.records.absolute()),
        "scenarios": project.new_of,
        "failures": str(scratch / FAILURES),
    }
    return {
        "TRACKER_ASV": json.dumps(settings),
        "TRACKER_MACHINE": project.machine,
        "TRACKER_RESULTS": str(results),
        "PATH": search_path(),
        "COLUMNS": str(LINE_WIDTH),
        "PYTHONUNBUFFERED": "1",
    }


def search_path() -> str:
    """PATH for asv: our interpreter comes before any shim that only pretends to be it."""
    base, own = Path(sys.base_prefix) / "bin", Path(sys.executable).parent
    return os.pathsep.join((str(base), str(own), os.environ["PATH"]))
