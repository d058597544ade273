"""What of a suite is measured: the benchmarks of the work tree, in one of its environments."""

from collections.abc import Iterator

from tracker.asv.builds import Build
from tracker.suite.scenarios import Suite
from tracker.system.git import ask_git, commit_of

MOST_NAMES = 3


def suite_notes(suite: Suite, head: Build) -> Iterator[str]:
    """Say which of several environments is measured, and where head has other benchmarks."""
    if head.environments > 1:
        yield (
            f"measured in the environment {head.environment}, one of {head.environments} of the "
            f"configuration"
        )
    others = _other_files(suite, head.sha)
    if others:
        more = f" and {len(others) - MOST_NAMES} more" if len(others) > MOST_NAMES else ""
        named = ", ".join(others[:MOST_NAMES])
        yield f"the benchmarks are those of the work tree, and differ from head's: {named}{more}"


def _other_files(suite: Suite, sha: str) -> list[str]:
    """Files of the suite that *sha* has otherwise, or has not; none where it is no commit of it."""
    if not commit_of(suite.folder, sha):
        return []
    changed = ask_git("diff", "--name-only", "--relative", sha, "--", ".", repo=suite.folder)
    added = ask_git("ls-files", "--others", "--exclude-standard", repo=suite.folder)
    return sorted({*changed.splitlines(), *added.splitlines()})
