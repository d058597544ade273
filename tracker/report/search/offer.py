"""The command that finds the commit of a change which the history shows between two far apart."""

import shlex

# Commits between two measured ones from which on a search is worth a sentence.
FAR_APART = 2


def offer_search(good: str, bad: str, commits: int, metric: str) -> str:
    """Return the sentence, "" where the commit is known already.

    Args:
        good: the last measured commit before the change.
        bad: the first one after it.
        commits: how many commits may have brought it, *bad* included.
        metric: the series' label, as in asv.

    >>> offer_search("1a2b3c4", "5e6f7a8", 12, "t")
    '12 commits may have brought it; tracker bisect 1a2b3c4 5e6f7a8 --metric t finds which'
    """
    if commits < FAR_APART:
        return ""
    command = shlex.join(["tracker", "bisect", good, bad, "--metric", metric])
    return f"{commits:,} commits may have brought it; {command} finds which"
