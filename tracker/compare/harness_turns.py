"""Measures turns with our own harness: one long-living process, a line of JSON each way per turn.

The harness keeps one broker for its whole life and starts fresh worker processes for every turn.
It runs in its own locked environment, never in ours: files and lines are the seam.
"""

import json
import selectors
import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from tracker.compare.measurer import Answer, Label, Reading, RowKey, Turn
from tracker.compare.parts import Parts, summarise
from tracker.model import Metric, Outcome
from tracker.suite.harness_environment import harness_variables
from tracker.system.ending import STOP_WITHIN_S, end

# The scenario's own limits are far below; this ends a harness that hangs.
TURN_LIMIT_S = 1200.0
MEASURE = ("-m", "benchmarks.harness.measure")


@dataclass(frozen=True, slots=True, kw_only=True)
class HarnessSetup:
    """How to start the harness, and what runs in it.

    Attributes:
        root: folder that holds asv.conf.json and benchmarks/.
        command: the harness; it is given `--lines`.
        project: the tracked library.
        pythons: interpreters of base and head.
        control: library that no commit changes, "" for none.
        size: quick or full.
        describe: (benchmark, unit) to what it measures.
        parts: into what a turn is divided.
    """

    root: Path
    command: tuple[str, ...]
    project: str
    pythons: Mapping[Label, str]
    control: str
    size: str
    describe: Callable[[str, str], Metric]
    parts: Parts


@dataclass(slots=True)
class HarnessMeasurer:
    """A running harness; started by the first turn, and again after it died."""

    setup: HarnessSetup
    _process: subprocess.Popen[str] | None = field(default=None, init=False)
    _log: IO[str] | None = field(default=None, init=False)
    _asked: int = field(default=0, init=False)

    def measure(self, turn: Turn) -> Answer:
        """Measure one turn of its scenario with fresh workers."""
        self._asked += 1
        try:
            return self._read(turn, self._ask(self._request(turn)))
        except (OSError, ValueError, LookupError) as error:
            reason = f"the harness died: {self._last_words() or error}"
            self._stop(at_once=True)
            return Answer(outcome=Outcome.FAILED, reason=reason, readings=(), facts={})

    def _request(self, turn: Turn) -> dict[str, object]:
        return {
            "id": self._asked,
            "label": turn.label.value,
            "library": self.setup.control if turn.is_control else self.setup.project,
            "python": None if turn.is_control else self.setup.pythons[turn.side],
            "scenario": turn.scenario,
            "size": self.setup.size,
            "seed": turn.seed,
            **asdict(self.setup.parts),
        }

    def _ask(self, request: Mapping[str, object]) -> dict[str, Any]:
        process = self._running()
        if process.stdin is None or process.stdout is None:
            raise OSError("no pipes")
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            if not selector.select(TURN_LIMIT_S):
                raise TimeoutError(f"no answer within {TURN_LIMIT_S:.0f} s")
        answer = json.loads(process.stdout.readline())
        if not isinstance(answer, dict) or answer.get("id") != request["id"]:
            raise ValueError("the answer belongs to another request")
        return answer

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None:
            self._log = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 - closed in _stop
            self._process = subprocess.Popen(
                [*self.setup.command, "--lines"],
                cwd=self.setup.root,
                env=harness_variables(self.setup.root),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                text=True,
                process_group=0,  # of Ctrl-C it hears from us, once
            )
        return self._process

    def _read(self, turn: Turn, answer: Mapping[str, Any]) -> Answer:
        outcome = Outcome(answer["outcome"])
        values = [
            (value, self.setup.describe(value["benchmark"], value["unit"]))
            for value in answer.get("values", ())
            if value["samples"]
        ]
        readings = tuple(
            Reading(
                key=RowKey(
                    scenario=turn.scenario,
                    benchmark=value["benchmark"],
                    params=tuple((str(name), str(text)) for name, text in value["params"]),
                ),
                metric=metric,
                library=self.setup.control if turn.is_control else self.setup.project,
                value=summarise(value["samples"], metric),
                samples=tuple(value["samples"]),
            )
            for value, metric in values
        )
        facts = (
            {} if turn.is_control else {str(k): str(v) for k, v in answer.get("facts", {}).items()}
        )
        return Answer(
            outcome=outcome, reason=str(answer.get("reason", "")), readings=readings, facts=facts
        )

    def _last_words(self) -> str:
        if self._log is None:
            return ""
        self._log.seek(0)
        lines = [line.strip() for line in self._log if line.strip()]
        return lines[-1] if lines else ""

    def _stop(self, *, at_once: bool) -> None:
        """End the harness: by closing its input, in the middle of a turn by a signal."""
        process, self._process = self._process, None
        if process is not None:
            with suppress(OSError):
                if process.stdin is not None:
                    process.stdin.close()
            if not at_once:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(STOP_WITHIN_S)
            end(process, signal.SIGTERM)
            if process.stdout is not None:
                process.stdout.close()
        if self._log is not None:
            self._log.close()
            self._log = None

    def __enter__(self) -> Self:
        """The harness starts with the first turn."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the harness."""
        self._stop(at_once=kind is not None)
