"""A small project with a suite of asv, which builds in no time, for the stage of the workflows."""

import json
from pathlib import Path

from tests.support.workflow_stage import SHA, TRACKER, Stage
from tracker import cli

SCENARIOS = ("one", "two")
_BENCHMARK = """\
import lib


class Burst:
    def track_throughput(self):
        return lib.VALUE
    track_throughput.unit = "tasks/s"
    track_throughput.version = "1"
"""
# The build copies the one file: what is tested is not pip.
_INSTALL = (
    'python -c "import shutil, sysconfig; '
    "shutil.copy('{build_dir}/lib.py', sysconfig.get_path('purelib'))\""
)


def write_project(stage: Stage, config: str = "asv.conf.json", **more: object) -> None:
    """Write a library, a suite of two scenarios beside *config*, and names we might want."""
    folder = (stage.project / config).parent
    depth = len(Path(config).parts) - 1
    content = {
        "version": 1,
        "project": "lib",
        "repo": "/".join([".."] * depth) or ".",
        "benchmark_dir": "suite",
        "environment_type": "uv",
        "pythons": ["3.13"],
        "build_command": [],
        "install_command": [_INSTALL],
        "uninstall_command": ["return-code=any python -c pass"],
        **more,
    }
    comment = "// with a comment\n" if config.endswith("c") else ""
    (folder / "suite").mkdir(parents=True, exist_ok=True)
    (stage.project / config).write_text(comment + json.dumps(content), encoding="utf-8")
    (folder / "suite" / "__init__.py").touch()
    for scenario in SCENARIOS:
        (folder / "suite" / f"{scenario}.py").write_text(_BENCHMARK, encoding="utf-8")
    for name in ("history", "news", "pack", "packs", "site", "leave"):
        (stage.project / name).mkdir(exist_ok=True)
        (stage.project / name / "README.md").write_text("the project's own", encoding="utf-8")
    (stage.project / "comparison.json").write_text("{}", encoding="utf-8")
    set_value(stage, 1000)


def set_value(stage: Stage, value: float) -> None:
    """What every benchmark returns from this commit on."""
    (stage.project / "lib.py").write_text(f"VALUE = {value}\n", encoding="utf-8")


def adopt(stage: Stage, *options: str) -> None:
    """Run `tracker init` in the project."""
    source = ("--tracker", TRACKER, "--commit", SHA)
    assert cli.run(["init", str(stage.project), *source, "--yes", *options]) == 0
