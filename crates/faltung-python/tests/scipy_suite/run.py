"""SciPy's own tests, as its wheel ships them, of the functions that faltung offers, pointed at faltung.

Usage: python run.py [--scipy] [PYTEST OPTIONS]

Before a test module is imported, each name below is replaced in ``scipy.signal`` or ``scipy.ndimage`` by faltung's
function of that name, under a cover that notes the call. SciPy's internals import from each other's private modules and
so keep their own functions. Only tests in which a replaced function was called are counted. A test in
``expected_failures.txt`` must fail, any other must pass. ``--scipy`` puts the covers over SciPy's own functions: what
the tests say of SciPy itself. With other options, which may select tests, nothing is asked of all of them together.
"""

import functools
import importlib
import os
import sys
import sysconfig
from collections.abc import Callable, Generator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

NAMES = {
    "signal": (
        "convolve correlate fftconvolve oaconvolve convolve2d correlate2d choose_conv_method correlation_lags "
        "deconvolve upfirdn"
    ),
    "ndimage": (
        "convolve correlate convolve1d correlate1d gaussian_filter gaussian_filter1d uniform_filter uniform_filter1d "
        "sobel prewitt laplace gaussian_laplace gaussian_gradient_magnitude generic_laplace generic_gradient_magnitude"
    ),
}
MODULES = (
    "scipy.signal.tests.test_signaltools",
    "scipy.signal.tests.test_upfirdn",
    "scipy.signal.tests.test_savitzky_golay",
    "scipy.signal.tests.test_fir_filter_design",
    "scipy.ndimage.tests.test_filters",
)
LEAST_SHARE = 0.995
EXPECTED = Path(__file__).with_name("expected_failures.txt")


def read_expected(path: Path) -> dict[str, str]:
    """The tests that must fail, each with the difference that makes it fail: identifier, white space, reason."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.split(maxsplit=1) for line in lines if line and not line.startswith("#"))
    return {identifier: reason for identifier, reason in pairs}


class Suite:
    """A pytest plugin: who was called by which test, and what came of it."""

    def __init__(self, expected: dict[str, str]) -> None:
        self.expected = expected
        self.seen: set[str] = set()
        self.called: set[str] = set()
        self.reached = False
        self.passed = 0
        self.documented = 0
        self.undocumented = 0
        self.without_call = 0

    def point(self, module: ModuleType, name: str, function: Callable[..., Any]) -> None:
        """Replaces ``module.name`` by ``function``, whose calls are noted from now on."""
        from scipy._lib._array_api import xp_capabilities_table

        @functools.wraps(function)
        def cover(*args: Any, **kwargs: Any) -> Any:
            self.reached = True
            self.called.add(f"{module.__name__}.{name}")
            return function(*args, **kwargs)

        # SciPy's tests look up here which array libraries a function takes; only NumPy's arrays are tested.
        xp_capabilities_table[cover] = xp_capabilities_table[getattr(module, name)]
        setattr(module, name, cover)

    def listed(self, item: pytest.Item) -> str | None:
        """The entry of the list that names this test, with its parameters or without."""
        for identifier in (item.nodeid, item.nodeid.split("[")[0]):
            if identifier in self.expected:
                return identifier
        return None

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            if entry := self.listed(item):
                self.seen.add(entry)
                item.add_marker(pytest.mark.xfail(reason=self.expected[entry], strict=True))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        self.reached = False

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if report.when == "call":
            if report.passed and self.reached:
                self.passed += 1
            elif report.passed:
                self.without_call += 1
            elif report.skipped and self.listed(item):
                self.documented += 1
            elif report.failed:
                self.undocumented += 1
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        # Without letter or word: fifteen thousand dots say nothing.
        return ("passed", "", "") if report.when == "call" and report.passed else None

    def complaints(self, names: set[str]) -> list[str]:
        """What is wrong besides tests that failed, or passed, against the list."""
        unseen = sorted(self.expected.keys() - self.seen)
        stale = [f"{identifier}: listed as failing, but there is no such test" for identifier in unseen]
        idle = [f"{name}: no test called it" for name in sorted(names - self.called)]
        share = self.share()
        low = [f"{share:.2%} passed, and {LEAST_SHARE:.1%} is the least"] if share < LEAST_SHARE else []
        return stale + idle + low

    def share(self) -> float:
        """Of the tests that called a replaced function, how many passed."""
        return self.passed / max(1, self.passed + self.documented + self.undocumented)


def main(arguments: list[str]) -> int:
    """Runs the tests; 0 if all went as it should."""
    # Set, it would bring in other array libraries.
    os.environ.pop("SCIPY_ARRAY_API", None)
    itself = "--scipy" in arguments
    suite = Suite({} if itself else read_expected(EXPECTED))
    names = set()
    for part, listed in NAMES.items():
        module = importlib.import_module(f"scipy.{part}")
        ours = module if itself else importlib.import_module("faltung.ndimage" if part == "ndimage" else "faltung")
        for name in listed.split():
            names.add(f"scipy.{part}.{name}")
            suite.point(module, name, getattr(ours, name))
    options = ["-q", "-p", "no:cacheprovider", "-c", os.devnull, f"--rootdir={sysconfig.get_path('platlib')}"]
    options += ["-W", "ignore::pytest.PytestRemovedIn10Warning", "-W", "ignore::pytest.PytestUnknownMarkWarning"]
    given = [argument for argument in arguments if argument != "--scipy"]
    status = pytest.main([*options, *given, "--pyargs", *MODULES], plugins=[suite])
    complaints = [] if given else suite.complaints(names)
    for complaint in complaints:
        print(complaint)
    unlike = f", {suite.undocumented} not as documented" if suite.undocumented else ""
    print(f"{suite.passed} passed, {suite.documented} failed as documented{unlike} ({suite.share():.2%});", end=" ")
    print(f"{suite.without_call} further tests of these modules call none of the {len(names)} names")
    return 1 if status != pytest.ExitCode.OK or complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
