"""What holds for all tests."""

import signal

from hypothesis import HealthCheck, settings

# Both watch the clock, and a machine may be busy.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


def pytest_configure() -> None:
    """Let Ctrl-C reach what tests start, also where a shell in the background has us ignore it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
