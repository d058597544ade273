"""A harness of a few lines, called as the real `benchmarks.harness.measure` is, for one cell.

It writes a run record beside what is there. What costs what stands in `costs.json`: "counts" or
"times" to scenario to metric to (unit, value of each commit); commit n is that whose interpreter
begins with `/n/`, else the first. A scenario without costs fails.
"""

import json
import sys
from pathlib import Path

from tracker.bisect.cells import Bench
from tracker.suite.scenarios import Suite

CODE = """#!{python}
import json, pathlib, sys
here = pathlib.Path(__file__).parent
scenario, words = sys.argv[3], sys.argv[4:]
given = dict(zip(words[::2], words[1::2]))
first = given["--library"].partition("=")[2].split("/")[1]
place = int(first) if first.isdecimal() else 0
with open(here / "costs.json.asked", "a") as asked:
    print(given["--only"], scenario, place, given["--size"], file=asked)
costs = json.loads((here / "costs.json").read_text())[given["--only"]].get(scenario)
if costs is None:
    sys.exit("it fell over")
folder = pathlib.Path(given["--results"], given["--machine"], "records",
                      given["--commit"][:8] + "-" + given["--environment"])
path = folder / (scenario + ".asynctasq.record")
record = json.loads(path.read_text()) if path.exists() else {{
    "schema": 1, "library": "asynctasq", "scenario": scenario, "commit": given["--commit"],
    "environment": given["--environment"], "machine": given["--machine"], "outcome": "counted",
    "reason": "", "library_versions": {{}}, "facts": {{}}, "tracked": True, "size": "quick",
    "scenario_version": 1, "harness_version": 1, "runs": [], "metrics": {{}}}}
if given["--only"] == "counts":
    metrics = {{name: {{"unit": unit, "value": v[place], "spread": 0.0, "samples": [v[place]]}}
               for name, (unit, v) in costs.items()}}
    record["counts"] = {{"version": 1, "python": "3.13", "metrics": metrics}}
    for name, (unit, v) in costs.items():
        record["metrics"][name] = {{"unit": unit, "samples": [v[place]]}}
else:
    record["outcome"] = "measured"
    for name, (unit, v) in costs.items():
        samples = record["metrics"].setdefault(name, {{"unit": unit, "samples": []}})["samples"]
        samples += [v[place], v[place]]
    load = {{"name": "burst", "metrics": {{"enqueue_cpu_per_kilotask": 0.5}}}}
    record["runs"].append({{"variant": "default", "round": len(record["runs"]), "phases": [load]}})
folder.mkdir(parents=True, exist_ok=True)
path.write_text(json.dumps(record))
print("  progress")
told = {{"outcome": record["outcome"], "reason": "", "path": str(path)}}
print(json.dumps({{"asynctasq": told}}))
"""

type Costs = dict[str, dict[str, dict[str, tuple[str, list[float]]]]]


def set_costs(folder: Path, costs: Costs) -> None:
    """What costs what from now on."""
    (folder / "costs.json").write_text(json.dumps(costs), encoding="utf-8")


def asked_of(folder: Path) -> list[str]:
    """All that was asked: what, scenario, commit and size."""
    return (folder / "costs.json.asked").read_text(encoding="utf-8").splitlines()


def stand_in_bench(folder: Path, scenarios: tuple[str, ...]) -> Bench:
    """A suite in *folder* with this harness, and results in its folder `results`."""
    harness = folder / "harness"
    harness.write_text(CODE.format(python=sys.executable), encoding="utf-8")
    harness.chmod(0o755)
    return Bench(
        suite=Suite(
            root=folder,
            folder=folder,
            project="asynctasq",
            scenarios=scenarios,
            libraries=("asynctasq",),
        ),
        python=str(harness),
        machine="m",
        results=folder / "results",
        on_line=lambda _: None,
    )


def benchmarks_of(
    scenarios: tuple[str, ...], units: dict[str, str]
) -> dict[str, dict[str, object]]:
    """What asv finds of such scenarios: benchmark to its description."""
    names = {
        f"{scenario}.S.track_{name}": unit for scenario in scenarios for name, unit in units.items()
    }
    return {
        name: {
            "name": name, "unit": unit, "type": "track", "version": "1",
            "param_names": ["library"], "params": [["'asynctasq'", "'celery'"]],
        }
        for name, unit in names.items()
    }  # fmt: skip
