"""How much the runs of each cell differ: a Markdown table of coefficients of variation. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

FLAGGED_ABOVE = 0.20
"""As `lab.results.validation.GOOD_CV`; a test compares the two."""

INSTEAD = "time_to_ready"
"""Where no throughput is measured (cold start), the spread of this."""

type Record = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """One cell.

    Attributes:
        variation: standard deviation over mean, None where there is none.
        duration_s: how long the cell took, None when that is not known.
    """

    scenario: str
    library: str
    outcome: str
    variation: float | None
    duration_s: float | None

    @property
    def flagged(self) -> bool:
        """Whether the runs differ too much to rely on."""
        return self.variation is not None and self.variation > FLAGGED_ABOVE


def spread_of(
    scenario: str, library: str, record: Record | None, duration_s: float | None
) -> Spread:
    """What *record* says of the spread of its runs."""
    outcome = "" if record is None else str(record["outcome"])
    variation = _variation(record) if record is not None and outcome == "measured" else None
    return Spread(
        scenario=scenario,
        library=library,
        outcome=outcome,
        variation=variation,
        duration_s=duration_s,
    )


def _variation(record: Record) -> float | None:
    validation, metrics = record["validation"], record["metrics"]
    if isinstance(validation, Mapping) and validation["throughput_cv"] is not None:
        return float(validation["throughput_cv"])
    if not isinstance(metrics, Mapping) or INSTEAD not in metrics:
        return None
    samples = [float(value) for value in metrics[INSTEAD]["samples"]]
    return stdev(samples) / fmean(samples) if len(samples) > 1 else None


def as_markdown(cells: Sequence[Spread]) -> str:
    """A row per scenario with its time, then what became of the cells and which are flagged."""
    libraries = list(dict.fromkeys(cell.library for cell in cells))
    lines = [
        f"| scenario | {' | '.join(libraries)} | minutes |",
        f"|---|{'---|' * (len(libraries) + 1)}",
    ]
    for scenario in dict.fromkeys(cell.scenario for cell in cells):
        row = {cell.library: cell for cell in cells if cell.scenario == scenario}
        shown = [_shown(row[library]) for library in libraries]
        lines.append(f"| {scenario} | {' | '.join(shown)} | {_minutes(row.values())} |")
    columns = [[c for c in cells if c.library == library] for library in libraries]
    lines.append(f"| minutes | {' | '.join(map(_minutes, columns))} | {_minutes(cells)} |")
    return "\n".join([*lines, "", *summary(cells)])


def summary(cells: Sequence[Spread]) -> list[str]:
    """Sentences: the count of each outcome, then the flagged cells by name."""
    counts = Counter(cell.outcome or "not measured" for cell in cells)
    order = ("measured", "unsupported", "failed", "not measured")
    said = ", ".join(f"{counts[name]} {name}" for name in order if counts[name] or name == "failed")
    flagged = sorted((cell for cell in cells if cell.flagged), key=lambda c: -(c.variation or 0))
    names = ", ".join(f"{c.scenario} of {c.library} ({c.variation:.2f})" for c in flagged)
    found = f"Above {FLAGGED_ABOVE:.2f}, flagged as unreliable: {names or 'none'}."
    return [f"{len(cells)} cells: {said}.", found]


def _shown(cell: Spread) -> str:
    if cell.variation is None:
        return {"failed": "**failed**", "unsupported": "unsupported"}.get(cell.outcome, "-")
    return f"**{cell.variation:.2f}**" if cell.flagged else f"{cell.variation:.2f}"


def _minutes(cells: Iterable[Spread]) -> str:
    known = [cell.duration_s for cell in cells if cell.duration_s is not None]
    return f"{sum(known) / 60:.1f}" if known else "-"
