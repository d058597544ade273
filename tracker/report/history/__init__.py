"""What a judged history says to people. Pure.

1. `failures`, `overview`: `JudgedHistory` and triage -> `Overview`.
2. `offer`, `events`: an event in words, with the command that finds its commit.
3. `text` (terminal), `markdown` (job summary), `json_document` (versioned): `Overview`
   -> text.
"""
