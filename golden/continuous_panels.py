"""Signals in mpmath, and the integral of f(u) g(t - u), for continuous.py."""

from mpmath import inf, mp, mpf


class Signal:
    """A signal as text, and again as pieces (from, to, function) and impulses (place, weight).

    `kinks` are places within pieces where quadrature is to divide them, and `wave` is the highest frequency in radians.
    """

    def __init__(self, text, pieces, deltas=(), kinks=(), wave=0):
        self.text, self.deltas, self.kinks, self.wave = text, deltas, kinks, wave
        self.pieces = [(mpf(a), mpf(b), function) for a, b, function in pieces]

    def at(self, t):
        return next((function(t) for a, b, function in self.pieces if a <= t < b), mpf(0))


def panels(low, high, inner, wave, parts):
    """Places from low to high, with those of `inner` between, and as near to one another as waves and `parts` need."""
    if low == -inf:
        return [-u for u in reversed(panels(-high, inf, [-u for u in inner], wave, parts))] if high < inf else (
            panels(-inf, mpf(0), inner, wave, parts)[:-1] + panels(mpf(0), inf, inner, wave, parts))
    ends = {low, high} | {u for u in inner if low < u < high}
    if high == inf:
        far = max([low] + [u for u in ends if u < inf])
        ends |= {far + mpf(2) ** k for k in range(-2, 8)}
    ends = sorted(ends)
    places = []
    for a, b in zip(ends, ends[1:]):
        count = parts * (1 + int((b - a) * wave / 6)) if b < inf else 1
        places += [a + (b - a) * k / count for k in range(count)] if b < inf else [a]
    return places + [high]


def products(f, g, t, parts):
    """Each product of two pieces as an integrand, with its panels."""
    for a, b, first in f.pieces:
        for c, d, second in g.pieces:
            low, high = max(a, t - d), min(b, t - c)
            if low < high:
                inner = list(f.kinks) + [t - u for u in g.kinks]
                yield lambda u: first(u) * second(t - u), panels(low, high, inner, f.wave + g.wave, parts)


def impulses(f, g, t):
    """What impulses give at t."""
    return [w * g.at(t - at) for at, w in f.deltas] + [w * f.at(t - at) for at, w in g.deltas]


def quad(product, places, **options):
    """mpmath's quadrature, which aims at an absolute error, of an integral that was scaled to be about 1."""
    inside = [(a + b) / 2 if b < inf else a + mpf(1) / 8 for a, b in zip(places, places[1:]) if a > -inf]
    length = max([b - a for a, b in zip(places, places[1:]) if b - a < inf], default=1)
    scale = max((abs(product(u)) for u in inside), default=0) * length or 1
    # u is scaled as well: the substitution of an infinite end has a length of its own.
    return scale * mp.quad(lambda v: product(v * length) * (length / scale), [u / length for u in places], **options)


def integral(f, g, t, digits, parts):
    """The convolution at t by tanh-sinh quadrature, with that many digits, and panels divided in that many parts."""
    with mp.workdps(digits):
        return sum((quad(product, places) for product, places in products(f, g, t, parts)), mpf(0)) + sum(impulses(f, g, t))


def size(f, g, t):
    """The integral of the absolute value to some digits, with the absolute values of what impulses give."""
    with mp.workdps(20):
        part = lambda product, places: quad(lambda u: abs(product(u)), places, maxdegree=4)
        return sum((part(*each) for each in products(f, g, t, 2)), mpf(0)) + sum(map(abs, impulses(f, g, t)))
