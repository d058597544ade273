"""Time, as something that can be replaced: the order of a run knows no other."""

import time
from typing import Protocol


class Clock(Protocol):
    """What the order of a run needs of time."""

    def now_ns(self) -> int:
        """Nanoseconds of the system-wide monotonic clock."""
        ...

    def sleep(self, duration_s: float) -> None:
        """Let *duration_s* pass."""
        ...


class SystemClock:
    """The real one."""

    def now_ns(self) -> int:
        """See `Clock`."""
        return time.monotonic_ns()

    def sleep(self, duration_s: float) -> None:
        """See `Clock`."""
        time.sleep(max(duration_s, 0.0))
