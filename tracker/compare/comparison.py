"""A comparison from two names of commits to its file's content."""

import fcntl
import math
import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from tracker.asv.builds import COMPARE_FOLDER, Build, Commits, build_both
from tracker.asv.command import AsvProject, cpu_model
from tracker.compare.assembly import Context, assemble
from tracker.compare.asv_turns import EVERYTHING, AsvMeasurer
from tracker.compare.counting import count_sides
from tracker.compare.explaining import Sampling, explain_comparison
from tracker.compare.harness_process import MEASURE
from tracker.compare.harness_turns import HarnessMeasurer, HarnessSetup
from tracker.compare.measurer import Label, OpenMeasurer, Reading
from tracker.compare.sampling import Sampled, sample_sides
from tracker.compare.session import Plan, Session
from tracker.compare.suite_state import suite_notes
from tracker.compare.turn_parts import divide
from tracker.counts.focus import Clock, Focus, focus
from tracker.errors import UsageError
from tracker.model import Metric
from tracker.model.comparison import Comparison, Side
from tracker.paired.policy import DEFAULT
from tracker.suite.harness_environment import find_harness, ready_harness
from tracker.suite.scenarios import Suite, choose, choose_libraries, read_suite

LEAST_TIMING_S = 1.0
"""Of the budget, where counting has used it up: the clock then begins nothing."""
MOST_DECIDED = 3
"""Scenarios that a budget is divided among: it is spent to decide, one after the other."""
LATEST_END = 1.5
"""Of the budget, for asv projects: what asv still runs then may take hours, and is interrupted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonRequest:
    """What the user asked for.

    Attributes:
        scenarios: comma-separated, "" for all.
        control: library beside base and head, "" for none.
        clock: which scenarios are timed once all are counted; only our own harness counts.
        sampled: whether a scenario is sampled also where no clock found one worse.
    """

    commits: Commits
    scenarios: str
    budget_s: float
    size: str
    seed: int
    control: str
    machine: str
    clock: Clock = Clock.MOVED
    sampled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What the command line joins in: `history` knows metrics and asv's files, we may not.

    Attributes:
        describe: (benchmark, unit) to what it measures.
        read: folder of asv results and a scenario's name to readings.
        say: takes a line of progress.
        on_line: takes a line of a tool's output, newline included.
    """

    describe: Callable[[str, str], Metric]
    read: Callable[[Path, str], tuple[Reading, ...]]
    say: Callable[[str], None]
    on_line: Callable[[str], None]


def compare(request: ComparisonRequest, tools: Tools) -> Comparison:
    """Build both sides, measure them in turns and judge; a side that fails is told, not raised.

    Raises:
        UsageError: a commit, a scenario, the control or the configuration does not exist, or
            another comparison is running here.
        ServerError: a server that the libraries need is missing.
        DataError: asv or the harness cannot be used at all.
    """
    suite = read_suite(request.commits.config)
    scenarios = choose(suite, request.scenarios)
    controls = choose_libraries(suite, request.control)
    with alone_in(suite.root / COMPARE_FOLDER):
        if suite.own_harness:
            ready_harness(suite, (suite.project, *controls))
        return _compare(request, tools, suite, scenarios, controls=bool(controls))


def compare_with_itself(request: ComparisonRequest, tools: Tools, seconds: float) -> Comparison:
    """Measure base against head, the same commit, for so long: what differs is the noise here.

    Nothing is counted. Turns are divided as in a comparison of `request.budget_s`, whose noise this
    is. Of several scenarios one after the other has the fewest rounds that decide anything.

    Raises:
        UsageError, ServerError, DataError: as `compare`.
    """
    suite = read_suite(request.commits.config)
    scenarios = choose(suite, request.scenarios)
    with alone_in(suite.root / COMPARE_FOLDER):
        if suite.own_harness:
            ready_harness(suite, (suite.project,))
        elif not request.scenarios:
            scenarios = (EVERYTHING,)
        started_ms = time.time_ns() // 1_000_000
        builds, prepared_s = _build(request, tools)
        broken = any(build.failure is not None for build in builds.values())
        plan = noise_plan(() if broken else scenarios, seconds, request.seed)
        open_measurer = _opener(request, tools, suite, builds, len(scenarios))
        measured = Session(plan, open_measurer, time.monotonic, tools.say).run()
        context = _context(request, suite, builds, started_ms=started_ms, prepared_s=prepared_s)
        return assemble(context, plan, measured)


def noise_plan(scenarios: tuple[str, ...], seconds: float, seed: int) -> Plan:
    """Return how equal code is measured: one scenario for so long, whatever could be decided.

    Of several, each has the fewest rounds that decide anything.
    """
    rounds = DEFAULT.max_rounds if len(scenarios) == 1 else DEFAULT.fewest_rounds
    return Plan(
        scenarios=scenarios,
        budget_s=seconds,
        seed=seed,
        policy=replace(DEFAULT, max_rounds=rounds, out_of_reach=math.inf),
        controls=False,
        in_order=True,
    )


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold *folder*, where base and head are built, for one comparison at a time.

    Raises:
        UsageError: another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    with (folder / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UsageError(
                f"another comparison is running in {folder}",
                "wait until it has ended, or compare in another clone",
            ) from error
        yield


def _compare(
    request: ComparisonRequest,
    tools: Tools,
    suite: Suite,
    scenarios: tuple[str, ...],
    *,
    controls: bool,
) -> Comparison:
    started_ms, began_s = time.time_ns() // 1_000_000, time.monotonic()
    builds, prepared_s = _build(request, tools)
    broken = any(build.failure is not None for build in builds.values())
    if not suite.own_harness and not request.scenarios:
        scenarios = (EVERYTHING,)
    counted, chosen = None, Focus(timed=() if broken else scenarios, left_out={})
    if suite.own_harness and not broken:
        setup = setup_of(request, tools, suite, builds, len(scenarios))
        counted = count_sides(setup, scenarios, request.seed, tools.say)
        chosen = focus(counted.scenarios, request.clock)
    plan = Plan(
        scenarios=chosen.timed,
        budget_s=max(request.budget_s - (time.monotonic() - began_s - prepared_s), LEAST_TIMING_S),
        seed=request.seed,
        policy=DEFAULT,
        controls=controls,
        in_order=counted is not None and request.clock is Clock.MOVED,
    )
    open_measurer = _opener(request, tools, suite, builds, len(chosen.timed))
    measured = Session(plan, open_measurer, time.monotonic, tools.say).run()
    context = replace(
        _context(request, suite, builds, started_ms=started_ms, prepared_s=prepared_s),
        counted=counted,
        not_timed=chosen.left_out,
        notes=() if suite.own_harness else tuple(suite_notes(suite, builds[Label.HEAD])),
    )
    comparison = assemble(context, plan, measured)
    if counted is None:
        return comparison

    def sample(scenario: str) -> Sampled:
        setup = setup_of(request, tools, suite, builds, 1)
        return sample_sides(setup, scenario, request.seed, tools.say)

    sampling = Sampling(sample=sample, always=request.sampled)
    explanation = explain_comparison(comparison, counted, builds, sampling)
    return msgspec.structs.replace(comparison, explanation=explanation)


def _build(request: ComparisonRequest, tools: Tools) -> tuple[dict[Label, Build], float]:
    """Both sides, and the seconds that building them took."""
    began_s = time.monotonic()
    tools.say(f"building {request.commits.base} and {request.commits.head}")
    base, head = build_both(request.commits, tools.on_line)
    return {Label.BASE: base, Label.HEAD: head}, time.monotonic() - began_s


def _context(
    request: ComparisonRequest,
    suite: Suite,
    builds: dict[Label, Build],
    *,
    started_ms: int,
    prepared_s: float,
) -> Context:
    """What a comparison's file says of its making."""
    base, head = builds[Label.BASE], builds[Label.HEAD]
    return Context(
        project=suite.project,
        base=_side(base, head, suite.project),
        head=_side(head, base, suite.project),
        machine=request.machine,
        control=request.control,
        size=request.size,
        asked_scenarios=choose(suite, request.scenarios) if request.scenarios else (),
        started_ms=started_ms,
        prepared_s=prepared_s,
        budget_s=request.budget_s,
    )


def _opener(
    request: ComparisonRequest,
    tools: Tools,
    suite: Suite,
    builds: dict[Label, Build],
    scenarios: int,
) -> OpenMeasurer:
    if suite.own_harness:
        setup = setup_of(request, tools, suite, builds, scenarios)
        return lambda: HarnessMeasurer(setup)
    project = AsvProject(
        config=request.commits.config,
        results=suite.root / COMPARE_FOLDER / "results",
        machine=request.machine,
        overrides={"repo": builds[Label.HEAD].repository},
    )
    measurer = AsvMeasurer(
        project=project,
        pythons={label: build.python for label, build in builds.items()},
        env_vars=builds[Label.HEAD].env_vars,
        shas={label: build.sha for label, build in builds.items()},
        read=tools.read,
        on_line=tools.on_line,
        limit_s=LATEST_END * request.budget_s,
    )
    return lambda: nullcontext(measurer)  # nothing lives between its turns


def setup_of(
    request: ComparisonRequest,
    tools: Tools,
    suite: Suite,
    builds: dict[Label, Build],
    scenarios: int,
) -> HarnessSetup:
    """How to start our harness for *builds*."""
    return HarnessSetup(
        root=suite.root,
        command=(find_harness(suite.root), *MEASURE),
        project=suite.project,
        pythons={label: build.python for label, build in builds.items()},
        control=request.control,
        size=request.size,
        describe=tools.describe,
        parts=divide(request.size, request.budget_s, min(scenarios, MOST_DECIDED)),
    )


def _side(build: Build, other: Build, project: str) -> Side:
    """What is known of a side; of packages its own version and what differs from the other's."""
    told = {
        name: version
        for name, version in build.packages.items()
        if name == project or (other.packages and other.packages.get(name) != version)
    }
    facts = {
        "cpu": cpu_model(),
        "cores": str(os.cpu_count()),
        "kernel": platform.release(),
        **{f"package {name}": version for name, version in sorted(told.items())[:60]},
    }
    return Side(
        sha=build.sha,
        subject=build.subject[:300],
        remark=build.remark[:300],
        facts=facts,
        failure=build.failure,
    )
