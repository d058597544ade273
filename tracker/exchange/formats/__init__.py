"""One module per format, each with `NAME`, `recognise` and `parse`; all pure."""
