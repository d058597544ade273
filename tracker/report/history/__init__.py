"""What a judged history says to people. Pure.

1. `failures`, `overview`: `JudgedHistory` and triage -> `Overview`, free of any layout.
2. `text` (terminal), `markdown` (job summary), `document` (JSON, versioned): `Overview` -> text.
"""
