"""Records: what was measured, as Markdown with a date, and as charts.

    python record.py peers | growth | planner | memory  MEASURED  [--into FOLDER]

Writes FOLDER/YYYY-MM-DD-KIND.md (and .svg), by default into `records` beside this file. It only reads what was measured, so a
record can be written again.
"""

import argparse
import json
import math
import pathlib
import re
import statistics
import time

import chart
import machine

HERE = pathlib.Path(__file__).parent
OURS = "faltung"
KINDS = {
    "signal": "signals", "resample": "resampling", "axis": "along an axis", "image": "images", "gauss": "Gaussians",
    "box": "means", "volume": "volumes",
}
# Shown, but never the best: the result goes to memory used again, which others do not get.
ASIDE = re.compile(r"dst kept$|^rs:faltung|^faltung .")


def complete(found, reference):
    """Adds what the engine promises to what was measured of a case."""
    peers = [peer for some in found["threads"].values() for peer in some["peers"].values()]
    algorithms = [peer["algorithm"] for peer in peers if "algorithm" in peer]
    if algorithms:
        found["algorithm"] = algorithms[0]
        found["bound"] = reference.bound(algorithms[0])


def best(peers):
    """The fastest of the others that agree: its name, or None."""
    others = {name: peer["least"] for name, peer in peers.items() if name != OURS and not ASIDE.search(name) and peer["agrees"]}
    return min(others, key=others.get, default=None)


def our_name(peers):
    """The Python package, or where that was not measured the engine itself."""
    return next((name for name in (OURS, "rs:faltung") if name in peers), None)


def ratio(peers):
    ours, other = our_name(peers), best(peers)
    return peers[ours]["least"] / peers[other]["least"] if ours and other else None


def duration(seconds):
    for unit, scale in (("s", 1.0), ("ms", 1e3), ("us", 1e6)):
        if seconds * scale >= 0.9995:
            break
    value = seconds * scale
    return f"{value:.{max(0, 2 - math.floor(math.log10(max(value, 0.01))))}f} {unit}"


def shown(name, found):
    """A case for those who wait."""
    lines = [f"{name}: {found['algorithm']}" if "algorithm" in found else name]
    for threads, some in found["threads"].items():
        lines.append(f"  {threads} thread{'s' if threads != '1' else ''}, others kept {some['others']} CPUs busy")
        for peer, of in sorted(some["peers"].items(), key=lambda item: item[1]["least"]):
            mark = {"inside": "  another border", False: "  DISAGREES"}.get(of["agrees"], "")
            times = f"{duration(of['least']):>10} least {duration(of['median']):>10} median"
            lines.append(f"    {peer:38} {times} {of['samples']:4} samples, error {of['error']:.1e}{mark}")
        lines += [f"    {peer:38} failed: {reason}" for peer, reason in some["failed"].items()]
    return "\n".join(lines)


def table(head, rows):
    """Rows that hold nothing in a column are padded with nothing."""
    align = ["---", *["--:"] * (len(head) - 1)]
    cell = lambda value: "" if value is None else str(value).replace("|", "\\|")  # noqa: E731
    return "\n".join("| " + " | ".join(map(cell, row)) + " |" for row in [head, align, *rows])


def mean(ratios):
    return statistics.geometric_mean(ratios) if ratios else math.nan


def peers_record(measured):
    """Markdown and chart of a comparison."""
    import cases  # needs NumPy, which the other records do without

    limits = machine.Limits(measured)
    compared = {name: found for name, found in measured["cases"].items() if not name.startswith("rfft")}
    threads = sorted({count for found in compared.values() for count in found["threads"]}, key=int)
    text = [heading("Beside other libraries", measured["when"][:10], measured["machine"], "cargo xtask bench")]
    text += [", ".join(f"{name} {version}" for name, version in measured["versions"].items()) + "."]
    text += [__doc_of_columns__]
    dots = []
    for count in threads:
        rows, ratios = [], {}
        for name, found in compared.items():
            some = found["threads"].get(count)
            ours = our_name(some["peers"]) if some else None
            if not ours:
                continue
            case, us, other = cases.read(name), some["peers"][ours], best(some["peers"])
            least = limits.seconds(case, int(count))
            them = some["peers"].get(other, {})
            row = [name, found.get("algorithm"), duration(us["least"]), other, duration(them["least"]) if them else None]
            row += [f"{us['least'] / them['least']:.2f}" if them else None]
            row += [f"{100 * least / us['least']:.0f} %" if least else None, error(us), error(them), bound(found)]
            row += [f"{some['others']:.1f}" if some["others"] > 0.2 else None]
            rows.append(row)
            if them:
                ratios[name] = us["least"] / them["least"]
        head = ["case", "algorithm", "ours", "best other", "its time", "ratio", "of limit", "our error", "its error", "our bound", "noise"]
        text += [f"## {count} thread{'s' if count != '1' else ''}", table(head, rows), summary(ratios)]
        dots += [(name, value, count) for name, value in ratios.items()]
    text += levels(measured, compared) + speed_up(compared) + every(compared) + limits_shown(measured)
    return "\n\n".join(text) + "\n", chart.ratios(dots, KINDS)


__doc_of_columns__ = """Times are the least of all samples; every peer computes the same data to a fresh result, asked in turn. The ratio is ours
by the best other's: below 1 we are faster. *Of limit* is the least that the machine would need beside ours: all
multiplications at the measured peak or all data moved once at the measured bandwidth, whichever takes longer; or, if that is
less, overlapping blocks by the fastest real transform measured here. Errors are the largest beside the largest output, for
`u8` and `u16` in units; the bound is what the engine promises for the algorithm. *Noise* is how many CPUs other work kept
busy, where it was more than a fifth of one."""


def error(peer):
    return f"{peer['error']:.1e}" if "error" in peer else None


def bound(found):
    return f"{found['bound']:.1e}" if "bound" in found else None


def summary(ratios):
    if not ratios:
        return "Nothing to compare with."
    worst = sorted(ratios, key=ratios.get, reverse=True)[:5]
    slower = sum(value > 1 for value in ratios.values())
    lines = [f"Geometric mean of {len(ratios)} ratios: **{mean(list(ratios.values())):.3f}**; slower in {slower}."]
    lines.append("Highest: " + ", ".join(f"{name} {ratios[name]:.2f}" for name in worst) + ".")
    by_kind = {}
    for name, value in ratios.items():
        by_kind.setdefault(KINDS[name.split("-")[0]], []).append(value)
    lines.append("By kind: " + ", ".join(f"{kind} {mean(values):.2f}" for kind, values in by_kind.items()) + ".")
    return "\n".join(lines)


def levels(measured, compared):
    """Our times by instruction set, beside the best other's of the same run."""
    if not measured["levels"]:
        return []
    rows, gathered = [], {level: [] for level in measured["levels"]}
    for name, found in compared.items():
        peers = found["threads"].get("1", {}).get("peers", {})
        other = best(peers)
        row = [name]
        for level in measured["levels"]:
            peer = peers.get(f"{OURS} {level}")
            beside = peer["least"] / peers[other]["least"] if peer and other else None
            row.append(f"{duration(peer['least'])} ({beside:.2f})" if beside else peer and duration(peer["least"]))
            if beside:
                gathered[level].append(beside)
        rows.append(row)
    rows.append(["geometric mean of ratios", *[f"{mean(values):.3f}" for values in gathered.values()]])
    return ["## By instruction set, 1 thread", "Our time, and its ratio to the best other's.", table(["case", *gathered], rows)]


def speed_up(compared):
    rows = []
    for name, found in compared.items():
        one, two = (found["threads"].get(count, {}).get("peers", {}) for count in "12")
        ours = our_name(one)
        if ours and ours in two:
            rows.append([name, f"{one[ours]['least'] / two[ours]['least']:.2f}"])
    return ["## Two threads beside one, ours", table(["case", "times as fast"], rows)] if rows else []


def every(compared):
    """All times, for those who look for one library."""
    rows = []
    for name, found in compared.items():
        for count, some in found["threads"].items():
            order = sorted(some["peers"].items(), key=lambda item: item[1]["least"])
            told = (f"{peer} {duration(of['least'])}" + {"inside": " (another border)", False: " (disagrees)"}.get(of["agrees"], "") for peer, of in order)
            failed = (f"{peer} failed" for peer in some["failed"])
            rows.append([name, count, "; ".join([*told, *failed])])
    return ["## Every peer", table(["case", "threads", "least times, fastest first"], rows)]


def limits_shown(measured):
    if not measured["limits"]:
        return []
    rows = [[key.replace("-", " "), f"{rate / 1e9:.1f}"] for key, rate in measured["limits"].items()]
    text = "Operations a second (a multiplication and an addition), and bytes read and written a second, by threads; in 1e9."
    return ["## What the machine can do", text, table(["what", "1e9 a second"], rows)]


def heading(title, day, where, command):
    return f"# {title}, {day}\n\nMachine: {where}. Command: `{command}`."


def lines_of(path):
    return [line.split("\t") for line in path.read_text().splitlines() if "\t" in line]


def growth_record(rows):
    """Markdown and chart of how cost grows, and where it jumps."""
    CLIFF = 2.0
    text, series = [], {}
    for name, samples, weights, algorithm, reused, anew in rows:
        series.setdefault(name, []).append((int(samples), int(weights), algorithm, float(reused), float(anew)))
    cliffs = []
    for name, points in series.items():
        title = f"## Kernel of {name}" + (" samples" if name.isdigit() else "")
        found = []
        for before, point in zip([None, *points], points, strict=False):
            step = point[3] / before[3] if before else None
            mark = "cliff" if step and not 1 / CLIFF < step < CLIFF else None
            found.append([f"2^{math.log2(point[0]):.0f}", point[1], point[2], f"{point[3]:.3f}", f"{point[4]:.3f}", step and f"{step:.2f}", mark])
            if mark:
                cliffs.append(f"kernel of {name}, 2^{math.log2(point[0]):.0f} samples: {step:.2f} times the one before")
        head = ["samples", "weights", "algorithm", "ns an output, plan kept", "plan made anew", "beside half as many", ""]
        text += [title, table(head, found)]
    told = "\n".join(f"- {cliff}" for cliff in cliffs) or "Neighbours differ by less than twice everywhere."
    lines = [(f"kernel of {name}", [(p[0], p[3]) for p in points]) for name, points in series.items()]
    return ["f32, one thread, mode `same`; nanoseconds for each output, least of all calls.", "## Cliffs", told, *text], chart.growth(lines)


def planner_record(rows):
    """Markdown of how well the planner chooses, and what it predicts."""
    NEAR = 1.15
    cases = {}
    for name, algorithm, predicted, least, chosen in ([*row, ""][:5] for row in rows):
        if least != "-":
            cases.setdefault(name, []).append((algorithm, float(predicted), float(least), chosen == "chosen"))
    lost, predictions = {}, {}
    for name, found in cases.items():
        fastest = min(found, key=lambda one: one[2])
        chosen = next(one for one in found if one[3])
        lost[name] = chosen[2] / fastest[2], chosen[0], fastest[0]
        for algorithm, predicted, least, _ in found:
            predictions.setdefault(algorithm, []).append((predicted / least, name))
    near = sum(value[0] <= NEAR for value in lost.values())
    worst = sorted(lost, key=lost.get, reverse=True)
    kinds = {}
    for name, value in lost.items():
        kinds.setdefault("-".join(name.split("-")[:2]), []).append(value[0])
    text = [
        f"{len(lost)} cases, one thread. Within 15 % of the best algorithm: **{near} ({100 * near / len(lost):.1f} %)**; on average "
        f"(geometric) {mean([value[0] for value in lost.values()]):.3f} times the best, at worst {lost[worst[0]][0]:.2f}.",
        "## Worst choices",
        table(["case", "times the best", "chosen", "best"], [[name, f"{lost[name][0]:.2f}", *lost[name][1:]] for name in worst[:25] if lost[name][0] > NEAR]),
        "## By kind",
        table(["kind", "cases", "within 15 %", "worst"], [[kind, len(v), sum(x <= NEAR for x in v), f"{max(v):.2f}"] for kind, v in kinds.items()]),
        "## Predicted beside measured",
        "Predicted time divided by measured time: quantiles of all cases that the algorithm takes.",
    ]
    quantiles = []
    for algorithm, values in predictions.items():
        values = sorted(values)
        at = lambda share: values[round(share * (len(values) - 1))]  # noqa: B023, E731
        shares = [f"{at(share)[0]:.2f}" for share in (0, 0.1, 0.5, 0.9, 1)]
        quantiles.append([algorithm, len(values), *shares, at(0)[1], at(1)[1]])
    text.append(table(["algorithm", "cases", "least", "10 %", "median", "90 %", "most", "least for", "most for"], quantiles))
    everything = [[name, *one[:1], f"{one[1]:.0f}", f"{one[2]:.0f}", f"{one[1] / one[2]:.2f}", "chosen" if one[3] else None] for name, found in cases.items() for one in found]
    text += ["## Every case", table(["case", "algorithm", "predicted ns", "measured ns", "predicted by measured", ""], everything)]
    return text, None


def memory_record(rows):
    shown_rows = [[case, who, f"{int(extra) / 2**20:.1f}", f"{int(output) / 2**20:.1f}", f"{100 * int(extra) / int(output):.1f} %"] for case, who, extra, output in rows]
    text = "Peak of resident memory during the call, less what was there before and less the output; a fresh process each."
    return [text, table(["case", "library", "beyond input and output, MiB", "output, MiB", "of the output"], shown_rows)], None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=["peers", "growth", "planner", "memory"])
    parser.add_argument("measured", type=pathlib.Path)
    parser.add_argument("--into", type=pathlib.Path, default=HERE / "records")
    options = parser.parse_args()
    day = time.strftime("%Y-%m-%d")
    if options.kind == "peers":
        measured = json.loads(options.measured.read_text())
        day = measured["when"][:10]
        text, picture = peers_record(measured)
    else:
        titles = {"growth": "How cost grows", "planner": "The planner's choices", "memory": "Memory"}
        make = {"growth": growth_record, "planner": planner_record, "memory": memory_record}[options.kind]
        parts, picture = make(lines_of(options.measured))
        head = heading(titles[options.kind], day, machine.described(), f"cargo xtask bench {options.kind}")
        text = "\n\n".join([head, *parts]) + "\n"
    options.into.mkdir(parents=True, exist_ok=True)
    path = options.into / f"{day}-{options.kind}.md"
    path.write_text(text)
    print(text.partition("\n## Every")[0] if options.kind != "peers" else "")
    print(path)
    if picture:
        path.with_suffix(".svg").write_text(picture)
        print(path.with_suffix(".svg"))


if __name__ == "__main__":
    main()
