"""Comparisons named after their hazard.

Every renderer and reader of a comparison is tested on them. `python -m
tests.support.comparison_examples` writes what is kept of them: the file of one, the texts of all.
"""

from pathlib import Path

import msgspec
import numpy as np

from tests.support.explained import COMMANDS, USUAL, cost, counts, edited, why
from tracker.model import Verdict
from tracker.model import comparison as c
from tracker.model.catalogue import METRICS
from tracker.model.explanation import Explanation
from tracker.report.comparison.file import decode, encode
from tracker.report.comparison.text import render

GOLDEN = Path(__file__).parents[1] / "golden"
TEXTS = GOLDEN / "comparison_texts"
FILE = GOLDEN / "comparison.json"
"""The example `one_regression` as it is stored: a change of the format shows there."""
BASE_SHA = "5a1e57b0" * 5
HEAD_SHA = "4ead57b0" * 5
LEVELS = {
    "throughput": 1834.2,
    "latency_p50": 0.01234,
    "latency_p95": 0.0456,
    "cpu_per_kilotask": 0.448,
    "memory_peak": 67.3 * 2**20,
}
FACTS = {
    "cpu": "AMD EPYC 7763 64-Core Processor",
    "cores": "2",
    "kernel": "6.8.0-1014-azure",
    "python": "3.13.0",
    "broker": "redis 8.2.3",
}


def side(*, head: bool, version: str = "1.4.0", failure: str | None = None) -> c.Side:
    """Base or head with the facts of one machine."""
    return c.Side(
        sha=HEAD_SHA if head else BASE_SHA,
        subject="Batch the acknowledgements" if head else "Release 1.4.0",
        remark="head of feature/batching" if head else "merge base of main and feature/batching",
        facts=FACTS | {"asynctasq": version},
        failure=failure,
    )


def summary(level: float, cv: float, seed: int, n: int = 8) -> c.Summary:
    """One side's samples around *level*."""
    samples = level * np.exp(np.random.default_rng(seed).normal(0, cv, n))
    q25, median, q75 = (digits(q) for q in np.quantile(samples, (0.25, 0.5, 0.75)))
    return c.Summary(
        median=median,
        q25=q25,
        q75=q75,
        cv=digits(samples.std(ddof=1) / samples.mean()),
        n=n,
        samples=tuple(digits(x) for x in samples),
    )


def digits(value: float) -> float:
    """Six digits, so that the files are the same on every CPU."""
    return float(f"{value:.6g}")


def row(
    metric: str = "throughput",
    *,
    scenario: str = "basic_throughput",
    size: str = "1000",
    ratio: float = 1.0,
    cv: float = 0.01,
    verdict: Verdict = Verdict.NO_CHANGE,
    check: c.Reproduction = c.Reproduction.NOT_MEASURED,
    seed: int = 1,
) -> c.Row:
    """One row whose interval fits its verdict."""
    known = METRICS[metric]
    half = 1 + 2.5 * cv
    undecided = verdict is Verdict.CANNOT_TELL
    reasons = {
        Verdict.NO_CHANGE: "the interval lies within what matters",
        Verdict.CANNOT_TELL: "the interval holds both no change and a change that matters",
        Verdict.WORSE: "worse, and the interval excludes no change",
        Verdict.BETTER: "better, and the interval excludes no change",
    }
    return c.Row(
        benchmark=f"{scenario}.Burst.track_{metric}",
        scenario=scenario,
        library="asynctasq",
        metric=metric,
        params=(("tasks", size),),
        unit=known.unit,
        better=known.better,
        gates=known.gates,
        floor=known.floor,
        base=summary(LEVELS[metric], cv, seed),
        head=summary(LEVELS[metric] * ratio, cv, seed + 10_000),
        ratio=digits(ratio),
        low=digits(ratio / half),
        high=digits(ratio * half),
        p_value=0.0004 if verdict in {Verdict.WORSE, Verdict.BETTER} else 0.6,
        noise_floor=1.2 * cv,
        verdict=verdict,
        minimum_detectable_effect=2.5 * cv,
        rounds=8,
        rounds_to_settle=17 if undecided else None,
        check=check,
        control_divided_out=False,
        reason=reasons[verdict],
    )


def control(ratio: float, low: float, high: float, *, moved: bool) -> c.ControlRatio:
    """How the control moved; where it did, the rows are corrected by it."""
    return c.ControlRatio(
        library="celery",
        scenario="basic_throughput",
        metric="throughput",
        ratio=ratio,
        low=low,
        high=high,
        moved=moved,
        divided_out=moved,
    )


def comparison(
    rows: tuple[c.Row, ...],
    reason: str,
    *,
    head: c.Side | None = None,
    noise: float = 0.012,
    **more: object,
) -> c.Comparison:
    """A whole comparison around *rows*; the conclusion follows from them."""
    head = head or side(head=True)
    failed = more.get("failed", ())
    whole = c.Comparison(
        version=c.VERSION,
        project="asynctasq",
        conclusion=c.conclude(side(head=False), head, rows, failed),  # type: ignore[arg-type]
        reason=reason,
        base=side(head=False),
        head=head,
        machine="github-ubuntu-24.04",
        differences=(),
        settings=c.Settings(
            budget_s=900, size="full", scenarios=(), seed=7, alpha=0.01, max_rounds=40
        ),
        started_ms=1_764_000_000_000,
        prepared_s=31.5,
        measured_s=612.0 if rows else 0.0,
        rounds=8 if rows else 0,
        aa_rounds=4 if rows else 0,
        noise=(
            c.NoiseFloor(metric="all", relative=noise if rows else None, pairs=20 if rows else 0),
            *(
                c.NoiseFloor(metric=name, relative=noise, pairs=4)
                for name in sorted({row.metric for row in rows})
            ),
        ),
        controls=(control(1.004, 0.97, 1.039, moved=False),) if rows else (),
        rows=rows,
        new=(),
        vanished=(),
        failed=(),
        expected_false_alarms=0.01,
        notes=(),
    )
    return msgspec.structs.replace(whole, **more)


def all_metrics(**options: object) -> tuple[c.Row, ...]:
    """One row of each metric of LEVELS."""
    return tuple(row(name, seed=i, **options) for i, name in enumerate(LEVELS))  # type: ignore[arg-type]


def one_regression() -> c.Comparison:
    """Throughput fell and CPU rose, reproduced with fresh processes; one other metric improved."""
    worse = {"verdict": Verdict.WORSE, "check": c.Reproduction.CONFIRMED}
    rows = (
        row("throughput", ratio=0.912, **worse),  # type: ignore[arg-type]
        row("cpu_per_kilotask", ratio=1.094, seed=3, **worse),  # type: ignore[arg-type]
        row(
            "memory_peak",
            ratio=0.93,
            seed=4,
            verdict=Verdict.BETTER,
            check=c.Reproduction.CONFIRMED,
        ),
        row("latency_p50", cv=0.06, seed=5, verdict=Verdict.CANNOT_TELL),
        row("latency_p95", seed=6),
    )
    return comparison(rows, "2 gating metrics are worse: throughput and cpu_per_kilotask")


def counted(metric: str, base: float, head: float, scenario: str = "basic_throughput") -> c.Row:
    """A counted row, exact: the same on both sides is no change."""
    known = METRICS[metric]
    verdict = Verdict.NO_CHANGE if base == head else Verdict.WORSE
    return c.Row(
        benchmark=f"{scenario}.Burst.track_{metric}", scenario=scenario, library="asynctasq",
        metric=metric, params=(), unit=known.unit, better=known.better, gates=known.gates,
        floor=known.floor, base=exactly(base), head=exactly(head), ratio=head / base,
        low=head / base, high=head / base, p_value=None, noise_floor=0.0, verdict=verdict,
        minimum_detectable_effect=known.floor, rounds=1, rounds_to_settle=None,
        check=c.Reproduction.NOT_MEASURED, control_divided_out=False, counted=True,
        reason="the same on both sides" if base == head else "counted on both sides",
    )  # fmt: skip


def exactly(value: float) -> c.Summary:
    """A value without any spread."""
    return c.Summary(median=value, q25=value, q75=value, cv=None, n=1)


def only_counted(*rows: c.Row, explanation: Explanation | None = None) -> c.Comparison:
    """A comparison that spent no time on the clock."""
    worse = sum(row.gates and row.verdict is Verdict.WORSE for row in rows)
    reason = f"{worse or 'none'} of 1 gating metric got worse"
    return msgspec.structs.replace(
        comparison(rows, reason),
        rounds=0, aa_rounds=0, noise=(), notes=(),
        not_timed=(c.NotTimed(scenario="basic_throughput", reason="no count moved"),),
        not_counted={"instructions": "valgrind is not installed"},
        explanation=explanation,
    )  # fmt: skip


def many_rows(count: int = 500) -> c.Comparison:
    """A large suite: a tenth worse, a tenth better, a tenth undecided."""
    verdicts = (Verdict.WORSE, Verdict.BETTER, Verdict.CANNOT_TELL, *[Verdict.NO_CHANGE] * 7)
    ratios = {Verdict.WORSE: 0.8, Verdict.BETTER: 1.2}
    rows = tuple(
        row(
            scenario=f"scenario_{i // 25:02}",
            size=str(100 * (i % 25 + 1)),
            verdict=verdicts[i % 10],
            ratio=ratios.get(verdicts[i % 10], 1.0) ** (1 + i / count),
            seed=i,
        )
        for i in range(count)
    )
    return comparison(tuple(map(without_samples, rows)), "50 gating metrics are worse")


def without_samples(row: c.Row) -> c.Row:
    """The row as a writer that must save space would have it."""
    bare = {
        name: msgspec.structs.replace(getattr(row, name), samples=()) for name in ("base", "head")
    }
    return msgspec.structs.replace(row, **bare)


def unpaired(benchmark: str, which: str, reason: str = "") -> c.Unpaired:
    """A benchmark without a partner."""
    return c.Unpaired(
        benchmark=benchmark,
        scenario=benchmark.split(".", maxsplit=1)[0],
        library="asynctasq",
        params=(("tasks", "1000"),),
        side=which,
        reason=reason,
    )


def hostile() -> c.Comparison:
    """Names that try to break out of a table, a comment or a marker."""
    names = (
        "a|b`c`.Burst.track_throughput",
        "line\nbreak.Burst.track_throughput",
        "<img src=x onerror=alert(1)>.Burst.track_throughput",
        "@everyone <!-- tracker:comment -->.Burst.track_throughput",
        "\u202egnp.exe.Burst.track_throughput",
        "[link](javascript:alert(1)) ](x) &lt; \\.Burst.track_throughput",
    )
    rows = tuple(
        msgspec.structs.replace(row(seed=i), benchmark=name, scenario=name.split(".")[0])
        for i, name in enumerate(names)
    )
    whole = comparison(rows, "nothing is worse | `really`\n# @here <b>")
    head = msgspec.structs.replace(whole.head, subject="Fix |`\n\n# <!-- --> @all \u202e")
    return msgspec.structs.replace(
        whole, head=head, notes=("note | `x` <script> @me",), explanation=explained(names[2])
    )


def explained(name: str) -> Explanation:
    """One more command of this *name*, sent by a function of this name, beside one not run."""
    commands = {**COMMANDS, "worker": {**COMMANDS["worker"], name: 1.0}}
    costs = (*USUAL[1:], cost("Driver.ack", 4, 2), cost(name, 63, role="producer"))
    head = counts(costs, commands, round_trips_per_task=3.0)
    source = edited('"q", 1, task)', '"q", 2, task)') + "\ndef rare(): ...\n"
    return why(counts(round_trips_per_task=2.0), head, source)


EXAMPLES = {
    "clean": lambda: comparison(all_metrics(), "all gating metrics are unchanged"),
    "one_regression": one_regression,
    "everything_unstable": lambda: comparison(
        all_metrics(cv=0.25, verdict=Verdict.CANNOT_TELL),
        "5 of 5 gating metrics are undecided within the budget",
        noise=0.31,
        notes=("base against base differs by up to 31 %: this machine is too noisy",),
    ),
    "new_and_vanished": lambda: comparison(
        all_metrics(),
        "all gating metrics are unchanged",
        new=(unpaired("event_streaming.Events.track_delivery_p50", "head"),),
        vanished=(unpaired("multi_queue.Priorities.track_wait_low", "base"),),
        differences=(
            c.Difference(fact="asynctasq", base="1.4.0", head="1.5.0.dev1"),
            c.Difference(fact="redis (package)", base=None, head="7.1.0"),
        ),
    ),
    "failed_benchmark": lambda: comparison(
        all_metrics(),
        "1 benchmark fails in head",
        failed=(
            unpaired("real_world.Orders.track_throughput", "head", "3 of 1,000 tasks were lost"),
        ),
    ),
    "failed_head_build": lambda: comparison(
        (),
        "head could not be built",
        head=side(head=True, failure="pip install failed: error: invalid pyproject.toml"),
    ),
    "control_moved": lambda: msgspec.structs.replace(
        comparison(all_metrics(), "all gating metrics are unchanged"),
        controls=(control(0.93, 0.9, 0.962, moved=True),),
    ),
    "counted_equal": lambda: only_counted(
        counted("round_trips_per_task", 2.0, 2.0), counted("lines_per_task", 396.0, 396.0)
    ),
    "counted_worse": lambda: only_counted(
        counted("round_trips_per_task", 2.0, 3.0),
        counted("lines_per_task", 396.0, 399.0),
        explanation=explained("exists"),
    ),
    "many_rows": many_rows,
    "hostile_names": hostile,
}


def stored(name: str) -> bytes:
    """The file of an example."""
    return encode(EXAMPLES[name]())


def read(name: str) -> c.Comparison:
    """An example, read back from its file."""
    return decode(stored(name))


def main() -> None:
    """Write all files anew."""
    FILE.write_bytes(stored("one_regression"))
    for name, build in EXAMPLES.items():
        (TEXTS / f"{name}.txt").write_text(render(build()), encoding="utf-8")


if __name__ == "__main__":
    main()
