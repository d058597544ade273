"""Set `tracker publish` beside `asv publish` on the same trees, and print a table of each.

    python -m tests.evaluation.speed            # 100 commits x 50 benchmarks x 8 x 2 machines,
                                                # and 1,500 series like those of public histories
    python -m tests.evaluation.speed --issue    # 500 x 50 x 8 x 2
    python -m tests.evaluation.speed --large    # 2,000 x 200 x 8 x 2; asv takes 15 minutes
    python -m tests.evaluation.speed --public   # 7,000 series as in public ones; asv: 15 minutes
    python -m tests.evaluation.speed --tree DIR # any asv project
    python -m tests.evaluation.speed --write    # the table into RESULTS.md, too

CPU is user and system time of the command and all it starts; memory is the largest sum of the
resident (and of the proportional) memory of that tree, sampled every 50 ms. Both programs find
their bytecode compiled, as pip leaves it: each is asked for its help before it is measured.

On ext4 a new file costs the system ten times as much for minutes after many were deleted near by:
after tests that worked in /tmp, give `--keep` a new folder elsewhere.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.harness.shared.command import command_line
from tests.evaluation import realistic_tree
from tests.evaluation.results_page import check_markers, write_table
from tests.evaluation.synthetic_tree import Shape, add_commit, write_tree

SHAPES = {
    "small": Shape(commits=100, benchmarks=50, params=8, machines=2),
    "issue": Shape(commits=500, benchmarks=50, params=8, machines=2),
    "large": Shape(commits=2000, benchmarks=200, params=8, machines=2),
    "few": realistic_tree.Shape(commits=300, series=1500),
    "public": realistic_tree.Shape(commits=1200, series=7000),
}
_SAMPLE_S = 0.05
_MIB = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one command took."""

    cpu_s: float
    system_s: float
    wall_s: float
    rss_mib: float
    pss_mib: float
    output_mib: float
    files: int


def measure(command: list[str], folder: Path, output: Path) -> Cost:
    """Run *command* in *folder*; CalledProcessError when it fails."""
    environment = _environment(folder)
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=said, stderr=subprocess.STDOUT
        )
        rss_mib, pss_mib = _watch(process)
        if process.returncode:
            said.seek(0)
            sys.stderr.write(said.read().decode(errors="replace")[-2000:])
            raise subprocess.CalledProcessError(process.returncode, command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    files = [path for path in output.rglob("*") if path.is_file()]
    return Cost(
        system_s=after.ru_stime - before.ru_stime,
        cpu_s=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        wall_s=time.monotonic() - started,
        rss_mib=rss_mib,
        pss_mib=pss_mib,
        output_mib=sum(path.stat().st_size for path in files) / _MIB,
        files=len(files),
    )


def _environment(folder: Path) -> dict[str, str]:
    own = {
        "HOME": str(folder),
        "TRACKER_CACHE": str(folder / "cache"),
        "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
        "PYTHONDONTWRITEBYTECODE": "",
    }
    return os.environ | own


def _compile(command: list[str], folder: Path) -> None:
    """Have Python compile what *command* imports, whether or not that was done at installation."""
    subprocess.run(
        [*command, "--help"], cwd=folder, env=_environment(folder), check=True, capture_output=True
    )


def _watch(process: subprocess.Popen[bytes]) -> tuple[float, float]:
    """Wait for *process*; return the peaks of its tree's memory (resident, proportional), MiB."""
    root = psutil.Process(process.pid)
    peak_rss = peak_pss = 0
    while process.poll() is None:
        rss = pss = 0
        for each in _tree(root):
            try:
                memory = each.memory_full_info()
            except psutil.Error:
                continue
            rss += memory.rss
            pss += memory.pss
        peak_rss, peak_pss = max(peak_rss, rss), max(peak_pss, pss)
        time.sleep(_SAMPLE_S)
    return peak_rss / _MIB, peak_pss / _MIB


def _tree(root: psutil.Process) -> list[psutil.Process]:
    try:
        return [root, *root.children(recursive=True)]
    except psutil.Error:
        return []


def compare(folder: Path, title: str, *, with_asv: bool, grow: Callable[[], object] | None) -> str:
    """Publish the tree in *folder* both ways and return the table; *grow* adds a commit to it."""
    bin_folder = Path(sys.executable).parent
    config = str(folder / "asv.conf.json")
    ours = [str(bin_folder / "tracker"), "publish", "--config", config]
    ours += ["--out", str(folder / "site"), "--quiet"]
    rows: dict[str, Cost] = {}
    if with_asv:
        theirs = [str(bin_folder / "asv"), "--config", config, "publish", "--no-pull"]
        _compile(theirs, folder)
        rows["asv publish"] = measure(theirs, folder, folder / "html")
    _compile(ours, folder)
    rows["tracker publish, first time"] = measure(ours, folder, folder / "site")
    rows["tracker publish, nothing new"] = measure(ours, folder, folder / "site")
    if grow:
        grow()
        rows["tracker publish, one commit more"] = measure(ours, folder, folder / "site")
    return "\n".join(
        [
            title,
            "",
            "| command | CPU s | of it system | wall s | RSS MiB | PSS MiB | output MiB | files |",
            "|---|---|---|---|---|---|---|---|",
            *(_line(name, cost) for name, cost in rows.items()),
            *(_ratio(rows) if with_asv else ()),
        ]
    )


def _even(folder: Path, shape: Shape, *, with_asv: bool) -> str:
    """Compare on an even grid of values, with known truth."""
    steps = len(write_tree(folder, shape))
    cells = shape.commits * shape.benchmarks * shape.params * shape.machines
    title = (
        f"{shape.commits:,} commits x {shape.benchmarks} benchmarks x {shape.params} "
        f"parameters x {shape.machines} machines ({cells:,} values, {steps:,} true steps)"
    )
    return compare(folder, title, with_asv=with_asv, grow=lambda: add_commit(folder, shape))


def _realistic(folder: Path, shape: realistic_tree.Shape, *, with_asv: bool) -> str:
    """Compare on a tree like the large public ones."""
    realistic_tree.write_tree(folder, shape)
    title = f"like a public history: {shape.commits:,} measured commits, {shape.series:,} series"
    return compare(
        folder, title, with_asv=with_asv, grow=lambda: realistic_tree.add_commit(folder, shape)
    )


def _line(name: str, cost: Cost) -> str:
    return (
        f"| {name} | {cost.cpu_s:.2f} | {cost.system_s:.2f} | {cost.wall_s:.2f} "
        f"| {cost.rss_mib:.0f} | {cost.pss_mib:.0f} | {cost.output_mib:.1f} | {cost.files:,} |"
    )


def _ratio(rows: dict[str, Cost]) -> list[str]:
    theirs, ours = rows["asv publish"], rows["tracker publish, first time"]
    return [
        "",
        (
            f"asv / tracker: CPU {theirs.cpu_s / ours.cpu_s:.1f} x, "
            f"memory {theirs.rss_mib / ours.rss_mib:.1f} x (RSS), "
            f"{theirs.pss_mib / ours.pss_mib:.1f} x (PSS)"
        ),
    ]


def main() -> None:
    """Print the tables for the sizes that the command line asks for."""
    parser = command_line("tests.evaluation.speed", __doc__)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--issue", action="store_const", dest="shape", const="issue")
    size.add_argument("--large", action="store_const", dest="shape", const="large")
    size.add_argument("--public", action="store_const", dest="shape", const="public")
    size.add_argument("--tree", type=Path, help="a folder with asv.conf.json and a local `repo`")
    parser.add_argument("--without-asv", action="store_true", help="only our own rows")
    parser.add_argument("--keep", type=Path, help="folder to work in, kept afterwards")
    parser.add_argument("--write", action="store_true", help="into RESULTS.md, too")
    options = parser.parse_args()
    with_asv = not options.without_asv
    if options.tree:
        title = options.tree.resolve().name
        sys.stdout.write(f"{compare(options.tree, title, with_asv=with_asv, grow=None)}\n")
        return
    for name in [options.shape] if options.shape else ["small", "few"]:
        place = f"speed {name}"
        if options.write:
            check_markers(place)
        with tempfile.TemporaryDirectory(prefix="speed-") as temporary:
            folder = (options.keep or Path(temporary)) / name
            folder.mkdir(parents=True)
            table = _measure_shape(folder, SHAPES[name], with_asv=with_asv)
        sys.stdout.write(f"{table}\n\n")
        if options.write:
            write_table(place, table)


def _measure_shape(folder: Path, shape: Shape | realistic_tree.Shape, *, with_asv: bool) -> str:
    if isinstance(shape, realistic_tree.Shape):
        return _realistic(folder, shape, with_asv=with_asv)
    return _even(folder, shape, with_asv=with_asv)


if __name__ == "__main__":
    main()
