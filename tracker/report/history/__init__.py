"""What a judged history says to people. Pure.

1. `listed_changes`, `standing_series`, `failures`: `JudgedHistory` and triage -> rows, of which
   `selection` takes those that are wanted -> `Overview` (`overview`).
2. `bisect_offer`, `event_words`: an event in words, with the command that finds its commit.
3. `text` (terminal), `markdown` (job summary), `json_document` (versioned): `Overview` ->
   text.
"""
