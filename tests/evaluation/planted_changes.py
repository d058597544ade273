"""Whether every small change is found by the metric that is made for it.

    python -m tests.evaluation.planted_changes [--write]

Copies of the environments of AsyncTasQ, taskiq and huey get one change each: a line, a call, a
command, a round trip, an allocation, a piece of C code. Each is compared with the untouched library
by the code of `tracker compare`, which counts again what is not exact. What was found is kept in
.asv/study/changes, so that a study can be gone on with; `--write` puts the table into RESULTS.md.
"""

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import msgspec

from benchmarks.harness.shared.command import command_line
from benchmarks.harness.shared.environments import default_root, ensure_environment
from tests.evaluation.causes.plants import insert
from tests.evaluation.planted.copies import SCENARIO, STUDY, setup_for
from tests.evaluation.planted.plant import copy_environment
from tests.evaluation.results_page import check_markers, write_table
from tracker.compare.counting import Job, SideCounts, decide_sides, read_counts
from tracker.compare.harness_pool import HarnessPool, harness_pool
from tracker.compare.measurer import Label
from tracker.counts.instruments import INSTRUCTIONS, QUICK
from tracker.model import Verdict
from tracker.model.catalogue import METRICS
from tracker.model.explanation import CauseKind

SECTION = "planted changes"
FOLDER = STUDY / "changes"
SIDE_BY_SIDE = 3
BASES = 2
"""Counts of an untouched library: for the first of all comparisons, and to count again with."""

PLACES = {
    "worker": ("asynctasq", "asynctasq/core/worker.py", "Worker._process_task"),
    "producer": ("asynctasq", "asynctasq/core/dispatcher.py", "Dispatcher.dispatch"),
    "driver, taking": ("asynctasq", "asynctasq/drivers/redis_driver.py", "RedisDriver.dequeue"),
    "driver, ending": ("asynctasq", "asynctasq/drivers/redis_driver.py", "RedisDriver._ack_impl"),
    "driver, sending": ("asynctasq", "asynctasq/drivers/redis_driver.py", "RedisDriver.enqueue"),
    "serialiser, writing": (
        "asynctasq", "asynctasq/serializers/msgspec_serializer.py", "MsgspecSerializer.serialize",
    ),
    "serialiser, reading": (
        "asynctasq", "asynctasq/serializers/msgspec_serializer.py", "MsgspecSerializer.deserialize",
    ),
    "taskiq's worker": ("taskiq", "taskiq/receiver/receiver.py", "Receiver.run_task"),
    "taskiq's producer": ("taskiq", "taskiq/kicker.py", "AsyncKicker._prepare_message"),
    "taskiq's driver": ("taskiq", "taskiq_redis/redis_broker.py", "RedisStreamBroker.kick"),
    "huey's worker": ("huey", "huey/api.py", "Huey._execute"),
    "huey's producer": ("huey", "huey/api.py", "Huey.enqueue"),
    "huey's driver": ("huey", "huey/storage.py", "RedisStorage.enqueue"),
}  # fmt: skip
"""Library, file and function: each runs once per task."""

LINE, CALL = "_planted = None", "_planted = len(())"
EXISTS = 'self.client and await self.client.exists("planted")'
OBJECT, OBJECTS = "_planted = object()", "_planted = [object() for _ in range(20)]"
PING = "self.client and await self.client.ping()"
INCR = "            pipe.incr(completed_key)\n"
XADD = "            await redis_conn.xadd(\n                queue_name,\n"
LINES, SENT_LINES = "lines_per_task", "enqueue_lines_per_task"
CALLS, SENT_CALLS = "calls_per_task", "enqueue_calls_per_task"
COMMANDS, TRIPS = "broker_commands_per_task", "round_trips_per_task"
ALLOCATIONS, SENT_ALLOCATIONS = "allocations_per_task", "enqueue_allocations_per_task"
EXECUTED, SENT_EXECUTED = "instructions_per_task", "enqueue_instructions_per_task"


@dataclass(frozen=True, slots=True)
class Change:
    """One change, and the metric that is made for it.

    Attributes:
        place: of `PLACES`.
        amount: so much of *metric* a task costs more.
        statement: what is put at the beginning of the function, or for *instead*.
        instead: the text that stands there once, "" for the beginning of the function.
    """

    kind: str
    place: str
    metric: str
    amount: float
    statement: str
    instead: str = ""

    @property
    def library(self) -> str:
        """Whose change it is."""
        return PLACES[self.place][0]

    @property
    def instruments(self) -> tuple[str, ...]:
        """What the comparison counts with: instructions, which take longest, where asked for."""
        return (*QUICK, INSTRUCTIONS) if self.metric in (EXECUTED, SENT_EXECUTED) else QUICK

    def apply(self, environment: Path) -> None:
        """Make it in *environment*."""
        _, file, function = PLACES[self.place]
        (path,) = environment.glob(f"lib/python3*/site-packages/{file}")
        text = path.read_text(encoding="utf-8")
        if not self.instead:
            changed = insert(text, CauseKind.FUNCTION, function, self.statement)
        elif text.count(self.instead) == 1:
            changed = text.replace(self.instead, self.statement)
        else:
            raise SystemExit(f"{file} has not exactly one {self.instead!r}")
        path.write_text(changed, encoding="utf-8")


CHANGES = (
    Change("line", "worker", LINES, 1, LINE),
    Change("line", "producer", SENT_LINES, 1, LINE),
    Change("line", "driver, ending", LINES, 1, LINE),
    Change("line", "serialiser, reading", LINES, 1, LINE),
    Change("line", "taskiq's worker", LINES, 1, LINE),
    Change("line", "huey's worker", LINES, 1, LINE),
    Change("call", "driver, taking", CALLS, 1, CALL),
    Change("call", "producer", SENT_CALLS, 1, CALL),
    Change("call", "driver, sending", SENT_CALLS, 1, CALL),
    Change("call", "serialiser, writing", SENT_CALLS, 1, CALL),
    Change("call", "taskiq's producer", SENT_CALLS, 1, CALL),
    Change("call", "huey's producer", SENT_CALLS, 1, CALL),
    Change("command", "driver, taking", COMMANDS, 1, EXISTS),
    Change("command", "driver, sending", COMMANDS, 1, EXISTS),
    Change(
        "command in a pipeline", "driver, ending", COMMANDS, 1,
        f'{INCR}            pipe.exists("planted")\n', INCR,
    ),
    Change(
        "command", "taskiq's driver", COMMANDS, 1,
        f'            await redis_conn.exists("planted")\n{XADD}', XADD,
    ),
    Change("round trip", "driver, ending", TRIPS, 1, PING),
    Change("round trip", "driver, sending", TRIPS, 1, PING),
    Change(
        "round trip, the same commands", "driver, ending", TRIPS, 1,
        f"            await pipe.execute()\n{INCR}", INCR,
    ),
    Change("round trip", "huey's driver", TRIPS, 1, 'self.conn.exists("planted")'),
    Change("one allocation", "worker", ALLOCATIONS, 1, OBJECT),
    Change("one allocation", "producer", SENT_ALLOCATIONS, 1, OBJECT),
    Change("one allocation", "huey's producer", SENT_ALLOCATIONS, 1, OBJECT),
    Change("20 allocations", "driver, ending", ALLOCATIONS, 20, OBJECTS),
    Change("20 allocations", "serialiser, writing", SENT_ALLOCATIONS, 20, OBJECTS),
    Change("20 allocations", "taskiq's producer", SENT_ALLOCATIONS, 20, OBJECTS),
    Change("1 % of instructions, in C", "worker", EXECUTED, 11_200, "sum(bytes(170))"),
    Change("1 % of instructions, in C", "driver, sending", SENT_EXECUTED, 5_600, "sum(bytes(76))"),
    Change("2 % of instructions, in C", "serialiser, reading", EXECUTED, 22_400, "sum(bytes(365))"),
    Change("2 % of instructions, in C", "producer", SENT_EXECUTED, 11_200, "sum(bytes(170))"),
)  # fmt: skip


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a comparison said of one metric, or why it could not be made."""

    metric: str = ""
    base: float = 0.0
    head: float = 0.0
    moved: bool = False
    verdict: str = ""
    reason: str = ""


type Counting = Callable[[Path, str, Sequence[str], int], SideCounts]
"""Interpreter, library, instruments and layout of memory to what was counted."""


def counting(pool: HarnessPool) -> Counting:
    """How one library is counted once, with fresh workers."""
    setup = setup_for("quick", 900)

    def count(python: Path, library: str, instruments: Sequence[str], layout: int) -> SideCounts:
        asked = setup.ask_of(Label.HEAD, SCENARIO, 0) | {"library": library, "python": str(python)}
        request = {**asked, "count": True, "instruments": list(instruments), "layout": layout}
        return read_counts(next(pool.ask([request])))

    return count


def count_bases(count: Counting, threads: ThreadPoolExecutor) -> dict[str, list[SideCounts]]:
    """Count every untouched library."""
    libraries = dict.fromkeys(change.library for change in CHANGES)
    waiting = {}
    for library in libraries:
        instruments = (*QUICK, INSTRUCTIONS) if library == "asynctasq" else QUICK
        python = copy_environment(untouched(library), FOLDER / f"{library}-00")
        waiting[library] = [
            threads.submit(count, python, library, instruments, layout) for layout in range(BASES)
        ]
    return {library: [one.result() for one in all_] for library, all_ in waiting.items()}


def untouched(library: str) -> Path:
    """The library's own environment."""
    python = ensure_environment(library, root=default_root(), base_python=Path(sys.executable))
    return python.parents[1]


def find(
    number: int, change: Change, bases: Sequence[SideCounts], count: Counting
) -> Sequence[Found]:
    """Plant *change*, compare, and keep what is found."""
    kept = FOLDER / f"{number:02}.json"
    if kept.exists():
        return msgspec.json.decode(kept.read_bytes(), type=tuple[Found, ...])
    copy = FOLDER / f"{change.library}-{number:02}"
    python = copy_environment(untouched(change.library), copy)
    change.apply(copy)
    turns = iter(bases)

    def ask(jobs: Sequence[Job], layout: int) -> dict[Job, SideCounts]:
        base = next(turns)
        head = count(python, change.library, change.instruments, layout)
        return {job: base if job[1] is Label.BASE else head for job in jobs}

    judged = decide_sides([SCENARIO], ask).scenarios[SCENARIO]
    shutil.rmtree(copy)
    found = [
        Found(
            metric=one.metric.name,
            base=one.base,
            head=one.head,
            moved=one.moved,
            verdict=one.verdict.value,
        )
        for one in judged.changes
    ] or [Found(reason=judged.reason)]
    if judged.changes:
        kept.write_bytes(msgspec.json.encode(found))
    sys.stderr.write(f"{row(change, found)}\n")
    return found


def row(change: Change, found: Sequence[Found]) -> str:
    """What became of one change."""
    own = next((one for one in found if one.metric == change.metric), Found())
    worse = [one.metric for one in found if one.verdict == Verdict.WORSE]
    others = ", ".join(name for name in worse if name != change.metric)
    cells = (
        change.kind,
        f"{change.place} (`{PLACES[change.place][2]}`)",
        change.metric,
        f"{own.base:,.10g} → {own.head:,.10g}" if own.metric else found[0].reason,
        "yes" if is_found(change, found) else "**no**",
        f"{gates(own)}{'' if gates(own) == should_gate(change, own) else ' **(wrong)**'}",
        others,
    )
    return f"| {' | '.join(cells)} |"


def is_found(change: Change, found: Sequence[Found]) -> bool:
    """Whether the metric that is made for it has moved, its way."""
    return any(one.metric == change.metric and one.moved and one.head > one.base for one in found)


def gates(own: Found) -> str:
    """Whether the metric says "worse" and fails a comparison."""
    return "yes" if own.verdict == Verdict.WORSE and METRICS[own.metric].gates else "no"


def should_gate(change: Change, own: Found) -> str:
    """Whether it is documented to: a metric that gates, from its floor on."""
    metric = METRICS[change.metric]
    return "yes" if metric.gates and change.amount >= metric.floor * own.base else "no"


def table(found: Mapping[Change, Sequence[Found]]) -> Iterator[str]:
    """A row per change, and how many were found."""
    yield "| planted | where | metric | base → head | found | gates | also worse |"
    yield "|---|---|---|---|---|---|---|"
    yield from (row(change, one) for change, one in found.items())
    right = sum(is_found(change, one) for change, one in found.items())
    yield f"\n{right} of {len(found)} found by the metric that is made for it."


def main() -> None:
    """Plant, compare, and print the table."""
    parser = command_line("tests.evaluation.planted_changes", __doc__)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    if given.write:
        check_markers(SECTION)
    FOLDER.mkdir(parents=True, exist_ok=True)
    setup = setup_for("quick", 900)
    with (
        harness_pool(setup.command, setup.root, SIDE_BY_SIDE) as pool,
        ThreadPoolExecutor(SIDE_BY_SIDE) as threads,
    ):
        count = counting(pool)
        bases = count_bases(count, threads)
        waiting = [
            (change, threads.submit(find, number, change, bases[change.library], count))
            for number, change in enumerate(CHANGES, 1)
        ]
        found = {change: one.result() for change, one in waiting}
    text = "\n".join(table(found))
    sys.stdout.write(f"{text}\n")
    if given.write:
        write_table(SECTION, text)


if __name__ == "__main__":
    main()
