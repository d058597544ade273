"""From judgements to text, pure: one folder per thing that is reported.

`history`, `comparison`, `pull_requests`, `libraries`; `escape` and `links` serve all of them.
"""
