"""What later commits say of the verdicts on pull requests. Pure.

`follow_up`: verdicts and a `JudgedHistory` -> the words that a merged pull request hears.
"""
