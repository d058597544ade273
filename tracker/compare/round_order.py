"""Who runs when in a round.

Every second round is reversed, so that drift hits base and head alike. Of five rounds one has
base twice (the run's own noise floor) and one a control on either side: 13 turns for 5 pairs.
Five is odd, so both orders come up in rounds of either kind. The first round is a plain one, for it
tells how long a round takes.
"""

from tracker.compare.measurer import Label, Turn

CYCLE = 5
AGAIN_AT = 1
CONTROL_AT = 3


def turns_of(scenario: str, number: int, *, seed: int, controls: bool, extras: bool) -> list[Turn]:
    """Return the turns of round *number* (from 0) in order.

    Args:
        scenario: what is measured.
        number: counts the rounds of this scenario.
        seed: decides whether even or odd rounds are reversed, and the seeds of the turns.
        controls: whether there is a control library.
        extras: whether A/A pairs and controls are wanted at all.
    """
    labels = [Label.BASE, Label.HEAD]
    if extras and number % CYCLE == AGAIN_AT:
        labels = [*labels, Label.AGAIN]
    elif extras and controls and number % CYCLE == CONTROL_AT:
        labels = [Label.CONTROL_BASE, *labels, Label.CONTROL_HEAD]
    if (number + seed) % 2:
        labels.reverse()
    # All turns of a round share a seed: base and head get the same order of tasks.
    return [Turn(label=label, scenario=scenario, seed=seed + number) for label in labels]
