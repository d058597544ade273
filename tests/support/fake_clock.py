"""A clock for simulations."""

from benchmarks.harness.shared.load_schedule import NS_PER_S


class FakeClock:
    """Time passes only by sleeping, so a whole scenario takes milliseconds."""

    def __init__(self, start_ns: int = NS_PER_S) -> None:
        """Begin at *start_ns*; never 0, which means "not yet" in a timeline."""
        self._now_ns = start_ns

    def now_ns(self) -> int:
        """See `Clock`."""
        return self._now_ns

    def sleep(self, duration_s: float) -> None:
        """See `Clock`."""
        self._now_ns += round(duration_s * NS_PER_S)
