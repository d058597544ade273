"""Every constant of the judgement of a history, with its reason, and what a project may choose.

"Tuned" ones were chosen on the simulated suites of tests/evaluation/suites.py, on its own seeds:
figures of the same seeds flatter them.
"""

from dataclasses import dataclass
from typing import Final

# --- Noise of short series ------------------------------------------------------------------------
# Shortest side of a step: three commits...
SIDE: Final = 3
# ...or two, when the repeats of both sides do not overlap.
SHORT_SIDE: Final = 2
# Commits on either side that a step of few commits is looked for in.
WINDOWS: Final = (3, 5, 8)
# Series of at most this many points are looked at with what others know; longer ones know enough.
SHORT_SERIES: Final = 40
# Standard deviation between commits over the standard error of a commit's own repeats, before
# any series has told (histories of real machines: two to three), and how many series that counts
# as against those that have.
REPEATS_FACTOR: Final = 2.5
FACTOR_SERIES: Final = 2.0
# Weight of what others know, in commits (degrees of freedom of the prior), before others have told
# how far they differ; and the most.
PRIOR_FREEDOM: Final = 4.0
MOST_PRIOR_FREEDOM: Final = 12.0
# How far the series of one metric differ is drawn to how far those of all metrics do, with the
# weight of so many series.
SPREAD_SERIES: Final = 8.0

# --- Estimators -----------------------------------------------------------------------------------
# Standard error of a median over that of a mean, normal law.
MEDIAN_ERROR: Final = 1.2533
# Degrees of freedom of a scale from two quantiles of differences, for each difference: 0.40 to
# 0.47 for 5 to 40 of them, normal law.
QUANTILES_WORTH: Final = 0.45

# --- Joint evidence -------------------------------------------------------------------------------
# Metrics of one scenario that are taken together, the least noisy first: more add little, and
# their covariance is not known.
JOINT_SERIES: Final = 6
# Correlation of two metrics of a scenario, good ways aligned, before it is measured.
JOINT_CORRELATION: Final = 0.5
# Most weight, in points, of what other scenarios say of the correlation of two metrics.
MOST_OF_OTHERS: Final = 40.0
# Metrics whose noise is the same to this correlation are one.
SAME_NOISE: Final = 0.97
# A metric joins a step of its scenario from this p-value on.
JOINING: Final = 0.05

# --- Controls -------------------------------------------------------------------------------------
# Commits measured beside a control before anything is learnt from it.
CONTROL_POINTS: Final = 5
# Differences of controls are cut at this many of their scales, so that one step does not teach.
CONTROL_REACH: Final = 3.0

# Chance up to which controls seem to have moved at a place: a commit that is blamed wrongly costs
# more than one that is suspected first.
MACHINE_DOUBT: Final = 0.05
# They may have done so this many commits before or after: load comes and goes within a run.
MACHINE_SLACK: Final = 2
# Where they moved, a step of a tracked series up to so many times theirs is suspected only.
MACHINE_REACH: Final = 2.0

# --- Events ---------------------------------------------------------------------------------------
# Nominal false events per place that is judged: short histories cannot spend more. Simulated ones
# of three to ten commits had at most 0.05 in 100 commits (tests/evaluation/short_histories.py).
# Tuned.
FALSE_EVENTS: Final = 0.006
# Chance of a step that strong anywhere in a series or scenario up to which it is suspected.
SUSPICION: Final = 0.01
# A change belongs to an event when its interval, widened by this many commits, holds the place.
PLACE_SLACK: Final = 1
# Shares of intervals, of 95 %, that miss their place: of all, and of those of sharp steps, where an
# odd value has to lie at the other level. When so many would miss one place with less than that
# chance, they have a place of their own.
SLIPS: Final = 0.05
SHARP_SLIPS: Final = 0.005
SLIPS_DOUBT: Final = 0.05
# A level is sharp, and its first commit beyond doubt, when the step is this many noise scales.
SHARP_STEP: Final = 4.0
# Most commits that such a change is moved by.
SHARP_REACH: Final = 3

# Points on either side whose noise counts for a change, and how much louder than the series' own it
# must be to count.
AROUND: Final = 30
LOUD: Final = 1.15
# A loud stretch may be short: the differences of so many commits on either side are looked at, too.
NEAREST: Final = 8

# --- Alternation ----------------------------------------------------------------------------------
# A value is at a level of a step when it lies this share of the step from it, or beyond...
NEAR_LEVEL: Final = 0.25
# ...and a side comes back to the other level when this share of it is there, more than the outliers
# of real series...
COMING_BACK: Final = 0.15
# ...and this many times more than its noise explains.
MORE_THAN_NOISE: Final = 4.0

# --- Standing -------------------------------------------------------------------------------------
# Share of a regression that must be left for it to stand.
STANDING: Final = 0.25

# --- Machine --------------------------------------------------------------------------------------
# Timed benchmarks of one machine needed before their common step may be the machine's.
WITNESSES: Final = 4
# Sizes agree when this share of them lies within AGREEMENT of their own uncertainty, and of the
# relative scatter that one machine shows between its benchmarks.
AGREEMENT: Final = 4.0
SCATTER: Final = 0.25
# Share of them in which a step must be found at all before the others are looked at.
FOUND_SHARE: Final = 0.1
# Smallest common step of a machine that is worth telling.
LEAST_SHIFT: Final = 0.005

# --- Measuring ------------------------------------------------------------------------------------
# asv's number of calls in a repeat, and with it the time of a repeat, changed by this factor: code
# alone moves one against the other.
LOOPS_FACTOR: Final = 3.0
# Commits on either side over which a fact of the surroundings must differ.
SURROUNDINGS: Final = 3

# --- Excursions -----------------------------------------------------------------------------------
# Values beyond this many noise scales from those around them, for one or two commits...
EXCURSION: Final = 8.0
# ...and beyond this relative size...
LEAST_EXCURSION: Final = 0.1
# ...of so many benchmarks (or machines), are an event.
EXCURSION_WITNESSES: Final = 3
# Chance, anywhere in the history, that as many meet at one commit as are told to agree.
CHANCE: Final = 0.05
# Points around it that are the level.
EXCURSION_WINDOW: Final = 7

# --- Newest value ---------------------------------------------------------------------------------
# As many values before the newest make quartiles...
FENCE_POINTS: Final = 4
# ...and as many are the level before; older ones are another time's.
FENCE_WINDOW: Final = 30
# "Far out" is beyond the quartiles by this many times their distance: Tukey's outer fence.
FENCE: Final = 3.0
# A commit before it that went this share of the way holds the newest value.
HOLDING: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a project may choose for itself.

    Attributes:
        false_discovery_rate: nominal rate of false events among the events of a history.
        recent_points: a change stands for a series' present verdict this long, in points: its own,
            and those of the history's other series after its last one. A regression stands longer.
        machine_share: share of a machine's timed benchmarks that must step together, with sizes
            that agree, before that may be the machine's.
        horizon_points: "the next few commits" of the minimum detectable effect.
        largest_unseen: where a relative step of this size could not be established, or one of the
            metric's floor if that is larger, a series without change is "cannot tell".
    """

    false_discovery_rate: float = 0.02
    recent_points: int = 30
    machine_share: float = 0.8
    horizon_points: int = 5
    largest_unseen: float = 0.2


DEFAULT: Final = Policy()
