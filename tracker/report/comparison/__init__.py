"""What a comparison of base and head says to people. Pure.

1. `file`: bytes of the comparison's file <-> `tracker.model.comparison.Comparison`, with the
   distrust of `strict_json`.
2. `ruling`: `Comparison`, gates and triage -> `Ruling`: what it means for the pull request.
3. `headline`, `comment_tables`, `comment_sections`, `comment`: `Ruling` -> the comment's Markdown.
4. `text`: `Comparison` -> the terminal; `row_choice`: rows that stand for others.
5. `not_measured`: the reason that a run gives -> the words of its check.
6. `pull_verdicts`: `Ruling` -> the verdicts that a comment carries, and how they held.
"""
