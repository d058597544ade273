"""The scenarios of a project: the modules of its benchmark folder, read without importing them."""

from dataclasses import dataclass
from pathlib import Path

from asv import config, util

from tracker.errors import DataError, UsageError, refuse_unknown

# The adapter of the harness's own tests.
NO_LIBRARY = "fake"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """The benchmarks of an asv project.

    Attributes:
        root: folder of the configuration.
        folder: that of the benchmarks.
        project: the tracked library.
        scenarios: names of the modules, sorted.
        libraries: what our harness can measure, sorted; none where the suite is not ours.
    """

    root: Path
    folder: Path
    project: str
    scenarios: tuple[str, ...]
    libraries: tuple[str, ...]

    @property
    def own_harness(self) -> bool:
        """Whether the suite measures with our harness."""
        return bool(self.libraries)


def read_suite(path: Path) -> Suite:
    """Read what the configuration at *path* says of its benchmarks.

    Raises:
        UsageError: there is no such file.
        DataError: it cannot be read, or its benchmark folder is missing.
    """
    if not path.is_file():
        raise UsageError(
            f"there is no asv configuration {path}",
            "run it in the folder of asv.conf.json, or name the file with --config",
        )
    conf = load_configuration(path)
    root = path.absolute().parent
    folder = root / str(conf.benchmark_dir)
    if not folder.is_dir():
        raise DataError(
            f"there is no benchmark in {folder}", "correct benchmark_dir in the configuration"
        )
    modules = {entry.stem for entry in folder.glob("*.py")}
    modules |= {entry.parent.name for entry in folder.glob("*/__init__.py")}
    return Suite(
        root=root,
        folder=folder,
        project=str(conf.project),
        scenarios=tuple(sorted(name for name in modules if not name.startswith("_"))),
        libraries=_libraries(folder),
    )


def load_configuration(path: Path) -> config.Config:
    """Read asv's configuration at *path*, as asv does.

    Raises:
        DataError: it cannot be read.
    """
    try:
        return config.Config.load(str(path))
    except (util.UserError, ValueError, OSError) as error:
        raise DataError(f"{path}: {error}", "fix the configuration") from error


def choose(suite: Suite, asked: str) -> tuple[str, ...]:
    """Return the scenarios that *asked* (comma-separated) names, all of them when it is empty.

    Raises:
        UsageError: a name is not one of the suite's.
    """
    return _known("scenario", asked, suite.scenarios) or suite.scenarios


def choose_libraries(suite: Suite, asked: str) -> tuple[str, ...]:
    """Return the libraries that *asked* (comma-separated) names; all names are fine elsewhere.

    Raises:
        UsageError: a name is not one of the suite's.
    """
    return _known("library", asked, suite.libraries) if suite.own_harness else ()


def _known(kind: str, asked: str, known: tuple[str, ...]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in asked.split(",") if name.strip()))
    refuse_unknown(kind, names, known)
    return names


def _libraries(benchmarks: Path) -> tuple[str, ...]:
    adapters = (benchmarks / "harness" / "library" / "adapters").glob("*_adapter.py")
    return tuple(sorted({path.stem.removesuffix("_adapter") for path in adapters} - {NO_LIBRARY}))
