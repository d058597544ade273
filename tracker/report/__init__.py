"""From judgements to text, pure: one folder per thing that is reported.

`history`, `comparison`, `search`, `pull_requests`, `libraries`; `explanation` is a part of several,
made of `cause_sentences`, `time_sentences` and `explanation_words`; `escape` and `links` serve all.
"""
