"""The list of all changes: newest first, and within a commit by effect over noise."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.model.effect_size import effect_over_noise
from tracker.site_data.schema import ChangeInfo, ChangeTable
from tracker.site_data.series_table import SeriesSummary

_SPARSE = {"environment_changes", "triage"}  # few changes have any: by number, not in a column
_COLUMNS = [name for name in ChangeInfo.__struct_fields__ if name not in _SPARSE]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedChange:
    """A change and the row of its series in the table."""

    row_number: int
    row: SeriesSummary
    info: ChangeInfo


def list_changes(
    rows: Sequence[SeriesSummary], infos: Sequence[list[ChangeInfo]]
) -> list[NumberedChange]:
    """Return all changes of all series, newest first, the surest of a commit first."""
    listed = [
        NumberedChange(row_number=i, row=row, info=info)
        for i, (row, of_series) in enumerate(zip(rows, infos, strict=True))
        for info in of_series
    ]
    return sorted(listed, key=lambda c: (-c.info.position, -_size(c.info), c.row_number))


def _size(info: ChangeInfo) -> float:
    """Return the size of a change in widths of its interval."""
    low, high = info.ratio_low, info.ratio_high
    width = high / low - 1 if low and high and high > low > 0 else 0.0
    return effect_over_noise(info.ratio, width)


def change_table(changes: Sequence[NumberedChange]) -> ChangeTable:
    """Return the changes in columns."""
    infos = [change.info for change in changes]
    return ChangeTable(
        row=[change.row_number for change in changes],
        **{name: [getattr(info, name) for info in infos] for name in _COLUMNS},
        environment_changes={
            str(i): info.environment_changes
            for i, info in enumerate(infos)
            if info.environment_changes
        },
        triage={str(i): info.triage for i, info in enumerate(infos) if info.triage},
    )
