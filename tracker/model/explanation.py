"""Why two commits differ: what moved in each scenario, and which code, command or package did it.

It stands in a comparison's file, and alone as `explain.json`.
"""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

VERSION = 1
MAX_CAUSES = 50
MAX_SCENARIOS = 100
MAX_NAME = 300

type Name = Annotated[str, Meta(max_length=MAX_NAME)]
type Names = Annotated[tuple[Name, ...], Meta(max_length=MAX_CAUSES)]


class CauseKind(StrEnum):
    """What did it.

    COMMAND: the broker is asked more, less or otherwise. FUNCTION: Python of the library's own.
    C_CODE: a call that runs no Python, so that counting names it and does not price it.
    WAITING: a call that sleeps or waits. ALLOCATION: more objects, hardly more lines.
    IMPORT: modules that are imported. DEPENDENCY: another version of an installed package.
    """

    COMMAND = "command"
    FUNCTION = "function"
    C_CODE = "c_code"
    WAITING = "waiting"
    ALLOCATION = "allocation"
    IMPORT = "import"
    DEPENDENCY = "dependency"


class CodeState(StrEnum):
    """What became of the code of a function; "" where no source of it is known."""

    UNKNOWN = ""
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"

    @property
    def differs(self) -> bool:
        """Whether it is known not to be the same in base and head."""
        return self not in {CodeState.UNKNOWN, CodeState.UNCHANGED}


class Compiled(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A compiled function, by its object and symbol, and its instructions per task."""

    object: Name
    symbol: Name
    base: float
    head: float


class Moved(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A counted cost that differs between base and head, per task.

    Attributes:
        compiled: of instructions, the few compiled functions that hold most of the difference.
    """

    metric: Name
    unit: Name
    base: float
    head: float
    compiled: Annotated[tuple[Compiled, ...], Meta(max_length=MAX_CAUSES)] = ()


class Sender(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A function of the library that sends a command; `place` is its file and line, "" unknown."""

    function: Name
    place: Name
    code: CodeState


class Sampled(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The time of a function as a profiler saw it, with what it calls in code of others.

    Attributes:
        base, head: seconds per task.
        low, high: interval of head - base.
        of: the change that the share is of: a timed metric, a stage, or "sampled": in the sampled
            runs themselves, the CPU time, or with waiting the time of all functions together.
        share, share_low, share_high: of that change, 0 to 1.
    """

    base: float
    head: float
    low: float
    high: float
    of: Name
    share: float
    share_low: float
    share_high: float


class Cause(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that differs, and what it costs per task.

    Attributes:
        role: "worker" or "producer".
        name: of the function, command, package or module.
        place: file and line, "" where there is none or it is not known.
        base, head: in `unit`, per task.
        code: what became of the function's own code.
        calls: what it calls in head and not in base.
        senders: functions that send a command.
        beside: package to lines per task that come with it, in code that is not the library's.
        sampled: what a profiler saw of it, where that is more than noise.
    """

    kind: CauseKind
    role: Name
    name: Name
    place: Name
    unit: Name
    base: float
    head: float
    code: CodeState
    calls: Names = ()
    senders: Annotated[tuple[Sender, ...], Meta(max_length=MAX_CAUSES)] = ()
    beside: Annotated[dict[Name, float], Meta(max_length=MAX_CAUSES)] = {}
    sampled: Sampled | None = None


class OtherVersion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The versions of a package in base and in head; "absent" where it is not installed."""

    base: Name
    head: Name


class Share(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much of a timed change the counted one accounts for, 0 to 1.

    Attributes:
        metric: what was timed.
        ratio: head / base as timed.
        value, low, high: the share and its interval.
    """

    metric: Name
    ratio: float
    value: float
    low: float
    high: float


class Effect(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one change adds per task.

    Attributes:
        value: the mean of its effects before and after the other change.
        low, high: interval that holds both of these.
    """

    value: float
    low: float
    high: float


class Attribution(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A difference, split between the code and the packages.

    Attributes:
        base, head: in `unit`, per task.
        code, packages: what either adds; together head - base.
        names: packages with both versions, the one that most likely did it first.
    """

    metric: Name
    unit: Name
    base: float
    head: float
    code: Effect
    packages: Effect
    names: Names


class StageName(StrEnum):
    """A part of a task's time, as its stamps tell it (docs/measuring.md).

    SENDING: of the producer, in a burst. WAIT: from sent to started: queue wait and fetch.
    EXECUTION: from started to finished. TURNOVER: of a burst, per finished task: what acknowledging
    and fetching take shows here alone.
    """

    SENDING = "sending"
    WAIT = "wait"
    EXECUTION = "execution"
    TURNOVER = "turnover"


class Stage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long a stage takes on both sides, in seconds per task.

    Attributes:
        low, high: interval of head - base.
        floor: difference that matters, in seconds.
        cpu: how much of the difference CPU time can be at most; None where that was not timed.
    """

    name: StageName
    base: float
    head: float
    low: float
    high: float
    floor: float
    cpu: float | None = None

    @property
    def difference(self) -> float:
        """Head - base, in seconds."""
        return self.head - self.base

    @property
    def moved(self) -> bool:
        """Whether it is certain to differ, by as much as matters."""
        return (self.low > 0 or self.high < 0) and abs(self.difference) >= self.floor

    @property
    def waits(self) -> bool:
        """Whether it moved, and CPU time is less than half of that."""
        return self.moved and self.cpu is not None and self.cpu < abs(self.difference) / 2

    def same_beside(self, other: "Stage") -> bool:
        """Whether it certainly differs by no more than a quarter of what *other* does."""
        return max(abs(self.low), abs(self.high)) <= abs(other.difference) / 4


class ScenarioExplanation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One scenario that differs.

    Attributes:
        timed: metrics that the clock found worse or better.
        causes: the likeliest first.
        stages: where the time of a task changed, if the clock found that one did.
        attribution: what is the code's and what the packages', where that was counted.
    """

    scenario: Name
    moved: Annotated[tuple[Moved, ...], Meta(max_length=MAX_CAUSES)]
    timed: Names
    causes: Annotated[tuple[Cause, ...], Meta(max_length=MAX_CAUSES)]
    share: Share | None = None
    stages: Annotated[tuple[Stage, ...], Meta(max_length=MAX_CAUSES)] = ()
    attribution: Attribution | None = None


class Explanation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole; without scenarios nothing differs.

    Attributes:
        code_known: whether both commits' sources could be read.
        not_run: changed functions that no task ran; nothing that was measured speaks of them.
        versions: installed packages whose versions differ.
        absent: instrument that was asked and could not work, to why.
    """

    version: int
    library: Name
    base: Name
    head: Name
    scenarios: Annotated[tuple[ScenarioExplanation, ...], Meta(max_length=MAX_SCENARIOS)]
    code_known: bool
    not_run: Names = ()
    versions: Annotated[dict[Name, OtherVersion], Meta(max_length=MAX_CAUSES)] = {}
    absent: Annotated[dict[Name, Name], Meta(max_length=MAX_CAUSES)] = {}


def fitting(name: str) -> str:
    """Return *name* as long as a `Name` may be."""
    return name[:MAX_NAME]
