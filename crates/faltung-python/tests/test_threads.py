"""Threads, processes and interrupts."""

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import Pool
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import faltung

X = np.random.default_rng(7).normal(size=(512, 512))
W = np.random.default_rng(8).normal(size=(9, 9))


def filtered(seed: int) -> NDArray[np.float64]:
    return faltung.convolve(X + seed, W, "same", boundary="reflect")


def test_eight_threads_at_once_get_what_one_gets() -> None:
    alone = [filtered(seed) for seed in range(8)]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(3):
            for one, many in zip(alone, pool.map(filtered, range(8)), strict=True):
                np.testing.assert_array_equal(one, many)


def test_eight_threads_may_share_a_plan() -> None:
    plan = faltung.Plan(X.shape, W)
    alone = [plan.run(X + seed) for seed in range(8)]
    with ThreadPoolExecutor(8) as pool:
        for one, many in zip(alone, pool.map(lambda seed: plan.run(X + seed), range(8)), strict=True):
            np.testing.assert_array_equal(one, many)


def test_the_number_of_threads_does_not_change_a_bit() -> None:
    for algorithm in ["direct", "overlap_save"]:
        one = faltung.convolve(X, W, method=algorithm, threads=1)
        for threads in [2, 3, 8]:
            np.testing.assert_array_equal(one, faltung.convolve(X, W, method=algorithm, threads=threads))


def test_the_number_of_threads_can_be_set() -> None:
    before = faltung.get_num_threads()
    try:
        faltung.set_num_threads(3)
        assert faltung.get_num_threads() == 3
        assert faltung.Plan(X.shape, W).threads == 3
        assert faltung.Plan(X.shape, W, threads=1).threads == 1
    finally:
        faltung.set_num_threads(None)
    assert faltung.get_num_threads() == before
    for wrong in [0, -1]:
        with pytest.raises(ValueError, match="give a number from 1 on"):
            faltung.set_num_threads(wrong)


def answer(code: str, **environment: str) -> str:
    """What a fresh interpreter prints."""
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def test_the_environment_sets_threads_and_instruction_set() -> None:
    code = "import faltung; shown = faltung.show_config('dicts'); print(shown['threads'], shown['instruction_set'])"
    assert answer(code, FALTUNG_NUM_THREADS="3", FALTUNG_SIMD="scalar") == "3 scalar"
    warned = f"import warnings; warnings.simplefilter('ignore'); {code}"
    assert answer(warned, FALTUNG_NUM_THREADS="none").split()[0] == str(len(os.sched_getaffinity(0)))
    for variable in ["FALTUNG_NUM_THREADS", "FALTUNG_SIMD"]:
        strict = f"import warnings; warnings.simplefilter('error'); {code}"
        with pytest.raises(AssertionError, match=f"RuntimeWarning: {variable} is 'AVX9'"):
            answer(strict, **{variable: "AVX9"})


def test_no_more_threads_are_started_than_are_of_use() -> None:
    code = """
        import threading
        import numpy as np
        import faltung

        x = np.random.default_rng(0).normal(size=2_000_000)
        same = np.array_equal(faltung.convolve(x, x[:31], threads=2**40), faltung.convolve(x, x[:31], threads=1))
        print(same, len(__import__("os").listdir("/proc/self/task")) <= 8 * __import__("os").cpu_count() + 64)
    """
    assert answer(code) == "True True"


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_child_processes_can_convolve(method: str) -> None:
    # The parent has used its threads before; a fork does not inherit them.
    plan = faltung.Plan(X.shape, W, threads=2)
    expected = filtered(1)
    np.testing.assert_array_equal(plan.run(X), plan.run(X))
    context: Any = multiprocessing.get_context(method)
    pool: Pool
    with context.Pool(2) as pool:
        for result in pool.map_async(filtered, [1, 1, 1, 1]).get(timeout=120):
            np.testing.assert_array_equal(result, expected)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_plan_made_before_a_fork_runs_after_it() -> None:
    code = """
        import os
        import numpy as np
        import faltung

        x, w = np.ones((512, 512)), np.ones((9, 9)) + np.eye(9)
        plan = faltung.Plan(x.shape, w, threads=2)
        expected = plan.run(x)
        faltung.convolve(x, w)
        child = os.fork()
        if child == 0:
            same = np.array_equal(plan.run(x), expected) and np.array_equal(faltung.convolve(x, w), expected)
            os._exit(0 if same else 1)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    """
    assert answer(code) == "0"


@pytest.mark.parametrize(
    "call", ["faltung.convolve(x, w, method='direct')", "faltung.Plan(x.shape, w, algorithm='direct').run(x)"]
)
def test_an_interrupt_stops_long_work(call: str) -> None:
    # Some minutes of work, so that without the interrupt the time limit would end the test.
    code = f"""
        import signal
        import sys
        import threading
        import numpy as np
        import faltung

        # Whatever started the tests may have had interrupts ignored.
        signal.signal(signal.SIGINT, signal.default_int_handler)

        def announce(main=threading.get_ident()):
            while "faltung" not in sys._current_frames()[main].f_code.co_filename:
                pass
            print("begun", flush=True)

        x, w = np.ones((8000, 8000)), np.random.default_rng(0).normal(size=(301, 301))
        threading.Thread(target=announce).start()
        try:
            {call}
        except KeyboardInterrupt:
            print("interrupted")
            print(faltung.convolve([1.0, 2.0], [1.0, 1.0]))
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=100)
        finally:
            process.kill()
    assert rest.splitlines() == ["interrupted", "[1. 3. 2.]"]
