"""Charts as SVG: plain marks and lines, readable on light and dark pages, no library."""

import math
from xml.sax.saxutils import escape

# Colours for light pages, and under them for dark ones; both sets of marks keep apart for the colour-blind.
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #1f2328 }
.small { font-size: 11px; fill: #59636e }
.title { font-size: 14px; font-weight: 600 }
.grid { stroke: #d1d9e0; stroke-width: 1 }
.even { stroke: #59636e; stroke-width: 1.5 }
.bar { stroke: #818b98; stroke-width: 3 }
.c0 { fill: #0969da; stroke: #0969da } .c1 { fill: #bf5700; stroke: #bf5700 } .c2 { fill: #1a7f37; stroke: #1a7f37 }
.hollow { fill-opacity: 0; stroke-width: 1.5 } .line { fill: none; stroke-width: 2 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .small { fill: #9198a1 } .grid { stroke: #3d444d } .even { stroke: #9198a1 } .bar { stroke: #656c76 }
.c0 { fill: #4493f8; stroke: #4493f8 } .c1 { fill: #f0883e; stroke: #f0883e } .c2 { fill: #3fb950; stroke: #3fb950 }
.line { fill: none }
}
"""


class Picture:
    def __init__(self, width, height, title):
        self.width, self.height = width, height
        self.parts = []
        self.title = title

    def text(self, x, y, words, kind="", anchor="start"):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>')

    def line(self, x1, y1, x2, y2, kind):
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>')

    def dot(self, x, y, kind, words, radius=4):
        circle = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" class="{kind}">'
        self.parts.append(f"{circle}<title>{escape(words)}</title></circle>")

    def path(self, points, kind):
        steps = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(f'<polyline points="{steps}" class="line {kind}"/>')

    def __str__(self):
        size = f'width="{self.width}" height="{self.height}" viewBox="0 0 {self.width} {self.height}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img"><title>{escape(self.title)}</title>'
        return "\n".join([head, f"<style>{STYLE}</style>", *self.parts, "</svg>"]) + "\n"


def scale(low, high, left, right):
    """From values to places, by their logarithms."""
    return lambda value: left + (right - left) * math.log(value / low) / math.log(high / low)


def decades(low, high):
    """1, 2 and 5 times powers of ten between two values."""
    ticks = (
        step * 10.0**power
        for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        for step in (1, 2, 5)
    )
    return [tick for tick in ticks if low * 0.999 <= tick <= high * 1.001]


def number(value):
    return f"{value:g}"


def ratios(dots, kinds):
    """Our time by the best other's: a row for each kind of case, a dot for each case, a bar at the geometric mean.

    `dots`: name, ratio, threads. Filled dots are one thread, hollow ones more.
    """
    if not dots:
        return None
    rows = [(kind, words) for kind, words in kinds.items() if any(name.split("-")[0] == kind for name, *_ in dots)]
    left, right, top, step = 140, 740, 64, 44
    height = top + step * len(rows) + 44
    picture = Picture(right + 40, height, "Time of faltung by the time of the fastest other library, by kind of case")
    least, most = min(value for _, value, _ in dots), max(value for _, value, _ in dots)
    low, high = min(0.1, least * 0.9), max(1.3, most * 1.1)
    at = scale(low, high, left, right)
    picture.text(16, 22, "Time of faltung beside the fastest other library", "title")
    counts = sorted({count for *_, count in dots}, key=int)
    x = 16
    for kind, count in zip(("c0", "c1 hollow"), counts, strict=False):
        words = f"{count} thread{'s' if count != '1' else ''}"
        picture.dot(x + 5, 38, kind, words)
        picture.text(x + 15, 42, words, "small")
        x += 90
    picture.line(x + 4, 32, x + 4, 44, "bar")
    picture.text(x + 13, 42, "geometric mean, 1 thread", "small")
    bottom = top + step * len(rows)
    for tick in decades(low, high):
        picture.line(at(tick), top, at(tick), bottom, "even" if tick == 1 else "grid")
        picture.text(at(tick), bottom + 16, "equal" if tick == 1 else number(tick), "small", "middle")
    picture.text(left, bottom + 34, "less is faster: 0.1 is a tenth of the time", "small")
    for row, (kind, words) in enumerate(rows):
        y = top + step * (row + 0.5)
        own = [(name, value, count) for name, value, count in dots if name.split("-")[0] == kind]
        picture.text(left - 14, y + 4, words, "", "end")
        ones = [value for _, value, count in own if count == counts[0]]
        if ones:
            middle = at(math.exp(sum(map(math.log, ones)) / len(ones)))
            picture.line(middle, y - 16, middle, y + 16, "bar")
        for index, count in enumerate(counts[:2]):
            for name, value, threads in own:
                if threads == count:
                    height = y - 6 if index == 0 else y + 6
                    picture.dot(at(value), height, ("c0", "c1 hollow")[index], f"{name}: {value:.2f}, {count} threads")
    return str(picture)


def growth(lines):
    """Nanoseconds an output against samples, both by their logarithms. `lines`: words, and pairs of both."""
    points = [point for _, some in lines for point in some]
    left, right, top, bottom = 60, 620, 50, 360
    picture = Picture(780, 410, "Nanoseconds for each output, by the signal's length")
    low, high = min(y for _, y in points) * 0.8, max(y for _, y in points) * 1.25
    across = scale(min(x for x, _ in points), max(x for x, _ in points), left, right)
    up = scale(low, high, bottom, top)
    picture.text(16, 22, "Nanoseconds for each output, f32, one thread", "title")
    for tick in decades(low, high):
        picture.line(left, up(tick), right, up(tick), "grid")
        picture.text(left - 8, up(tick) + 4, number(tick), "small", "end")
    for exponent in range(8, 28, 3):
        if points and 2**exponent <= max(x for x, _ in points):
            picture.text(across(2**exponent), bottom + 18, f"2^{exponent}", "small", "middle")
    picture.text((left + right) / 2, bottom + 38, "samples", "small", "middle")
    ends = sorted(((up(some[-1][1]), words, index) for index, (words, some) in enumerate(lines)), reverse=True)
    lowest = math.inf
    for y, words, index in ends:  # labels at the lines' ends, kept apart
        lowest = min(y, lowest - 16)
        picture.text(right + 12, lowest + 4, words)
    for index, (words, some) in enumerate(lines):
        places = [(across(x), up(y)) for x, y in some]
        picture.path(places, f"c{index % 3}")
        for (x, y), (samples, value) in zip(places, some, strict=True):
            picture.dot(x, y, f"c{index % 3}", f"{words}, {samples} samples: {value:.3f} ns", 3)
    return str(picture)
