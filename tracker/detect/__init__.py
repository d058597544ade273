"""Statistics, pure: numbers in, values out."""
