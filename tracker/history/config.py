"""Where the results, the repository and the settings are: asv's configuration and ours."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker.errors import DataError, UsageError
from tracker.history.asv.tree import usual_results
from tracker.settings.asv_regressions import AsvRegressions, parse_asv_regressions
from tracker.settings.directions import Rules, parse_rules
from tracker.settings.file import FILES, parse_settings
from tracker.system.git import run_git

CONFIGURATION = "asv.conf.json"
_NAMES = (CONFIGURATION, f"{CONFIGURATION}c")

NOTHING_SAID = AsvRegressions()
_USUAL_FOLDERS = (".", "benchmarks", "asv_bench", "asv_benchmarks", "bench", "perf", "..")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Everything that says where a history comes from.

    Attributes:
        results: folder or fsspec address of an asv results tree.
        repo: local git repository, None when there is none here.
        branch: tracked branch; "" means the repository's own default.
        regressions: what the project has told asv about them.
        notes: what of asv's configuration does not hold here, each a sentence.
        skip_damaged: result files that cannot be read are counted, and no more is made of them.
    """

    results: str
    repo: Path | None = None
    branch: str = ""
    project: str = ""
    show_commit_url: str = ""
    rules: Rules = ()
    regressions: AsvRegressions = NOTHING_SAID
    notes: tuple[str, ...] = ()
    skip_damaged: bool = False


def resolve_source(
    config: str,
    *,
    results: str | None = None,
    repo: str | None = None,
    branch: str | None = None,
    skip_damaged: bool = False,
) -> Source:
    """Join the command line with asv's configuration in *config*; given options win.

    Without a configuration file, *results* alone is enough.
    """
    path = Path(config)
    if not path.is_file() and results is None:
        raise UsageError(
            f"there is no configuration file {config}, so there are no results to read",
            _advise_config(path),
        )
    conf = _read_asv_config(path)
    folder = path.parent
    return Source(
        project=conf.project,
        results=results or str(folder / conf.results_dir),
        repo=_find_repo(folder, conf, repo),
        branch=branch or next(iter(conf.branches), ""),
        show_commit_url=conf.show_commit_url,
        rules=parse_rules(read_settings(folder)),
        regressions=conf.regressions,
        notes=(*conf.regressions.notes, *_other_branches(conf.branches, branch)),
        skip_damaged=skip_damaged,
    )


def _other_branches(branches: Sequence[str], chosen: str | None) -> Iterator[str]:
    """Give the note on branches of asv.conf.json that are not read."""
    if chosen is None and (others := branches[1:]):
        read = branches[0] or "the default branch"
        yield (
            f"asv.conf.json names further branches ({', '.join(others)}): {read} is read; "
            f"--branch NAME reads another."
        )


def _advise_config(missing: Path) -> str:
    """Return what to do without the configuration *missing*: another, or results, may be near."""
    places = (missing.parent / folder for folder in _USUAL_FOLDERS)
    names = ("asv.conf.json", "asv.conf.jsonc")
    found = (place / name for place in places for name in names if (place / name).is_file())
    if other := next(found, None):
        return f"there is one in {other}: --config {other}"
    if results := next(usual_results(missing.parent), None):
        return f"name the results, which may be those in {results}: --results {results}"
    return "name the results: --results DIR, or asv's configuration: --config FILE"


def find_configurations(folder: Path) -> tuple[Path, ...]:
    """Return asv's configurations in *folder*: the one at its top, else all below it, sorted.

    In a git work tree those that git tracks; elsewhere those one folder down.
    """
    top = [folder / name for name in _NAMES if (folder / name).is_file()]
    if top:
        return (top[0],)
    if not _is_in_repository(folder):
        return tuple(sorted(path for name in _NAMES for path in folder.glob(f"*/{name}")))
    patterns = [f":(glob)**/{name}" for name in _NAMES]
    listed = run_git("ls-files", "-z", "--", *patterns, repo=folder, next_step="check the clone")
    return tuple(sorted(folder / name for name in listed.split("\0") if name))


def find_configurations_for(folder: Path, results: str | None) -> tuple[Path, ...]:
    """Return those of `find_configurations` that may be about *results*, all for None.

    Those that name it; else all, but outside of a repository only the one at the top of *folder*:
    what lies below are other projects.
    """
    found = find_configurations(folder)
    if results is None:
        return found
    naming = with_results(found, results)
    is_one_project = _is_in_repository(folder) or any(path.parent == folder for path in found)
    return naming or (found if is_one_project else ())


def _is_in_repository(folder: Path) -> bool:
    return any((place / ".git").exists() for place in (folder, *folder.absolute().parents))


def with_results(configurations: Sequence[Path], results: str) -> tuple[Path, ...]:
    """Return those of *configurations* whose results lie in the folder *results*."""
    wanted = Path(results).resolve()
    return tuple(
        path
        for path in configurations
        if (path.parent / _read_asv_config(path).results_dir).resolve() == wanted
    )


def read_settings(folder: Path) -> dict[str, object]:
    """Return the settings of `tracker.toml`, else of `pyproject.toml`; {} when neither has any.

    Those of the nearest folder count, from *folder* up to the top of its repository.
    """
    for path in (place / name for place in folders_up(folder) for name in FILES):
        if path.is_file() and (settings := parse_settings(path.name, _read_text(path))):
            return settings
    return {}


def read_settings_for(config: Path) -> dict[str, object]:
    """Return the settings beside *config*, else those of this folder.

    Our own suite, which measures a project that has none, lies outside of the project's files.
    """
    return read_settings(config.parent) or read_settings(Path())


def folders_up(folder: Path) -> list[Path]:
    """Return *folder* and what is above it in its git work tree; it alone outside of one."""
    folders = [folder, *folder.absolute().parents]
    tops = (place for place, each in enumerate(folders) if (each / ".git").exists())
    return folders[: next(tops, 0) + 1]


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read: {error}", "fix or remove the file") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _AsvConfig:
    """The fields of asv.conf.json that say where things are, with asv's defaults."""

    project: str = ""
    repo: str = ""
    branches: tuple[str, ...] = ()
    results_dir: str = "results"
    show_commit_url: str = ""
    regressions: AsvRegressions = NOTHING_SAID


def _read_asv_config(path: Path) -> _AsvConfig:
    """Read *path*; without a file, asv's defaults.

    Not by asv's own loader: importing asv takes longer than reading a history.
    """
    if not path.is_file():
        return _AsvConfig()
    try:
        fields = _parse_with_comments(path.read_text(encoding="utf-8"))
        branches = fields.get("branches") or ()
        return _AsvConfig(
            project=str(fields.get("project") or ""),
            repo=str(fields.get("repo") or ""),
            branches=tuple(str(name or "") for name in branches),
            results_dir=str(fields.get("results_dir") or "results"),
            show_commit_url=str(fields.get("show_commit_url") or ""),
            regressions=parse_asv_regressions(fields),
        )
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise DataError(
            f"{path} cannot be read: {error}", "fix it; asv's manual explains its fields"
        ) from error


def _parse_with_comments(content: str) -> dict[str, Any]:
    """Parse JSON with comments, as asv allows; json5 is slow and loads only for those."""
    try:
        fields: dict[str, Any] = json.loads(content)
    except json.JSONDecodeError:
        import json5

        fields = json5.loads(content)
    return fields


def _find_repo(folder: Path, conf: _AsvConfig, chosen: str | None) -> Path | None:
    """Return the repository *chosen*, else the configured local one or asv's mirror of it."""
    if chosen is not None:
        if not is_repository(Path(chosen)):
            raise UsageError(f"{chosen} is not a git repository", "give a local clone: --repo DIR")
        return Path(chosen)
    names = [name for name in (conf.repo, conf.project) if name]
    return next((folder / name for name in names if is_repository(folder / name)), None)


def is_repository(path: Path) -> bool:
    """Say whether *path* is a git work tree or a bare repository."""
    return (path / ".git").exists() or ((path / "objects").is_dir() and (path / "HEAD").is_file())
