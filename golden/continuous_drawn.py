"""Random signals without a closed form, each as text and in mpmath, for continuous.py."""

from mpmath import cos, erf, exp, floor, inf, mpf, pi, sin, sqrt

from continuous_panels import Signal


class Drawing:
    def __init__(self, random):
        self.random = random

    def number(self, low, high):
        """A number of one decimal, as text and exactly."""
        tenths = self.random.randint(round(low * 10), round(high * 10))
        return f"{tenths / 10:g}", mpf(tenths) / 10

    def window(self):
        a, low = self.number(-2, 1)
        tenths = self.random.randint(3, 30)
        high = low + mpf(tenths) / 10
        return a, low, f"{float(high):g}", high

    def signal(self, kinds):
        return getattr(self, self.random.choice(kinds))()

    # Between two places. Nodes of quadrature may lie before a place by a rounding: hence abs.

    def between(self, window, text, function, kinks=(), wave=0):
        a, low, b, high = window
        texts = [f"if({a} <= t < {b}, {text}, 0)", f"({text})*(step(t - {a}) - step(t - {b}))", f"piecewise({text} for {a} <= t < {b})"]
        return Signal(self.random.choice(texts).replace("- -", "+ "), [(low, high, function)], (), kinks, wave)

    def root(self):
        window = a, low, _, _ = self.window()
        return self.between(window, f"sqrt(t - {a})", lambda u: sqrt(abs(u - low)))

    def half_circle(self):
        window = a, low, b, high = self.window()
        return self.between(window, f"sqrt((t - {a})*({b} - t))", lambda u: sqrt(abs((u - low) * (high - u))))

    def power(self):
        window = a, low, _, _ = self.window()
        p, power = self.random.choice([("0.3", mpf(3) / 10), ("1.5", mpf(3) / 2), ("2.7", mpf(27) / 10), ("(-0.3)", -mpf(3) / 10), ("(-0.5)", -mpf(1) / 2)])
        return self.between(window, f"(t - {a})^{p}", lambda u: abs(u - low) ** power)

    def root_of_size(self):
        window = self.window()
        c, centre = self.number(-1, 1)
        p, power = self.random.choice([("0.5", mpf(1) / 2), ("1.5", mpf(3) / 2), ("(-0.4)", -mpf(4) / 10), ("(-0.5)", -mpf(1) / 2)])
        return self.between(window, f"abs(t - {c})^{p}", lambda u: abs(u - centre) ** power, [centre])

    def sinc_wave(self):
        k, speed = self.number(0.5, 15)
        return self.between(self.window(), f"sinc({k}*t)", lambda u: sin(pi * speed * u) / (pi * speed * u) if u else mpf(1), [mpf(0)], 3 * speed)

    def turns(self, speed, window):
        """Where sin(speed u) is zero."""
        _, low, _, high = window
        return [k * pi / speed for k in range(int(floor(low * speed / pi)), int(high * speed / pi) + 2)]

    def size_of_sine(self):
        window, (k, speed) = self.window(), self.number(1, 12)
        return self.between(window, f"abs(sin({k}*t))", lambda u: abs(sin(speed * u)), self.turns(speed, window), speed)

    def root_of_sine(self):
        window, (k, speed) = self.window(), self.number(1, 6)
        return self.between(window, f"sqrt(abs(sin({k}*t)))", lambda u: sqrt(abs(sin(speed * u))), self.turns(speed, window), speed)

    def resonance(self):
        k, width = self.number(0.1, 2)
        return self.between(self.window(), f"1/({k} + t^2)", lambda u: 1 / (width + u * u), [-width, mpf(0), width])

    def quotient_of_wave(self):
        w, speed = self.number(1, 8)
        return self.between(self.window(), f"1/(2 + cos({w}*t))", lambda u: 1 / (2 + cos(speed * u)), (), 3 * speed)

    def cube(self):
        return self.between(self.window(), "exp(t - t^3)", lambda u: exp(u - u**3))

    def cut_bell(self):
        s, speed = self.number(0.5, 4)
        return self.between(self.window(), f"gauss({s}*t)", lambda u: exp(-((speed * u) ** 2) / 2) / sqrt(2 * pi), [mpf(0)], speed)

    def swelling_wave(self):
        w, speed = self.number(1, 50)
        return self.between(self.window(), f"cos({w}*t)*sqrt(1 + t^2)", lambda u: cos(speed * u) * sqrt(1 + u * u), (), speed)

    def chirp(self):
        k, speed = self.number(1, 6)
        return self.between(self.window(), f"cos({k}*t^2)", lambda u: cos(speed * u * u), [mpf(0)], 4 * speed)

    def error_function(self):
        k, speed = self.number(0.5, 5)
        return self.between(self.window(), f"erf({k}*t)", lambda u: erf(speed * u), [mpf(0)], 2 * speed)

    # On half of the line or all of it.

    def fourth(self):
        return Signal("exp(-t^4)", [(-inf, inf, lambda u: exp(-(u**4)))], (), [mpf(0), mpf(1), mpf(-1)])

    def lorentz(self):
        return Signal("1/(1 + t^2)", [(-inf, inf, lambda u: 1 / (1 + u * u))], (), [mpf(0)])

    def blunt(self):
        return Signal("exp(-sqrt(1 + t^2))", [(-inf, inf, lambda u: exp(-sqrt(1 + u * u)))], (), [mpf(0)])

    def pointed(self):
        left, right = (lambda u: exp(u) / (1 + u * u)), (lambda u: exp(-u) / (1 + u * u))
        return Signal("exp(-abs(t))/(1 + t^2)", [(-inf, 0, left), (0, inf, right)])

    def slow(self):
        return Signal("if(t >= 0, 1/(1 + t)^2, 0)", [(0, inf, lambda u: 1 / (1 + u) ** 2)])

    def begun(self):
        k, rate = self.number(0.3, 3)
        return Signal(f"exp(-{k}*t)*step(t)*sqrt(t)", [(0, inf, lambda u: exp(-rate * u) * sqrt(abs(u)))])

    def packet(self):
        w, speed = self.number(0.5, 6)
        function = lambda u: exp(-u * u / 2) / sqrt(2 * pi) * sin(pi * speed * u) / (pi * speed * u) if u else 1 / sqrt(2 * pi)
        return Signal(f"gauss(t)*sinc({w}*t)", [(-inf, inf, function)], (), [mpf(k) / 2 for k in range(-24, 25)], 4 * speed)

    # With a closed form.

    def pulse(self):
        return self.between(self.window(), "1", lambda u: mpf(1))

    def parabola(self):
        return self.between(self.window(), "1 - t^2", lambda u: 1 - u * u)

    def sine(self):
        w, speed = self.number(1, 50)
        return self.between(self.window(), f"sin({w}*t)", lambda u: sin(speed * u), (), speed)

    def decay(self):
        k, rate = self.number(0.3, 5)
        return Signal(f"exp(-{k}*t)*step(t)", [(0, inf, lambda u: exp(-rate * u))])

    def cusp(self):
        k, rate = self.number(0.3, 4)
        return Signal(f"exp(-{k}*abs(t))", [(-inf, 0, lambda u: exp(rate * u)), (0, inf, lambda u: exp(-rate * u))])

    def bell(self):
        s, speed = self.number(0.5, 3)
        return Signal(f"gauss({s}*t)", [(-inf, inf, lambda u: exp(-((speed * u) ** 2) / 2) / sqrt(2 * pi))], (), [mpf(k) / speed for k in (-4, 0, 4)])


SHORT = "root half_circle power root_of_size sinc_wave size_of_sine root_of_sine resonance quotient_of_wave cube cut_bell swelling_wave chirp error_function".split()
LONG = "fourth lorentz blunt pointed slow begun packet".split()
PLAIN = "pulse parabola sine decay cusp bell".split()


def pairs(random):
    """Pairs of which one signal at least has no closed form, in either order, each with one or two places."""
    drawing = Drawing(random)
    while True:
        pair = [drawing.signal(random.choice([SHORT, SHORT, LONG])), drawing.signal(random.choice([PLAIN, PLAIN, SHORT, LONG]))]
        random.shuffle(pair)
        # Between the sums of the ends of both, or about the origin.
        low = sum(max(min(a for a, _, _ in signal.pieces), mpf(-2)) for signal in pair)
        high = sum(min(max(b for _, b, _ in signal.pieces), mpf(3)) for signal in pair)
        places = {float(round(64 * (low + (high - low) * mpf(random.random())))) / 64 for _ in range(random.randint(1, 2))}
        yield pair, sorted(places)
