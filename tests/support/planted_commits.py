"""A repository of AsyncTasQ's newest release, and commits on it that plant costs per task."""

from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType

from tests.support.git import commit, git
from tests.support.spine import make_repository

PACKAGE = Path("src", "asynctasq")
# File and text in it that runs once per task, and what is planted before that.
ROUND_TRIP = (
    "drivers/redis_driver.py",
    "        # Use pipeline to batch all operations in a single round-trip\n",
    "        await maybe_await(self.client.exists(processing_key))\n",
)
LINES = (
    "core/worker.py",
    "            await self._task_executor.execute(task)\n",
    "            planted = len(queue_name)\n            planted += 1\n",
)

type Planted = tuple[str, str, str]


def make_commits(
    folder: Path,
    count: int,
    planted: Mapping[int, Planted],
    broken: Collection[int] = (),
    removed: Mapping[int, Planted] = MappingProxyType({}),
) -> Path:
    """A repository in *folder* with commits tagged c0 to c*count*, all of which touch code.

    Args:
        folder: where to.
        count: of commits after the first.
        planted: number of a commit to what it plants.
        broken: numbers of commits that do not build.
        removed: number of a commit to what it takes out again.
    """
    repository = make_repository(folder)
    project = repository / "pyproject.toml"
    sound = project.read_text(encoding="utf-8")
    for number in range(count + 1):
        module = repository / PACKAGE / "utils" / f"commit_{number}.py"
        module.write_text('"""Nobody imports it."""\n', encoding="utf-8")
        if number in planted:
            plant(repository / PACKAGE, planted[number])
        if number in removed:
            remove(repository / PACKAGE, removed[number])
        fault = "\n[planted fault\n" if number in broken else ""
        project.write_text(sound + fault, encoding="utf-8")
        commit(repository, f"Commit {number}")
        git(repository, "tag", f"c{number}")
    return repository


def plant(package: Path, what: Planted) -> None:
    """Put the cost into the package."""
    file, before, text = what
    _replace(package / file, before, text + before)


def remove(package: Path, what: Planted) -> None:
    """Take the cost out of the package again."""
    file, before, text = what
    _replace(package / file, text + before, before)


def _replace(source: Path, old: str, new: str) -> None:
    code = source.read_text(encoding="utf-8")
    assert code.count(old) == 1, f"{source} has changed: plant elsewhere"
    source.write_text(code.replace(old, new), encoding="utf-8")
