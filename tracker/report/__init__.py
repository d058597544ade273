"""From judgements to text and plain data, pure."""
