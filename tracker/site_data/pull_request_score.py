"""How verdicts on pull requests held, in the words of the site."""

from collections.abc import Sequence

from tracker.report.comparison.pull_verdicts import PullVerdicts, score
from tracker.site_data.schema import Score

_ROWS = 200


def score_of(records: Sequence[PullVerdicts]) -> Score | None:
    """Return the sentence and one row per claim, None when nothing was ever said."""
    if not records:
        return None
    rows = [
        [f"#{record.pull}", claim.benchmark, claim.verdict.value.replace("_", " "), claim.held]
        for record in records
        for claim in record.claims
    ]
    return Score(text=score(records).sentence, rows=rows[-_ROWS:])
