"""Where an event is: at the place that all voted for, or where its own changes came."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.judge.decisions import Decisions
from tracker.judge.drafts import Draft
from tracker.judge.place_votes import Place
from tracker.model import EventKind, Series, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Changes of one place that go one way for one reason.

    Attributes:
        position: of the commit at which they came.
        earliest: first commit that may have brought them; latest: last such commit.
        p_value: of their place.
    """

    members: Sequence[Draft]
    position: int
    earliest: int
    latest: int
    p_value: float


def locate(
    series: Sequence[Series], drafts: Iterable[Draft], decisions: Decisions
) -> dict[tuple[int, Verdict, EventKind], list[Part]]:
    """Return the parts of each event, by its position, its direction and what it is put down to.

    A place is that of all that moved around it: either way, and by the machine, too.
    """
    groups: dict[tuple[int, Verdict, EventKind], list[Draft]] = defaultdict(list)
    for draft in drafts:
        groups[draft.place, draft.judged.direction, draft.judged.kind].append(draft)
    events: dict[tuple[int, Verdict, EventKind], list[Part]] = defaultdict(list)
    for (number, direction, kind), members in groups.items():
        place = decisions.places[number]
        position, earliest, latest = _span(series, members, place)
        part = Part(
            members=members,
            position=position,
            earliest=earliest,
            latest=latest,
            p_value=decisions.p_values[number],
        )
        events[position, direction, kind].append(part)
    return events


def _span(series: Sequence[Series], members: Sequence[Draft], place: Place) -> tuple[int, int, int]:
    """Return the position of *members*, and the first and last commit that may have brought them.

    Those of their *place*; but where none of them came there, of the commit at which most did.
    """
    changes = [(series[d.series], d.judged.change) for d in members]
    own = Counter(int(one.positions[change.index]) for one, change in changes)
    spans = [one.suspects(change.earliest, change.latest) for one, change in changes]
    if members[0].judged.kind is EventKind.MACHINE:
        is_there = place.position in own
    else:
        is_there = any(first <= place.position <= last for first, last in spans)
    if is_there:
        return place.position, place.earliest, place.latest
    position = own.most_common(1)[0][0]
    inside = [(first, last) for first, last in spans if first <= position <= last]
    return position, max(first for first, _ in inside), min(last for _, last in inside)
