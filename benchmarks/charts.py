"""Charts as SVG: lines over two logarithmic axes, and bars. Equal values make equal bytes.

They follow the reader's light or dark scheme, and need nothing but the file itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import ceil, floor, log10
from typing import Final
from xml.sax.saxutils import escape

__all__ = ["draw_bars", "draw_lines"]

_WIDTH: Final = 760
_HEIGHT: Final = 420
_LEFT: Final = 70
_RIGHT: Final = 190  # room for the legend
_TOP: Final = 40
_BOTTOM: Final = 50
_ROW: Final = 22
_BAR: Final = 26
_NAMES: Final = 270
# Okabe and Ito 2008, "Color universal design": and a violet; for light and dark.
_COLORS: Final = (
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a8a8a", "#9467bd",
)  # fmt: skip
_STYLE: Final = (
    "text{font:13px sans-serif;fill:#24292f}.t{font-weight:bold}.e{text-anchor:end}"
    ".m{text-anchor:middle}.g{stroke:#d0d7de;stroke-width:1}.l{fill:none;stroke-width:2.5}.b{fill:#fff}"
    "@media (prefers-color-scheme:dark){text{fill:#e6edf3}.g{stroke:#3d444d}.b{fill:#0d1117}}"
)

Points = Sequence[tuple[float, float]]


def draw_lines(title: str, across: str, series: Mapping[str, Points]) -> str:
    """Draw a line for each series of (x, y), both above 0, on logarithmic axes."""
    columns = _span(x for own in series.values() for x, _ in own)
    rows = _span(y for own in series.values() for _, y in own)
    parts = [_text(_LEFT, 22, title, "t"), _text(_middle(), _HEIGHT - 10, across, "m")]
    for power in range(columns[0], columns[1] + 1):
        x = _place(power, columns, _LEFT, _WIDTH - _RIGHT)
        parts.append(_line(x, _TOP, x, _HEIGHT - _BOTTOM))
        parts.append(_text(x, _HEIGHT - _BOTTOM + 18, _name_power(power), "m"))
    for power in range(rows[0], rows[1] + 1):
        y = _place(power, rows, _HEIGHT - _BOTTOM, _TOP)
        parts.append(_line(_LEFT, y, _WIDTH - _RIGHT, y))
        parts.append(_text(_LEFT - 8, y + 4, _name_power(power), "e"))
    # The legend has the order of the lines' ends, the highest first.
    named = sorted(series.items(), key=lambda own: (-own[1][-1][1], own[0]))
    colors = dict(zip(series, _cycle(len(series)), strict=True))
    for number, (name, own) in enumerate(named):
        places = [
            (
                _place(log10(x), columns, _LEFT, _WIDTH - _RIGHT),
                _place(log10(y), rows, _HEIGHT - _BOTTOM, _TOP),
            )
            for x, y in own
        ]
        color = colors[name]
        joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline class="l" stroke="{color}" points="{joined}"/>')
        parts += (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{color}"/>' for x, y in places)
        at = _TOP + 10 + number * _ROW
        left = _WIDTH - _RIGHT + 14
        parts.append(f'<rect x="{left}" y="{at - 9}" width="12" height="12" fill="{color}"/>')
        parts.append(_text(left + 18, at + 2, name))
    return _frame(_HEIGHT, title, parts)


def draw_bars(title: str, values: Mapping[str, float]) -> str:
    """Draw a bar for each value, 0 or more, with its number beside it."""
    most = max([*values.values(), 1])
    parts = [_text(10, 22, title, "t")]
    room = _WIDTH - _NAMES - 70
    for number, (name, value) in enumerate(values.items()):
        y = _TOP + number * _BAR
        width = value / most * room
        parts.append(_text(_NAMES - 10, y + 15, name, "e"))
        parts.append(
            f'<rect x="{_NAMES}" y="{y}" width="{width:.1f}" height="20" fill="{_COLORS[0]}"/>'
        )
        parts.append(_text(_NAMES + width + 8, y + 15, f"{value:.2f}"))
    return _frame(_TOP + len(values) * _BAR + 10, title, parts)


def _span(values: Iterable[float]) -> tuple[int, int]:
    """Give the powers of ten around values, at least two."""
    powers = [log10(value) for value in values]
    least, most = floor(min(powers)), ceil(max(powers))
    return least, max(most, least + 1)


def _place(power: float, span: tuple[int, int], start: float, end: float) -> float:
    return start + (power - span[0]) / (span[1] - span[0]) * (end - start)


def _name_power(power: int) -> str:
    return f"{10**power:,}" if power >= 0 else f"{10.0**power:.{-power}f}"


def _middle() -> float:
    return (_LEFT + _WIDTH - _RIGHT) / 2


def _cycle(count: int) -> list[str]:
    return [_COLORS[number % len(_COLORS)] for number in range(count)]


def _line(x: float, y: float, to_x: float, to_y: float) -> str:
    return f'<line class="g" x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}"/>'


def _text(x: float, y: float, told: str, kind: str = "") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(told)}</text>'


def _frame(height: int, title: str, parts: Iterable[str]) -> str:
    size = f'width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
    # Without a ground of its own a chart could not be read where page and reader's scheme differ.
    ground = f'<rect class="b" width="{_WIDTH}" height="{height}"/>'
    named = f"<title>{escape(title)}</title><style>{_STYLE}</style>"
    return "\n".join([head, named, ground, *parts, "</svg>\n"])
