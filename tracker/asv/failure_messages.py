"""What the last lines of asv, or of git under it, mean for the user."""

import re
from collections.abc import Sequence

from tracker.asv.printed_errors import tell_in_a_line
from tracker.errors import DataError, NetworkError, TrackerError, UsageError

# How many of the last lines to keep: git's own words come well before the end of asv's tracebacks.
LINES_KEPT = 200

_COMMITS = "name commits, tags or branches of the repository (git branch --all)"
NO_ENVIRONMENT_TYPE = "asv's configuration names no `environment_type`"
EXISTING_ONLY = "the configuration names an existing environment, which holds no other commit"
ADD_ENVIRONMENT_TYPE = 'add it: "environment_type": "virtualenv"'
_MEANINGS: tuple[tuple[str, type[TrackerError], str, str], ...] = (
    (
        r"Can not determine what kind of DVCS to use for URL '([^'{]*)'",
        UsageError,
        "there is no git repository at {}",
        "correct `repo` in asv's configuration, or name one with --repo",
    ),
    (
        r"no such commit: (.*)",
        UsageError,
        "there is no commit {}",
        _COMMITS,
    ),
    (
        r"shallow clone: (.*)",
        UsageError,
        "the clone is shallow: {}",
        "git fetch --unshallow; in a workflow: actions/checkout with `fetch-depth: 0`",
    ),
    (
        r"nothing to compare: (.*)",
        UsageError,
        "{}",
        "name the older commit first, or compare with --exact",
    ),
    (
        r"nothing to search: (.*)",
        UsageError,
        "{}",
        "name two commits of one line of history, the older one first",
    ),
    (
        r'Requested commit hash file "(.*)" is not a file',
        UsageError,
        "there is no file {}",
        "name a file with one commit per line: HASHFILE:path",
    ),
    (r"Environment type must be specified", UsageError, NO_ENVIRONMENT_TYPE, ADD_ENVIRONMENT_TYPE),
    (
        r"No range spec may be specified|operations requiring repository are not possible",
        UsageError,
        EXISTING_ONLY,
        "see what to change: tracker doctor",
    ),
    (
        r"No environments selected",
        UsageError,
        "asv can make no environment of the configuration here",
        "see what is missing: tracker doctor",
    ),
    (
        r"Could not find 'conda' in PATH",
        UsageError,
        "conda, which the configuration names, is not installed",
        "install it, or choose another `environment_type`",
    ),
    (
        r"ImportError: hglib",
        UsageError,
        "asv cannot read this Mercurial repository",
        "pip install python-hglib, or name a git repository with --repo",
    ),
    (r"fatal: ((?:bad|ambiguous) .*)", UsageError, "git: {}", _COMMITS),
    (
        r"fatal: (unable to access .*|Could not read from remote .*)",
        NetworkError,
        "git: {}",
        "check the network and the address, or name a local clone with --repo",
    ),
)


def refusal(lines: Sequence[str], what: str) -> TrackerError:
    """Return the error that *lines* tell of; *what* failed, when they are not understood."""
    for pattern, kind, message, next_step in _MEANINGS:
        for line in reversed(lines):
            if found := re.search(pattern, line):
                return kind(message.format(*found.groups()), next_step)
    return DataError(
        f"{what}: {tell_in_a_line(lines)}", "run it again with --verbose to see asv's output"
    )
