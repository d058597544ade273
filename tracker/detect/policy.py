"""Every constant of the detector, with its reason. docs/method.md explains the steps they serve.

"Tuned" ones were chosen on synthetic histories with known truth, of another generator than that of
tests/scoreboard, and looked at on human annotations (TCPD): expect new series to do a little worse.
"""

from typing import Final

# --- Points -------------------------------------------------------------------------------------
# With fewer points there is no before and after that could be told from noise.
MIN_POINTS: Final = 5
# Repeats needed at every point before their distribution is used instead of the stored value.
MIN_REPEATS: Final = 3
# A run whose repeats spread over this many times its neighbours' was disturbed: most of the
# outliers of 20,000 real series were, and few ordinary runs.
NOISY_SPREAD: Final = 3.0
# Window, in points, of "its neighbours'".
SPREAD_WINDOW: Final = 21
# With more noisy runs than this share, noisy is what the benchmark is: none is set aside.
MAX_NOISY_SHARE: Final = 0.25
# Points from which it is known which location repeats best; with fewer the stored value is it.
LOCATION_POINTS: Final = 12
# Another location than the stored value must repeat this much better to be preferred.
KEEP_VALUE: Final = 0.97

# --- Noise --------------------------------------------------------------------------------------
# Relative differences up to this are the rounding of floats, and of sums of them: neither noise nor
# a step.
ROUNDING: Final = 1e-11
# The correlation measured on n points counts as n against this many points of prior. Tuned.
CORRELATION_PRIOR_POINTS: Final = 60.0
# Correlation of neighbouring commits before anything is known of a series. Tuned.
CORRELATION_PRIOR: Final = 0.2
# Differences of two points beyond this many noise scales (of a difference) are cut to it.
DIFFERENCE_REACH: Final = 3.0
# Beyond this, a wandering level and a step cannot be told apart.
MAX_CORRELATION: Final = 0.75
# Width of the running median that outliers are clipped to, and the reach, in noise scales.
CLIP_WINDOW: Final = 7
CLIP_REACH: Final = 2.5

# --- Candidates ---------------------------------------------------------------------------------
# Window lengths of the scan: a growth of about 1.6 loses little power between two of them.
SCAN_WINDOWS: Final = (3, 5, 8, 13, 21, 34, 55, 89, 144, 233)
# Scan statistic, in standard errors, from which a place is looked at. Liberal on purpose: a
# higher one tells some new steps later. Tuned.
SCAN_THRESHOLD: Final = 1.8
# Cost of one more segment in the optimal partition of the candidates, and what it grows with log n:
# the more places to choose from, the better one looks by chance (Yao 1988 has 2 log n,
# doi:10.1016/0167-7152(88)90118-6). Liberal on purpose. Tuned.
SEGMENT_PENALTY: Final = 4.0
PENALTY_OF_LENGTH: Final = 0.6
# Candidates kept: this many, and one more for every so many points.
CANDIDATES: Final = 20
POINTS_PER_CANDIDATE: Final = 25

# --- Evidence -----------------------------------------------------------------------------------
# Expected number of false changes in one stationary series, shared out over its n places. Tuned.
FALSE_CHANGES: Final = 0.03
# Points on either side that count: what is further away belongs to another time. Tuned.
REACH: Final = 150
# Degrees of freedom of Student's t are capped here, against tails that were not seen. Tuned.
MAX_FREEDOM: Final = 60
# Shortest level inside the history: one or two odd commits are an excursion, not a change.
MIN_LEVEL: Final = 3
# Levels up to this length inside the history are usually excursions too...
SHORT_LEVEL: Final = 5
# ...and need evidence this many times stronger; so do two commits at the very end.
SHORT_LEVEL_FACTOR: Final = 30.0
# A level that is the newest is judged again with every commit, and these looks share one risk.
# Being told early is worth most of it: with up to SHORT_LEVEL points it needs evidence this many
# times weaker... Tuned against the delay and alarms of replays.
NEWEST_FACTOR: Final = 4.0
# ...and what was not seen then, this share of the usual risk, up to so many points. Tuned.
LATER_FACTOR: Final = 0.5
LATER_POINTS: Final = 20
# Bin of the table of the noise density, and its reach, in noise scales.
DENSITY_STEP: Final = 0.1
DENSITY_REACH: Final = 15.0
# Bandwidth of the density estimate, in noise scales.
DENSITY_BANDWIDTH: Final = 0.35
# Fisher information, in units of a normal density's, from which scores stand for the points where
# levels are weighed against wandering and ramps. Tuned.
SHARP: Final = 1.5
# With fewer points than this nobody knows how sharp a density is.
SHARP_POINTS: Final = 40
# The density starts as Student's t of 4 degrees with the weight of this many points. Tuned.
DENSITY_PRIOR_POINTS: Final = 12.0
# Rounds of estimating the density, moving changes and dropping weak ones.
ROUNDS: Final = 6

# --- Place --------------------------------------------------------------------------------------
# A change is reported only when this much probability lies within PLACE_MARGIN commits. Tuned.
MIN_PLACE_PROBABILITY: Final = 0.5
PLACE_MARGIN: Final = 2
# Places considered on either side.
PLACE_REACH: Final = 40
# Half width of a 95 % interval in standard errors of the mean: 1.96 for the normal law, times
# 1.2533 since the levels are medians.
INTERVAL_WIDTH: Final = 2.456
# Probability that the interval earliest..latest holds.
PLACE_INTERVAL: Final = 0.95

# --- Drift --------------------------------------------------------------------------------------
# Shortest ramp that counts as drift: points, and share of the stretch it is looked for in. Tuned.
MIN_RAMP_POINTS: Final = 5
MIN_RAMP_SHARE: Final = 0.5
# Log odds that steps need over a ramp; negative, as steps are the more common. Tuned.
STEP_LOG_ODDS: Final = -1.8
# Starts and lengths of ramps that are tried.
RAMP_GRID: Final = 9

# --- Wandering ----------------------------------------------------------------------------------
# Strengths of memory that are weighed against a step.
WANDER_CORRELATIONS: Final = (0.0, 0.2, 0.4, 0.6, 0.8)
# Log of the Bayes factor that a step needs over a wandering level. Tuned.
WANDER_LOG_ODDS: Final = 5.0

# --- Verdicts over time -------------------------------------------------------------------------
# A change is confirmed once this many points hold the new level; until then it is suspected.
CONFIRM_POINTS: Final = 5
