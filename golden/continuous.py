"""Writes continuous.txt: convolutions in continuous time to 25 digits, for crates/faltung-continuous/tests/golden.rs.

    python3 -m venv venv && venv/bin/pip install mpmath==1.3.0 && venv/bin/python golden/continuous.py > golden/continuous.txt

Cases stand apart by an empty line: `closed` or `open`, two signals in the words of our language, impulses of the result as
`delta place weight`, then lines of a place t, the value, and its size: the integral of |f(u) g(t - u)|, beside which errors are seen.

- closed: the convolution has a formula, which is written down here and must agree with mpmath's quadrature to 20 digits.
- open: drawn at random, without a formula; by quadrature twice, with other precision and other panels, and kept if both agree to 15.

Each signal is written twice, as text and in mpmath; the text is never evaluated here. Two minutes.
"""

import random
import sys

import mpmath
from mpmath import cos, erf, erfc, exp, inf, log, mp, mpf, pi, sin, sqrt

from continuous_drawn import pairs
from continuous_panels import Signal, integral, size

mp.dps = 60
third, half = mpf(1) / 3, mpf(1) / 2


def show(x, digits=25):
    return mpmath.nstr(x, digits, strip_zeros=True, min_fixed=-5, max_fixed=15)


def write(kind, f, g, impulses, places):
    print(kind, f.text, g.text, *(f"delta {at} {weight}" for at, weight in impulses), sep="\n")
    for t, value, extent in places:
        print(repr(t), show(value), show(extent, 6))
    print()


def closed(f, g, formula, places, impulses=()):
    done = []
    for t in map(float, places):
        extent = size(f, g, mpf(t))
        # Outside of the support formulas leave roundings.
        value = mpf(formula(mpf(t))) if extent else mpf(0)
        other = integral(f, g, mpf(t), 40, 1)
        if abs(value - other) > 1e-20 * extent + mpf("1e-310"):
            sys.exit(f"{f.text} with {g.text} at {t}: {value}, but quadrature gives {other}")
        done.append((t, value, extent))
    write("closed", f, g, impulses, done)


# Closed forms, of signals that are easily told.


def S(text, *pieces, deltas=(), kinks=(), wave=0):
    return Signal(text, pieces, deltas, kinks, wave)


def one(u):
    return 1


def ramp(x, n):
    """x^n / n! from 0 on: what n integrations make of a step."""
    return x**n / mpmath.factorial(n) if x >= 0 else mpf(0)


def splines(n, *jumps):
    """The sum of ramps that begin at places, each with its factor."""
    return lambda t: sum(factor * ramp(t - place, n) for place, factor in jumps)


def boxed(antiderivative, begin, end, low=-inf, high=inf):
    """What a pulse from begin to end makes of a signal between low and high, from its antiderivative."""
    F = lambda x: antiderivative(mpf(min(max(x, low), high)))
    return lambda t: F(t - begin) - F(t - end)


def phi(x):
    return exp(-x * x / 2) / sqrt(2 * pi)


def Phi(x):
    return erfc(-x / sqrt(2)) / 2


def gamma(n, r, x):
    """The integral of u^n e^(-r u) from 0 to x."""
    with mp.workdps(200):  # It cancels where x is small.
        rest = sum((r * x) ** k / mpmath.factorial(k) for k in range(n + 1))
        return mpmath.factorial(n) / mpf(r) ** (n + 1) * (1 - exp(-r * x) * rest)


def causal(formula):
    return lambda t: formula(t) if t >= 0 else mpf(0)


def decay(text, rate):
    return S(text, (0, inf, lambda u: exp(-rate * u)))


rect = S("rect(t)", (-half, half, one))
unit = S("rect(t - 1/2)", (0, 1, one))
tri = S("tri(t)", (-1, 0, lambda u: 1 + u), (0, 1, lambda u: 1 - u))
step = S("step(t)", (0, inf, one))
falling = decay("exp(-t)*step(t)", 1)
faster = decay("exp(-2*t)*step(t)", 2)
both = S("exp(-abs(t))", (-inf, 0, exp), (0, inf, lambda u: exp(-u)))
bell = S("gauss(t)", (-inf, inf, phi), kinks=(0,))
near = [-2.5, -1.5, -1, -0.75, -0.5, -0.125, 0, 0.25, 0.5, 0.625, 1, 1.25, 1.5, 3]
late = [-1, -0.25, 0, 1e-9, 1e-3, 0.125, 0.75, 1, 2.5, 7, 30]
shape = {-1: 1, 0: -2, 1: 1}.items()

closed(rect, rect, splines(1, *shape), near)
closed(S("rect(t/2)", (-1, 1, one)), rect, splines(1, (-1.5, 1), (-0.5, -1), (0.5, -1), (1.5, 1)), near)
wide = S("rect((t + 2)/5)", (-4.5, 0.5, one))
closed(S("rect(t - 1/3)", (third - half, third + half, one)), wide, boxed(lambda x: x, -4.5, half, third - half, third + half), [-6, -4.7, -4, -3.6, -1, 0, 0.3, 0.4, 1.3, 2])
closed(S("3*rect(t)", (-half, half, lambda u: 3)), tri, lambda t: 3 * boxed(splines(2, *shape), -half, half)(t), near)
closed(tri, tri, splines(3, (-2, 1), (-1, -4), (0, 6), (1, -4), (2, 1)), near + [-2, 2, 1.9999])
closed(falling, falling, causal(lambda t: t * exp(-t)), late)
closed(falling, faster, causal(lambda t: exp(-t) - exp(-2 * t)), late)
for text in ["1.000000001", "1.0001", "1.05"]:
    r = mpf(text)
    closed(falling, decay(f"exp(-{text}*t)*step(t)", r), causal(lambda t: (exp(-t) - exp(-r * t)) / (r - 1)), late)
closed(decay("exp(-1000*t)*step(t)", 1000), falling, causal(lambda t: (exp(-t) - exp(-1000 * t)) / 999), late)
closed(decay("2^(-t)*step(t)", log(2)), decay("3^(-t)*step(t)", log(3)), causal(lambda t: (mpf(2) ** -t - mpf(3) ** -t) / log(mpf(3) / 2)), late)
wave = lambda text, w: S(text, (0, inf, lambda u: sin(w * u)), wave=w)
closed(falling, wave("sin(3*t)*step(t)", 3), causal(lambda t: (sin(3 * t) - 3 * cos(3 * t) + 3 * exp(-t)) / 10), late)
closed(faster, S("t^3*step(t)", (0, inf, lambda u: u**3)), causal(lambda t: t**3 / 2 - 3 * t**2 / 4 + 3 * t / 4 - mpf(3) / 8 * (1 - exp(-2 * t))), late)
damped = lambda text, a, w, turn: S(text, (0, inf, lambda u: exp(-a * u) * turn(w * u)), wave=w)
closed(damped("exp(-t)*sin(2*t)*step(t)", 1, 2, sin), damped("exp(-t)*cos(2*t)*step(t)", 1, 2, cos), causal(lambda t: t * exp(-t) * sin(2 * t) / 2), late)
closed(damped("exp(-t/2)*sin(4*t)*step(t)", half, 4, sin), step, causal(lambda t: (4 - exp(-t / 2) * (sin(4 * t) / 2 + 4 * cos(4 * t))) / (half**2 + 16)), late)
closed(wave("sin(t)*step(t)", 1), wave("sin(t)*step(t)", 1), causal(lambda t: (sin(t) - t * cos(t)) / 2), late)
r = mpf("1.000001")
closed(wave("sin(t)*step(t)", 1), wave("sin(1.000001*t)*step(t)", r), causal(lambda t: (r * sin(t) - sin(r * t)) / (r * r - 1)), late)
closed(both, both, lambda t: (1 + abs(t)) * exp(-abs(t)), near + [20])
closed(both, S("exp(-2*abs(t))", (-inf, 0, lambda u: exp(2 * u)), (0, inf, lambda u: exp(-2 * u))), lambda t: 2 * (2 * exp(-abs(t)) - exp(-2 * abs(t))) / 3, near + [-20])
closed(S("exp(t)*step(-t)", (-inf, 0, exp)), faster, lambda t: exp(t if t < 0 else -2 * t) / 3, near + [-20])
closed(both, rect, boxed(lambda x: exp(x) if x < 0 else 2 - exp(-x), -half, half), near + [40])
closed(S("cos(t)", (-inf, inf, cos), wave=1), both, cos, near)
closed(bell, bell, lambda t: exp(-t * t / 4) / sqrt(4 * pi), near + [10])
closed(S("gauss(t - 1)", (-inf, inf, lambda u: phi(u - 1)), kinks=(1,)), S("gauss(2*t)", (-inf, inf, lambda u: phi(2 * u)), kinks=(0,)), lambda t: phi((t - 1) / sqrt(1.25)) / sqrt(1.25) / 2, near)
closed(bell, rect, boxed(Phi, -half, half), near + [8])
closed(bell, step, Phi, near + [-6, 9])
closed(bell, falling, lambda t: exp(half - t) * Phi(t - 1), near + [-7, 30])
closed(bell, S("t*exp(-2*t)*step(t)", (0, inf, lambda u: u * exp(-2 * u))), lambda t: exp(2 - 2 * t) * ((t - 2) * Phi(t - 2) + phi(t - 2)), near + [12])
closed(bell, S("sin(2*t)", (-inf, inf, lambda u: sin(2 * u)), wave=2), lambda t: exp(-2) * sin(2 * t), near)
closed(bell, S("t^2", (-inf, inf, lambda u: u * u)), lambda t: t * t + 1, near + [-1000])
closed(bell, S("t*rect(t)", (-half, half, lambda u: u)), lambda t: t * (Phi(t + half) - Phi(t - half)) + phi(t + half) - phi(t - half), near)
closed(S("t*gauss(t)", (-inf, inf, lambda u: u * phi(u)), kinks=(0,)), bell, lambda t: t / 2 * exp(-t * t / 4) / sqrt(4 * pi), near)
ripple = S("exp(-t^2)*cos(5*t)", (-inf, inf, lambda u: exp(-u * u) * cos(5 * u)), kinks=(0,), wave=5)
closed(S("exp(-t^2)", (-inf, inf, lambda u: exp(-u * u)), kinks=(0,)), ripple, lambda t: exp(-t * t / 2 - mpf(25) / 8) * sqrt(pi / 2) * cos(5 * t / 2), near)
closed(S("if(0 <= t < 2, t^2, 0)", (0, 2, lambda u: u * u)), unit, boxed(lambda x: x**3 / 3, 0, 1, 0, 2), near + [2, 2.5])
roof = S("piecewise(t for 0 <= t < 1; 2 - t for 1 <= t < 2; 0 otherwise)", (0, 1, lambda u: u), (1, 2, lambda u: 2 - u))
stairs = S("piecewise(1 for 0 <= t < 1; -2 for 1 <= t < 3; 0 otherwise)", (0, 1, one), (1, 3, lambda u: -2))
closed(roof, stairs, splines(2, (0, 1), (1, -5), (2, 7), (3, -1), (4, -4), (5, 2)), near + [2, 2.75, 4, 4.5, 5, 6])
closed(S("abs(t)*rect(t/2)", (-1, 0, lambda u: -u), (0, 1, lambda u: u)), rect, boxed(lambda x: x * abs(x) / 2, -half, half, -1, 1), near)
closed(S("if(t^2 < 2, 1, 0)", (-sqrt(2), sqrt(2), one)), rect, boxed(lambda x: x, -half, half, -sqrt(2), sqrt(2)), near + [1.875, 2])
cube = lambda x: x**8 / 56 - x**6 / 10 + x**4 / 4 - x * x / 2 - 16 * x / mpf(35) - (mpf(1) / 56 - mpf(1) / 10 - mpf(1) / 4 + mpf(16) / 35)
twice = lambda x: 0 if x < -1 else cube(x) if x < 1 else cube(mpf(1)) - mpf(32) / 35 * (x - 1)
closed(S("(t^2 - 1)^3*rect(t/2)", (-1, 1, lambda u: (u * u - 1) ** 3)), tri, lambda t: twice(t + 1) - 2 * twice(t) + twice(t - 1), near + [1.9])
closed(S("t^10*rect(t - 1/2)", (0, 1, lambda u: u**10)), unit, boxed(lambda x: x**11 / 11, 0, 1, 0, 1), near + [1.999, 2])
tenth = S("t^10*exp(-t)*step(t)", (0, inf, lambda u: u**10 * exp(-u)))
closed(tenth, falling, causal(lambda t: t**11 / 11 * exp(-t)), late)
closed(tenth, faster, causal(lambda t: exp(-2 * t) * gamma(10, -1, t)), late)
closed(S("t*exp(-t)*step(t)", (0, inf, lambda u: u * exp(-u))), S("t^2*exp(-3*t)*step(t)", (0, inf, lambda u: u * u * exp(-3 * u))), causal(lambda t: exp(-t) * (t * gamma(2, 2, t) - gamma(3, 2, t))), late)
closed(step, S("step(t - 1)", (1, inf, one)), splines(1, (1, 1)), late)
closed(S("t*step(t)", (0, inf, lambda u: u)), S("t*step(t)", (0, inf, lambda u: u)), splines(3, (0, 1)), late)
closed(step, falling, causal(lambda t: 1 - exp(-t)), late)
closed(falling, S("rect((t - 50)/100)", (0, 100, one)), boxed(causal(lambda x: 1 - exp(-x)), 0, 100), late + [99, 100, 101, 130])
closed(tri, falling, lambda t: sum(c * causal(lambda x: x - 1 + exp(-x))(t - at) for at, c in shape), near + [12])
up = S("exp(2*t)*rect(t - 1/2)", (0, 1, lambda u: exp(2 * u)))
closed(S("exp(-t)*rect(t - 1/2)", (0, 1, lambda u: exp(-u))), up, lambda t: exp(2 * t) * (exp(-3 * max(0, t - 1)) - exp(-3 * min(1, t))) / 3 if 0 < t < 2 else mpf(0), near + [1.9])
closed(S("step(t) - step(t - 2)", (0, 2, one)), S("sin(t)", (-inf, inf, sin), wave=1), lambda t: cos(t - 2) - cos(t), near + [-100])
closed(S("(1 + cos(pi*t))/2*rect(t/2)", (-1, 1, lambda u: (1 + cos(pi * u)) / 2)), rect, boxed(lambda x: (x + sin(pi * x) / pi) / 2, -half, half, -1, 1), near)
arch = S("cos(pi*t)*rect(t)", (-half, half, lambda u: cos(pi * u)))
closed(arch, arch, lambda t: ((1 - abs(t)) * cos(pi * t) + sin(pi * abs(t)) / pi) / 2 if abs(t) < 1 else mpf(0), near)
closed(S("sin(50*t)*rect(t)", (-half, half, lambda u: sin(50 * u)), wave=50), S("rect(t/3)", (-1.5, 1.5, one)), boxed(lambda x: -cos(50 * x) / 50, -1.5, 1.5, -half, half), near + [1.75])
nano, giga = mpf(10) ** -9, mpf(10) ** 9
short = S("rect(1e9*t)", (-nano / 2, nano / 2, one))
closed(short, short, lambda t: nano * splines(1, *shape)(t * giga), [-1.5e-9, -1e-9, -7e-10, -3e-10, 0, 1e-12, 2e-10, 9.9e-10, 2e-9])
closed(S("rect(t/1e9)", (-giga / 2, giga / 2, one)), falling, boxed(causal(lambda x: 1 - exp(-x)), -giga / 2, giga / 2), [-1e9, -499999999.5, -499999997, 0, 499999999, 500000002])
faint = lambda text, height, signal: S(f"{text}*{signal.text}", *((a, b, lambda u, f=f: mpf(height) * f(u)) for a, b, f in signal.pieces))
closed(faint("1e-200", "1e-200", rect), faint("1e-90", "1e-90", tri), lambda t: mpf("1e-290") * boxed(splines(2, *shape), -half, half)(t), near)
closed(faint("1e150", "1e150", rect), faint("1e150", "1e150", falling), lambda t: mpf("1e300") * boxed(causal(lambda x: 1 - exp(-x)), -half, half)(t), late)

# Impulses.
pulses = lambda text, *deltas: S(text, deltas=deltas)
closed(pulses("delta(t - 2)", (2, 1)), tri, lambda t: max(0, 1 - abs(t - 2)), [0, 1, 1.25, 1.5, 2, 2.75, 3, 4])
closed(pulses("3*delta(2*t - 1)", (half, 1.5)), falling, lambda t: 1.5 * causal(lambda x: exp(-x))(t - half), late + [0.5, 0.625])
closed(pulses("delta(t - 1)", (1, 1)), pulses("2*delta(t + 3)", (-3, 2)), lambda t: mpf(0), near, [(-2, 2)])
box = lambda x: 1 if -half <= x < half else 0
first = S("rect(t) + 2*delta(t - 3)", *rect.pieces, deltas=[(3, 2)])
second = S("rect(t) - delta(t + 1)", *rect.pieces, deltas=[(-1, -1)])
closed(first, second, lambda t: max(0, 1 - abs(t)) + 2 * box(t - 3) - box(t + 1), near + [2.5, 3.25, 3.5], [(2, -2)])
closed(S("erf(t)", (-inf, inf, erf)), pulses("delta(t) - delta(-t/2 + 1)", (0, 1), (2, -2)), lambda t: erf(t) - 2 * erf(t - 2), near)
echo = S("delta(t) + exp(-t)*step(t)", (0, inf, lambda u: exp(-u)), deltas=[(0, 1)])
closed(echo, echo, causal(lambda t: (2 + t) * exp(-t)), late, [(0, 1)])

# Without a formula.

kept = 0
for (f, g), places in pairs(random.Random(20261214)):
    done = []
    for t in map(mpf, places):
        value, other, extent = integral(f, g, t, 40, 1), integral(f, g, t, 50, 2), size(f, g, t)
        if abs(value - other) <= 1e-15 * extent and extent > 0:
            done.append((float(t), other, extent))
    if done:
        write("open", f, g, (), done)
        kept += 1
    else:
        print(f.text, "with", g.text, "at", *places, "is left out", file=sys.stderr)
    if kept == 200:
        break
