"""asv's own command line with eight things changed; runs as `python -m tracker.asv.entry`.

asv 0.6.6 (pinned exactly) offers no option for any of them:

- settings of the configuration can be overridden without another file beside it, whose folder asv
  would take for the project's;
- the description of the machine comes from a file of ours, so that nothing in the home folder
  changes and a kernel upgrade does not rename the machine;
- the reason of a failed build is written as a run record (docs/measuring.md), where asv keeps
  only an empty cell;
- why a benchmark failed is written to a file, where asv keeps nothing of it;
- TAGS stands for the commits of the tags, not for their names, under which results belong to no
  commit;
- branches are found where a clone has them, and contents that it lacks are fetched (`clone`);
- NEW is what this machine lacks: asv's own begins after the newest commit of any machine;
- SIGINT, by which we ask it to end, reaches it also where a shell in the background has it ignored,
  and when we were killed; SIGTERM and SIGHUP, which its process group may get with us, do the same.

The environment variable `TRACKER_ASV` holds a JSON object: `overrides` (configuration attributes),
`machine_file`, `records` (the folder of this machine's records), `scenarios` (what NEW is of),
`failures` (a file for the reasons of benchmarks that fail).
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from asv import config, environment, machine, main, runner, util
from asv.commands import run as asv_run

from tracker.asv.benchmark_failures import noting
from tracker.asv.build_failures import build_reason
from tracker.asv.clone import as_cloned, new_commits
from tracker.asv.usual_build import complete_build
from tracker.system.child_processes import heed_signals

RECORD_SCHEMA = 1


def write_build_record(folder: Path, project: str, commit: str, env: Any, reason: str) -> None:
    """Write why *commit* could not be built, atomically, as the record of a scenario `build`."""
    target = build_record(folder, commit, env)
    record = {
        "schema": RECORD_SCHEMA,
        "scenario": "build",
        "library": project,
        "tracked": True,
        "library_versions": {},
        "commit": commit,
        "environment": env.name,
        "machine": folder.parent.name,
        "facts": {},
        "outcome": "failed",
        "reason": f"the commit does not build: {reason}",
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".draft")
    draft.write_text(json.dumps(record, indent=1), encoding="utf-8")
    draft.replace(target)


def build_record(folder: Path, commit: str, env: Any) -> Path:
    """Where the build record of *commit* in asv's environment *env* is."""
    return folder / f"{commit[:8]}-{env.name}" / "build.record"


def _recording(install: Callable[..., None], folder: Path) -> Callable[..., None]:
    def install_project(env: Any, conf: Any, repo: Any, commit_hash: str) -> None:
        try:
            install(env, conf, repo, commit_hash)
        except (util.ProcessError, util.UserError) as error:
            write_build_record(folder, conf.project, commit_hash, env, build_reason(error))
            raise
        build_record(folder, commit_hash, env).unlink(missing_ok=True)

    return install_project


def _overriding(load: Callable[..., Any], overrides: dict[str, object]) -> Callable[..., Any]:
    def load_config(*args: Any, **kwargs: Any) -> Any:
        conf = complete_build(load(*args, **kwargs))
        for name, value in overrides.items():
            setattr(conf, name, value)
        return conf

    return load_config


def _selecting(
    get_repo: Callable[[Any], Any], machine: Path, scenarios: tuple[str, ...]
) -> Callable[[Any], Any]:
    def get(conf: Any) -> Any:
        repo = get_repo(conf)
        get_tags, get_all = repo.get_tags, repo.get_new_branch_commits

        def get_new(branches: list[str | None], existing: list[str]) -> list[str]:
            if not scenarios:
                return list(get_all(branches, existing))
            return new_commits(repo, branches, machine, scenarios)

        repo.get_tags = lambda: {commit: commit for commit in get_tags().values()}
        repo.get_new_branch_commits = get_new
        return repo

    return get


def run() -> None:
    """Prepare asv as `TRACKER_ASV` says and hand over to it."""
    heed_signals()
    settings = json.loads(os.environ["TRACKER_ASV"])
    config.Config.load = staticmethod(_overriding(config.Config.load, settings["overrides"]))
    machine.MachineCollection.get_machine_file_path = staticmethod(lambda: settings["machine_file"])
    environment.Environment.install_project = _recording(
        environment.Environment.install_project, Path(settings["records"])
    )
    asv_run.get_repo = _selecting(
        as_cloned(asv_run.get_repo),
        Path(settings["records"]).parent,
        tuple(settings["scenarios"]),
    )
    runner._run_benchmark_single_param = noting(  # noqa: SLF001 - the only place that knows why
        runner._run_benchmark_single_param,  # noqa: SLF001
        Path(settings["failures"]),
    )
    main.main()


if __name__ == "__main__":
    run()
