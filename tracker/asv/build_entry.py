"""Builds base and head by asv's own machinery; runs as `python -m tracker.asv.build_entry`.

asv prints to stdout and keeps global state, so it gets a process of its own. The request is a JSON
object in the environment variable `TRACKER_BUILD`; the answer is written to the file it names.
Both environments have paths of equal length: libraries that put file paths into their messages
would otherwise send more bytes for one side.
"""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any

from asv import config, environment, repo, util

from tracker.asv.build_failures import build_reason
from tracker.asv.builds import Build
from tracker.asv.clone import as_cloned
from tracker.asv.environment_needs import environment_needs
from tracker.asv.usual_build import complete_build
from tracker.errors import TrackerError
from tracker.system.child_processes import heed_signals
from tracker.system.git import ask_git, clone_of, is_shallow, named_commit, run_git

SIDES = ("base", "head")
LIST_PACKAGES = (
    "import importlib.metadata as m, json;"
    "print(json.dumps({d.name: d.version for d in m.distributions()}))"
)


def run() -> None:
    """Answer the request of `TRACKER_BUILD`."""
    heed_signals()
    request = json.loads(os.environ["TRACKER_BUILD"])
    conf = load_config(request)
    repository, path = open_repository(conf, [request[side] for side in SIDES])
    shas, remark = _choose(path, request["base"], request["head"], exact=request["exact"])
    built = {}
    for side, sha, note in zip(SIDES, shas, (remark, request["head"]), strict=True):
        conf.env_dir = str(Path(request["folder"]) / side)
        built[side] = asdict(build_commit(conf, repository, path, sha, note))
    Path(request["answer"]).write_text(json.dumps(built), encoding="utf-8")


def load_config(request: dict[str, Any]) -> Any:
    """The configuration, with the repository that the request names; its folder becomes ours.

    Without one it is the clone in which we are, where that is of the configuration's repository:
    names such as HEAD mean what they mean there, not in a mirror of the remote.
    """
    path = Path(request["config"])
    os.chdir(path.parent)
    conf = complete_build(config.Config.load(path.name))
    conf.repo = request["repo"] or str(clone_of(conf.repo, Path.cwd()) or conf.repo)
    return conf


def open_repository(conf: Any, names: Sequence[str]) -> tuple[Any, Path]:
    """The repository as asv gets it, and its path; a mirror older than what *names* name is pulled.

    Raises:
        SystemExit: the clone is shallow, and they lie beyond its depth.
    """
    repository = as_cloned(repo.get_repo)(conf)
    path = Path(repository._path)  # noqa: SLF001 - asv offers no other way to its mirror
    if not all(named_commit(path, name, network=True) for name in names):
        repository.pull()
    for name in names if is_shallow(path) else ():
        if not named_commit(path, name, network=True):
            raise SystemExit(f"shallow clone: {name} is not in it, if there is such a commit")
    return repository, path


def sha_of(path: Path, name: str) -> str:
    """The commit that *name* names.

    Raises:
        SystemExit: there is none.
    """
    sha = named_commit(path, name, network=True)
    if not sha:
        raise SystemExit(f"no such commit: {name}")
    return sha


def subject_of(path: Path, sha: str) -> str:
    """The first line of a commit's message."""
    return git(path, "show", "--no-patch", "--format=%s", sha)


def fork_point(path: Path, one: str, other: str) -> str:
    """Where two commits parted, "" where they have no common ancestor.

    Raises:
        SystemExit: the clone is shallow, and they parted beyond its depth.
    """
    ancestor = ask_git("merge-base", one, other, repo=path, network=True)
    if not ancestor and is_shallow(path):
        raise SystemExit(f"shallow clone: where {one[:10]} and {other[:10]} parted is not in it")
    return ancestor


def _choose(path: Path, base: str, head: str, *, exact: bool) -> tuple[tuple[str, str], str]:
    """The two commits, and how base was chosen: the merge base unless *exact*."""
    tip, head_sha = (sha_of(path, name) for name in (base, head))
    if exact:
        return (tip, head_sha), base
    ancestor = fork_point(path, tip, head_sha)
    if not ancestor:
        return (tip, head_sha), f"{base} (no common ancestor with {head})"
    if ancestor == head_sha != tip:
        raise SystemExit(f"nothing to compare: {base} already contains {head}")
    remark = base if ancestor == tip else f"merge base of {base} and {head}"
    return (ancestor, head_sha), remark


def build_commit(conf: Any, repository: Any, path: Path, sha: str, remark: str) -> Build:
    """Install *sha* in an environment of its own in `conf.env_dir`."""
    subject = subject_of(path, sha)
    python, env_vars, packages, failure = "", {}, {}, None
    name, version, requirements = "", "", {}
    every: list[Any] = []
    try:
        every = list(environment.get_environments(conf, None))
        first = _environment(conf, every)
        name, version, requirements = first.name, first.python, first.requirements
        env_vars = first.env_vars
        first.install_project(conf, repository, sha)
        python = first.find_executable("python")
        packages = json.loads(first.run(["-c", LIST_PACKAGES]))
    except (util.ProcessError, util.UserError, OSError) as error:
        failure = build_reason(error)
    return Build(
        sha=sha,
        subject=subject,
        remark=remark,
        python=python,
        env_vars=env_vars,
        packages=packages,
        repository=str(path),
        failure=failure,
        environment=name,
        python_version=version,
        requirements=requirements,
        environments=len(every),
    )


def _environment(conf: Any, every: Iterable[Any]) -> Any:
    """The first of *every* environment of *conf*'s matrix that can be created on this machine."""
    refusals: list[util.ProcessError | util.UserError] = []
    for each in every:
        if isinstance(each, environment.ExistingEnvironment):
            continue
        try:
            each.create()
        except (util.ProcessError, util.UserError) as error:
            refusals.append(error)
        else:
            return each
    if refusals:
        raise refusals[0]
    missing = [need.finding for need in environment_needs(conf) if need.advice]
    raise util.UserError("; ".join(missing) or "the configuration has no environment")


def git(path: Path, *arguments: str, variables: Mapping[str, str] = MappingProxyType({})) -> str:
    """What git prints, stripped; *variables* are added to its environment.

    Raises:
        SystemExit: git failed, with its own reason.
    """
    try:
        printed = run_git(*arguments, repo=path, next_step="", network=True, variables=variables)
    except TrackerError as error:
        raise SystemExit(error.message) from error
    return printed.strip()


if __name__ == "__main__":
    run()
