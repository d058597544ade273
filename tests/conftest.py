"""What holds for all tests."""

import signal


def pytest_configure() -> None:
    """Let Ctrl-C reach what tests start, also where a shell in the background has us ignore it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
