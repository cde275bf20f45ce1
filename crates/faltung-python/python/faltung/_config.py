"""What is installed, and what it works with."""

from __future__ import annotations

import os
import warnings
from typing import Any, Literal, overload

from . import _engine


def warn_of_variables() -> None:
    """Warns of environment variables that do not say what they could."""
    simd, threads = os.environ.get("FALTUNG_SIMD"), os.environ.get("FALTUNG_NUM_THREADS")
    if simd is not None and simd != _engine.instruction_set:
        warnings.warn(
            f"FALTUNG_SIMD is {simd!r}, which is none of scalar, sse4.2, avx2 and avx512 that this machine has: "
            f"{_engine.instruction_set} is used",
            RuntimeWarning,
            stacklevel=3,
        )
    if threads is not None and not (threads.strip().isdecimal() and int(threads) > 0):
        warnings.warn(
            f"FALTUNG_NUM_THREADS is {threads!r}, which is no number from 1 on: "
            f"{_engine.get_num_threads()} threads are used",
            RuntimeWarning,
            stacklevel=3,
        )


@overload
def show_config(mode: Literal["stdout"] = "stdout") -> None: ...
@overload
def show_config(mode: Literal["dicts"]) -> dict[str, Any]: ...


def show_config(mode: str = "stdout") -> dict[str, Any] | None:
    """Shows the version, the instruction set in use and the number of threads.

    Parameters
    ----------
    mode : {'stdout', 'dicts'}
        Whether to print it, or to return it as a dictionary.

    Examples
    --------
    >>> sorted(show_config("dicts"))
    ['instruction_set', 'threads', 'version']
    """
    shown = {
        "version": _engine.version,
        "instruction_set": _engine.instruction_set,
        "threads": _engine.get_num_threads(),
    }
    if mode == "dicts":
        return shown
    if mode != "stdout":
        raise ValueError(f"mode must be 'stdout' or 'dicts', not {mode!r}")
    for name, value in shown.items():
        print(f"{name}: {value}")
    return None


def set_num_threads(threads: int | None) -> None:
    """Sets how many threads work where a call does not say.

    Parameters
    ----------
    threads : int or None
        From 1 on; None for the variable FALTUNG_NUM_THREADS, or else as many as there are cores.

    Examples
    --------
    >>> set_num_threads(2)
    >>> get_num_threads()
    2
    >>> set_num_threads(None)
    """
    _engine.set_num_threads(threads)


def get_num_threads() -> int:
    """How many threads work where a call does not say.

    Examples
    --------
    >>> get_num_threads() >= 1
    True
    """
    return _engine.get_num_threads()
