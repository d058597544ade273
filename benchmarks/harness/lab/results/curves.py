"""How a run went over time, thinned so that a page can draw it. Pure."""

import numpy as np

from benchmarks.harness.lab.results import stamps as st
from benchmarks.harness.lab.results.record import CurvesRecord
from benchmarks.harness.lab.results.run_data import PhaseData, Sample

POINTS = 200
"""Of a curve over time: more than a page has pixels to tell apart would be waste."""


def of_phase(phase: PhaseData, run: int) -> CurvesRecord:
    """The curves of *phase* of a *run*, from its first due to its last end, of `POINTS` at most."""
    stamps = phase.stamps
    begin, end = int(stamps.due[stamps.due > 0].min()), int(stamps.finished.max())
    edges = np.linspace(begin, max(end, begin + 1), min(POINTS, max(len(stamps), 2))).astype(
        np.int64
    )
    ended = np.searchsorted(np.sort(stamps.finished[stamps.finished > 0]), edges, side="right")
    steps_s = np.diff(edges, prepend=edges[0] - (edges[1] - edges[0])) / st.NS
    cpu, memory, backlog = _sampled(phase.samples, edges)
    return CurvesRecord(
        run=run,
        time_s=[round(float(t), 6) for t in (edges - begin) / st.NS],
        depth=[int(d) for d in st.depth_at(stamps, edges)],
        throughput=[round(float(r), 3) for r in np.diff(ended, prepend=0) / steps_s],
        cpu_percent=cpu,
        memory_bytes=memory,
        broker_backlog=backlog,
    )


def _sampled(
    samples: tuple[Sample, ...], edges: st.Ints
) -> tuple[list[float | None], list[float | None], list[int | None]]:
    """Each sample at the point nearest to it; None elsewhere."""
    cpu: list[float | None] = [None] * len(edges)
    memory: list[float | None] = [None] * len(edges)
    backlog: list[int | None] = [None] * len(edges)
    before: Sample | None = None
    for sample in samples:
        i = int(np.argmin(np.abs(edges - sample.at_ns)))
        memory[i], backlog[i] = sample.memory_bytes, sample.backlog
        if before is not None and sample.at_ns > before.at_ns:
            used = sample.cpu_s - before.cpu_s
            cpu[i] = round(100 * st.NS * used / (sample.at_ns - before.at_ns), 2)
        before = sample
    return cpu, memory, backlog
