"""The examples in the documents: what commands really print, between markers.

    python -m tests.support.examples    # renews all of them

An example stands between `<!-- example NAME: begin -->` and `<!-- example NAME: end -->`. A test
renders each and compares it with the document.
"""

import contextlib
import io
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.support.real_results import BUSY, IDLE, lay_out
from tracker import cli
from tracker.model.comparison import Comparison
from tracker.report.comparison.comment import render as render_comment
from tracker.report.comparison.file import decode
from tracker.report.comparison.ruling import rule_on
from tracker.report.comparison.text import render as render_text
from tracker.settings.gates import parse_gates
from tracker.settings.triage import parse_triage

ROOT = Path(__file__).parents[2]
UNDONE_RELEASE = ROOT / "tests" / "data" / "undone_release.json"
RECORD = "demo/records/4f1219fe-uv-py3.13/basic_throughput.asynctasq.record"
TODAY = date(2026, 11, 28)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A name, the document that shows it, and the code that prints it."""

    name: str
    document: str
    render: Callable[[], str]

    @property
    def path(self) -> Path:
        """The document."""
        return ROOT / self.document

    def put_into(self, text: str) -> str:
        """*text* with the example between its markers; ValueError when it has none."""
        begin, end = (f"<!-- example {self.name}: {word} -->" for word in ("begin", "end"))
        before, _, rest = text.partition(begin)
        after = rest.partition(end)[2]
        if begin not in text or end not in rest:
            raise ValueError(f"{self.document} needs {begin} and {end}")
        return f"{before}{begin}\n{self.render()}\n{end}{after}"


def report() -> str:
    """The beginning of the report of six real releases, measured on an idle machine."""
    with tempfile.TemporaryDirectory() as folder:
        config = lay_out(Path(folder), IDLE)
        printed = _printed("report", "--config", str(config))
    return _console("tracker report", _first(printed, 15))


def scenarios() -> str:
    """What each library can do, without the reasons."""
    printed = _printed("scenarios", "--config", str(ROOT / "asv.conf.json"), "--results", "none")
    return _console("tracker scenarios", _first(printed, 8))


def comparison_text() -> str:
    """A comparison on the terminal: release 1.5.0 undone, measured on a busy machine."""
    command = "tracker compare v1.5.0 v1.4.1 --exact --scenarios basic_throughput --budget 10m"
    return _console(command, _first(render_text(_undone_release()), 13))


def comment() -> str:
    """The same comparison as the comment on a pull request: what is not folded, quoted."""
    ruling = rule_on(_undone_release(), parse_gates({}), parse_triage(""), TODAY)
    _marker, _, text = render_comment(ruling).partition("-->\n")
    visible = text.partition("\n<details>")[0].strip()
    return "\n".join(f"> {line}".rstrip() for line in visible.splitlines())


def run_record() -> str:
    """A few of the fields of a real run record."""
    record = json.loads((BUSY / RECORD).read_bytes())
    run = record["runs"][0]
    chosen = {
        "outcome": record["outcome"],
        "validation": record["validation"],
        "runs": [
            {
                "seconds_to_ready": run["seconds_to_ready"],
                "warmup": run["warmup"]["verdict"],
                "phases": [_burst(run["phases"][0])],
            }
        ],
    }
    return f"```json\n{json.dumps(chosen, indent=1)}\n```"


EXAMPLES = [
    Example(name="report", document="README.md", render=report),
    Example(name="comment", document="README.md", render=comment),
    Example(name="comparison", document="docs/comparing.md", render=comparison_text),
    Example(name="scenarios", document="docs/scenarios.md", render=scenarios),
    Example(name="run record", document="docs/measuring.md", render=run_record),
]


def _burst(phase: dict) -> dict:
    metrics = {name: phase["metrics"][name] for name in ("throughput", "cpu_per_kilotask")}
    return {key: phase[key] for key in ("name", "tasks", "lost", "doubled")} | {"metrics": metrics}


def _undone_release() -> Comparison:
    return decode(UNDONE_RELEASE.read_bytes())


def _printed(*arguments: str) -> str:
    """What a command writes to stdout."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        cli.run([*arguments, "--quiet"])
    return out.getvalue()


def _first(text: str, count: int) -> str:
    lines = text.splitlines()
    return "\n".join([*lines[:count], *(["..."] if len(lines) > count else [])])


def _console(command: str, output: str) -> str:
    return f"```console\n$ {command}\n{output.rstrip()}\n```"


def main() -> None:
    """Write every example into its document."""
    for example in EXAMPLES:
        text = example.path.read_text(encoding="utf-8")
        example.path.write_text(example.put_into(text), encoding="utf-8")


if __name__ == "__main__":
    main()
