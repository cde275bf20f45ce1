"""Pieces of records in Markdown."""

import math
import statistics


def duration(seconds):
    for unit, scale in (("s", 1.0), ("ms", 1e3), ("us", 1e6)):
        if seconds * scale >= 0.9995:
            break
    value = seconds * scale
    return f"{value:.{max(0, 2 - math.floor(math.log10(max(value, 0.01))))}f} {unit}"


def table(head, rows):
    """Rows that hold nothing in a column are padded with nothing."""
    align = ["---", *["--:"] * (len(head) - 1)]
    cell = lambda value: "" if value is None else str(value).replace("|", "\\|")  # noqa: E731
    return "\n".join("| " + " | ".join(map(cell, row)) + " |" for row in [head, align, *rows])


def mean(ratios):
    return statistics.geometric_mean(ratios) if ratios else math.nan


def heading(title, day, where, command):
    return f"# {title}, {day}\n\nMachine: {where}. Command: `{command}`."
