"""asv's last lines, and what the user is told instead."""

import pytest

from tracker.asv.failure_messages import refusal
from tracker.errors import DataError, NetworkError, UsageError


@pytest.mark.parametrize(
    ("lines", "kind", "words"),
    [
        (
            [
                "UserError(f'Can not determine what kind of DVCS to use for URL '{repo}'')",
                "asv.util.UserError: Can not determine what kind of DVCS to use for URL '/lib'",
            ],
            UsageError,
            "there is no git repository at /lib",
        ),
        (
            ["no such commit: nope"],
            UsageError,
            "there is no commit nope",
        ),
        (["   fatal: bad revision 'nope'", "asv.util.ProcessError: ..."], UsageError, "'nope'"),
        (
            ["fatal: unable to access 'https://x.invalid/': Could not resolve host", "Traceback"],
            NetworkError,
            "https://x.invalid/",
        ),
        (['· Requested commit hash file "x" is not a file'], UsageError, "there is no file x"),
        (["Traceback", "ImportError: hglib"], UsageError, "Mercurial"),
        (
            ["RuntimeError: Environment type must be specified"],
            UsageError,
            "names no `environment_type`",
        ),
        (["something", "else", ""], DataError, "asv failed: else"),
        (
            [
                "·· Error running python benchmark.py discover (exit status 1)",
                "   ModuleNotFoundError: No module named 'numpy'",
                "·· Last error: Command 'python discover' returned non-zero exit status 1",
                "·· Failed to build the project and import the benchmark suite.",
            ],
            DataError,
            "asv failed: ModuleNotFoundError: No module named 'numpy'",
        ),
        ([], DataError, "asv failed: no output"),
    ],
)
def test_the_error_names_the_thing(lines, kind, words):
    """The kind decides the exit code; a source line of a traceback is not taken for the message."""
    error = refusal(lines, "asv failed")
    assert type(error) is kind
    assert words in error.message
    assert error.next_step
