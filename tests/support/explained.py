"""Small libraries in two versions, with what counting would say of them: for explanations."""

import base64
import json
import zlib
from collections.abc import Mapping, Sequence

from tracker.explain.explaining import CountedCommit, Findings, explain
from tracker.explain.source_code import compare_sources
from tracker.model.counts import CountedMetric, Counts
from tracker.model.explanation import Explanation

PACKAGE = "lib"
SCENARIO = "basic_throughput"

BASE = '''
class Driver:
    """Speaks to the broker."""

    async def ack(self, task):
        """Acknowledge."""
        await self.client.lrem("q", 1, task)

    async def take(self):
        return await self.client.lmove("q", "p")


def run(task):
    def inner():
        return task()
    return inner()
'''

type Cost = tuple[str, str, str, bool, float, float, float, float]


def cost(
    function: str,
    lines: float,
    calls: float = 1.0,
    *,
    role: str = "worker",
    file: str = f"{PACKAGE}/driver.py",
    spread: float = 0.0,
) -> Cost:
    """What one function costs; it is the library's own where its file says so."""
    return role, file, function, file.startswith(f"{PACKAGE}/"), 1.0, lines, calls, spread


USUAL: tuple[Cost, ...] = (
    cost("Driver.ack", 1),
    cost("Driver.take", 1),
    cost("run", 2),
    cost("run.<locals>.inner", 1),
    cost("Client.execute", 100, 40, file="redis/client.py"),
)
COMMANDS = {"worker": {"lrem": 1.0, "lmove": 1.0}, "producer": {"lpush": 1.0}}


def pack(costs: Sequence[tuple[object, ...]]) -> str:
    """As the harness packs functions into a record."""
    return base64.b64encode(zlib.compress(json.dumps(costs).encode())).decode()


def counts(
    costs: Sequence[Cost] = USUAL,
    commands: Mapping[str, dict[str, float]] | None = None,
    compiled: Mapping[tuple[str, str, str], float] | None = None,
    **metrics: float,
) -> Counts:
    """What counting gave: the lines follow from *costs*, other metrics as named.

    *compiled* are the instructions of compiled functions, by role, object and symbol.
    """
    own = sum(c[5] for c in costs if c[0] == "worker" and c[3])
    every = sum(c[5] for c in costs if c[0] == "worker")
    named = {"lines_per_task": own, "all_lines_per_task": every, **metrics}
    return Counts(
        version=1,
        python="3.13",
        metrics={
            name: CountedMetric(unit="", value=value, spread=0.0, samples=(value,))
            for name, value in named.items()
        },
        commands=dict(COMMANDS if commands is None else commands),
        functions=pack(costs),
        compiled=pack([(*key, executed, 0.0) for key, executed in (compiled or {}).items()]),
    )


def why(
    base: Counts,
    head: Counts,
    source: str | None = BASE,
    *,
    packages: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {}),
    findings: Findings | None = None,
) -> Explanation:
    """Explain *head*, whose one file is *source* (None: unknown), beside the library as it was."""
    one, other = (
        CountedCommit(sha=sha * 40, counts={SCENARIO: counted}, packages=installed)
        for sha, counted, installed in (("a", base, packages[0]), ("b", head, packages[1]))
    )
    file = f"{PACKAGE}/driver.py"
    code = None if source is None else compare_sources({file: BASE}, {file: source})
    return explain(PACKAGE, one, other, code, findings or Findings())


def edited(old: str, new: str) -> str:
    """The library with *old* replaced, which must be there once."""
    assert BASE.count(old) == 1
    return BASE.replace(old, new)
