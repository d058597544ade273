"""Small drawings without a library: badges, and the sparklines of pages without JavaScript."""

from html import escape

from tracker.site_data.badges import Badge
from tracker.site_data.sparklines import SPARK_DIGITS

SPARK_WIDTH = 236
_WIDEST_STEP = 24
_HEIGHT = 20
_CHARACTER = 6.6
_LEVELS = {digit: i for i, digit in enumerate(SPARK_DIGITS)}


def badge_svg(badge: Badge) -> bytes:
    """Draw a flat badge. Its text is in the drawing's title too, for screen readers."""
    label, message = escape(printable(badge.label)), escape(printable(badge.message))
    left, right = (len(t) * _CHARACTER + 12 for t in (badge.label, badge.message))
    text = 'fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" '
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right:.0f}" height="{_HEIGHT}" '
        f'role="img" aria-label="{label}: {message}">'
        f"<title>{label}: {message}</title>"
        f'<rect width="{left:.0f}" height="{_HEIGHT}" fill="#3b3f45"/>'
        f'<rect x="{left:.0f}" width="{right:.0f}" height="{_HEIGHT}" fill="{badge.color}"/>'
        f'<text {text}x="{left / 2:.0f}" y="14" text-anchor="middle">{label}</text>'
        f'<text {text}x="{left + right / 2:.0f}" y="14" text-anchor="middle">{message}</text>'
        "</svg>\n"
    ).encode()


def printable(text: str) -> str:
    """Return *text* without what XML cannot hold."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in text)


def spark_path(line: str) -> str:
    """Return the path of a sparkline in a box of `SPARK_WIDTH` by 64 units; few points spread."""
    step = min(_WIDEST_STEP, SPARK_WIDTH / max(1, len(line) - 1))
    parts: list[str] = []
    pen_down = False
    for i, character in enumerate(line):
        if character not in _LEVELS:
            pen_down = False
            continue
        command = "L" if pen_down else "M"
        parts.append(f"{command}{round(i * step)} {len(SPARK_DIGITS) - 1 - _LEVELS[character]}")
        pen_down = True
    return "".join(parts)
