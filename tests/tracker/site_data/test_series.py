"""What the site says of a change."""

from pathlib import Path

from tests.support.recorded_history import unpack
from tracker.judge import judge
from tracker.model import EventKind
from tracker.site_data.build import plan_site
from tracker.site_data.series import change_info

DATA = Path(__file__).parents[2] / "data"


def test_no_change_of_an_event_is_called_no_change():
    """A busy machine moved tracked series and controls: no commit's doing, but it was found."""
    judged = judge(unpack(DATA / "loaded_history.json"))
    machines = [
        change_info(one.series, change, None)
        for one in judged.series
        for change in one.changes
        if change.event is not None and change.kind is EventKind.MACHINE
    ]

    assert machines
    assert {info.verdict for info in machines} == {"suspected"}


def test_the_method_page_names_what_moved_with_the_machine():
    """A machine's step is listed with the metrics that show it."""
    (*_, shift) = plan_site(judge(unpack(DATA / "loaded_history.json"))).index.method.shifts

    assert "Throughput" in shift.metrics
    assert len(set(shift.metrics)) == len(shift.metrics) <= shift.series_affected
