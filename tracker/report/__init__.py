"""From judgements to text, pure: one folder per thing that is reported.

`history`, `comparison`, `search`, `pull_requests`, `libraries`; `explanation` (of `cause_sentences`,
`time_sentences` and `explanation_words`) is a part of several, `escape` and `links` serve all.
"""
