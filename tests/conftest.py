"""What holds for all tests."""

import signal

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# Both watch the clock, and a machine may be busy.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")

SITE = "tests/site/"
DAYS = "tests/workflows/test_day_one.py"


def pytest_configure() -> None:
    """Let Ctrl-C reach what tests start, also where a shell in the background has us ignore it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


class SideBySide(LoadScopeScheduling):
    """Gives to one process what shares what is costly to make: a file, and all of the site.

    The days of a repository share nothing.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        if file == DAYS:
            return nodeid
        return SITE if file.startswith(SITE) else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> SideBySide:
    """Deal out the tests, the largest groups first."""
    return SideBySide(config, log)
