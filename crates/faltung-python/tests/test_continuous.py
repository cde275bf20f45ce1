"""`faltung.continuous`: formulas, values with bounds, pictures."""

from pathlib import Path

import numpy as np
import pytest
from scipy import signal

import faltung


def test_a_pulse_by_itself_is_a_triangle() -> None:
    triangle = faltung.continuous("rect(t)", "rect(t)")
    assert triangle.method == "exact"
    assert triangle.formula == "piecewise(1 + t for -1 <= t < 0; 1 - t for 0 <= t < 1; 0 otherwise)"
    t = np.linspace(-2, 2, 41).reshape(1, 41)
    assert triangle(t).shape == t.shape
    np.testing.assert_allclose(triangle(t), np.clip(1 - np.abs(t), 0, None), atol=1e-15)
    assert isinstance(triangle(0.25), float) and triangle(0.25) == 0.75
    assert triangle.support == (-1.0, 1.0)
    np.testing.assert_array_equal(triangle.breakpoints, [-1, 0, 1])


def test_circuits_answer_as_scipy_integrates_them() -> None:
    r, l, c = 1.0, 0.5, 0.25
    step = faltung.continuous("step(t)", f"rlc:r={r},l={l},c={c}")
    t = np.linspace(0, 8, 200)
    _, expected = signal.step(([1], [l * c, r * c, 1]), T=t)
    np.testing.assert_allclose(step(t), expected, atol=1e-9)
    charge = faltung.continuous("step(t)", "rc:tau=1/2")
    np.testing.assert_allclose(charge(t), 1 - np.exp(-2 * t), rtol=0, atol=1e-9)


def test_quadrature_has_bounds_that_hold() -> None:
    smooth = faltung.continuous("1/(1 + t^2)", "1/(1 + t^2)")
    assert smooth.method == "quadrature" and smooth.formula is None
    t = np.array([0.0, 1.0, 30.0])
    exact = 2 * np.pi / (4 + t**2)
    assert np.all(np.abs(smooth(t) - exact) <= smooth.bound(t))
    assert np.all(smooth.bound(t) < 1e-12)


def test_impulses_are_kept_and_shift() -> None:
    echo = faltung.continuous("rect(t)", "delta(t) + delta(t - 3)/2")
    assert (echo(0.0), echo(3.0), echo(1.5)) == (1.0, 0.5, 0.0)
    assert faltung.continuous("delta(t - 1)", "3*delta(t - 2)").impulses == [(3.0, 3.0)]


def test_the_sampled_result_tends_to_the_continuous_one() -> None:
    exact = faltung.continuous("exp(-t)*step(t)", "tri(t - 1)")
    off = []
    for dx in (0.02, 0.01):
        t = np.arange(0, 6, dx)
        f, g = np.exp(-t), np.clip(1 - np.abs(t - 1), 0, None)
        f[0] = 0.5  # the mean of both sides of the jump
        sampled = faltung.convolve(f, g)[: t.size] * dx
        off.append(np.max(np.abs(sampled - exact(t))))
    assert off[1] < off[0] / 3.5 and off[1] < 1e-4


def test_pictures_are_painted_in_every_form(tmp_path: Path) -> None:
    stage = faltung.continuous("rect(t)", "exp(-t)*step(t)", within=(0, 1))
    picture = stage.picture(at=0.5)
    assert picture.title == "(f*g)(0.5) ≈ 0.6321" and picture.at == 0.5
    assert "By the formula" in str(picture)
    assert stage.svg(at=0.5).startswith("<svg") and "<script" not in stage._repr_html_()
    for suffix in ("txt", "md", "csv", "json", "tex", "html", "svg", "png", "gif", "apng"):
        path = tmp_path / f"stage.{suffix}"
        stage.save(path, at=0.5, scale=0.3 if suffix in ("png", "gif", "apng") else None)
        assert path.stat().st_size > 200
    assert {path.suffix for path in tmp_path.iterdir()} == {
        ".txt", ".md", ".csv", ".json", ".tex", ".html", ".svg", ".png", ".gif", ".apng"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("f", "g", "part"),
    [
        ("sin(t", "rect(t)", "column 6: expected '\\)'"),
        ("rect(t)", "rc:0", "tau is 0, but must be a number above 0"),
        ("step(t)", "step(-t)", "the integral diverges"),
        ("sqrt(t)", "rect(t)", "square root of a negative number"),
    ],
)
def test_what_cannot_be_convolved_is_refused_with_the_reason(f: str, g: str, part: str) -> None:
    with pytest.raises(ValueError, match=part):
        faltung.continuous(f, g)


def test_bad_arguments_are_python_errors() -> None:
    with pytest.raises(TypeError):
        faltung.continuous(1, "rect(t)")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="choose other ends"):
        faltung.continuous("rect(t)", "rect(t)", within=(2, 1))
    with pytest.raises(ValueError, match="must be a finite number"):
        faltung.continuous("rect(t)", "rect(t)")(np.nan)
