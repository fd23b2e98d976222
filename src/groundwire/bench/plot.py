"""A plot in SVG, written by hand: both axes logarithmic, a line for each series, and what linear growth would be."""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from xml.sax.saxutils import escape

Point = tuple[float, float]

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 150, 24, 50
COLOURS = ("#0b62a4", "#c2410c", "#3f7d20", "#6d28d9")


def curves(series: Mapping[str, Sequence[Point]], *, across: str, up: str) -> str:
    """The SVG of `series`, points of numbers above 0, with what the axes show in words.

    The dashed line of a series goes from its first point as it would if twice across were twice up.
    """
    points = [point for line in series.values() for point in line]
    if not points or min(min(point) for point in points) <= 0:
        raise ValueError("a logarithmic plot needs points, all above 0")
    ends = [max(line)[0] / min(line)[0] * min(line)[1] for line in series.values()]
    x = _Scale([point[0] for point in points], LEFT, WIDTH - RIGHT)
    y = _Scale([*(point[1] for point in points), *ends], HEIGHT - BOTTOM, TOP)
    parts = [*_axes(x, y, across, up)]
    for (name, line), colour in zip(series.items(), cycle(COLOURS), strict=False):
        parts += _line(name, sorted(line), x, y, colour)
    style = 'font-family="sans-serif" font-size="12"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {style}>'
    return "\n".join([head, f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>', *parts, "</svg>", ""])


class _Scale:
    """From values to places, over whole powers of ten."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        self.low = math.floor(math.log10(min(values)))
        self.high = max(self.low + 1, math.ceil(math.log10(max(values))))
        self.start, self.end = start, end

    def __call__(self, value: float) -> float:
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self) -> range:
        return range(self.low, self.high + 1)


def _axes(x: _Scale, y: _Scale, across: str, up: str) -> Iterator[str]:
    for power in x.ticks():
        at = x(10.0**power)
        yield f'<path d="M{at} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>'
        yield f'<text x="{at}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{_number(power)}</text>'
    for power in y.ticks():
        at = y(10.0**power)
        yield f'<path d="M{LEFT} {at}H{WIDTH - RIGHT}" stroke="#ddd"/>'
        yield f'<text x="{LEFT - 6}" y="{at + 4}" text-anchor="end">{_number(power)}</text>'
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield f'<text x="{middle}" y="{HEIGHT - 10}" text-anchor="middle">{escape(across)}</text>'
    turned = f"rotate(-90 14 {HEIGHT / 2})"
    yield f'<text x="14" y="{HEIGHT / 2}" text-anchor="middle" transform="{turned}">{escape(up)}</text>'


def _number(power: int) -> str:
    return f"{10**power:,}" if power >= 0 else f"{10.0**power:g}"


def _line(name: str, line: Sequence[Point], x: _Scale, y: _Scale, colour: str) -> Iterator[str]:
    places = [(x(across), y(up)) for across, up in line]
    (first, cost), (last, _) = line[0], line[-1]
    linear = f"M{places[0][0]} {places[0][1]}L{x(last)} {y(cost * last / first)}"
    yield f'<path d="{linear}" stroke="{colour}" stroke-dasharray="4 4" fill="none" opacity="0.6"/>'
    drawn = " ".join(f"{across},{up}" for across, up in places)
    yield f'<polyline points="{drawn}" stroke="{colour}" stroke-width="2" fill="none"/>'
    for across, up in places:
        yield f'<circle cx="{across}" cy="{up}" r="3" fill="{colour}"/>'
    across, up = places[-1]
    yield f'<text x="{across + 8}" y="{up + 4}" fill="{colour}">{escape(name)}</text>'
