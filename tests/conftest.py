"""What holds for all tests."""

import signal

import pytest
from hypothesis import HealthCheck, settings

# Both watch the clock, and a machine may be busy.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")

SITE = "tests/site/"
DAYS = "tests/workflows/test_day_one.py"


def pytest_configure() -> None:
    """Let Ctrl-C reach what tests start, also where a shell in the background has us ignore it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep in one of several processes what shares what is costly to make: a file, all of the site.

    The days of a repository share nothing.
    """
    for item in items:
        file = item.nodeid.partition("::")[0]
        if file != DAYS:
            name = SITE if file.startswith(SITE) else file
            item.add_marker(pytest.mark.xdist_group(name))
