"""The comparison with other libraries, as Markdown and as a chart."""

import re

import cases
import chart
import machine
from markdown import duration, heading, mean, table

OURS = "faltung"
KINDS = {
    "signal": "signals",
    "resample": "resampling",
    "axis": "along an axis",
    "image": "images",
    "gauss": "Gaussians",
    "box": "means",
    "volume": "volumes",
    "layer": "layers",
}
# Shown, but never the best: the result goes to memory used again, which others do not get.
ASIDE = re.compile(r"dst kept$|^rs:faltung|^faltung .")

COLUMNS = """Times are the least of all samples; every peer computes the same data to a fresh result, asked in turn. The ratio is ours
by the best other's: below 1 we are faster. *Of limit* is the least that the machine would need beside ours: all
multiplications at the measured peak or all data moved once at the measured bandwidth, whichever takes longer; or, if that is
less, overlapping blocks by the fastest real transform measured here. Layers count as direct sums, so that Winograd's algorithm
may be beyond 100 %. Errors are the largest beside the largest output, for `u8` and `u16` in units; the bound is what the engine
promises for the algorithm. *Noise* is how many CPUs other work kept busy, where it was more than a fifth of one."""


def complete(found, reference):
    """Adds what the engine promises to what was measured of a case."""
    peers = [peer for some in found["threads"].values() for peer in some["peers"].values()]
    algorithms = [peer["algorithm"] for peer in peers if "algorithm" in peer]
    if algorithms:
        found["algorithm"] = algorithms[0]
        found["bound"] = reference.bound(algorithms[0])


def best(peers):
    """The fastest of the others that agree: its name, or None."""
    others = {
        name: peer["least"]
        for name, peer in peers.items()
        if name != OURS and not ASIDE.search(name) and peer["agrees"]
    }
    return min(others, key=others.get, default=None)


def our_name(peers):
    """The Python package, or where that was not measured the engine itself."""
    return next((name for name in (OURS, "rs:faltung") if name in peers), None)


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


def record(measured):
    """Markdown and chart of a comparison."""
    limits = machine.Limits(measured)
    compared = {name: found for name, found in measured["cases"].items() if not name.startswith("rfft")}
    threads = sorted({count for found in compared.values() for count in found["threads"]}, key=int)
    text = [heading("Beside other libraries", measured["when"][:10], measured["machine"], "cargo xtask bench")]
    text += [", ".join(f"{name} {version}" for name, version in measured["versions"].items()) + "."]
    text += [COLUMNS]
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
            row = [
                name,
                found.get("algorithm"),
                duration(us["least"]),
                other,
                duration(them["least"]) if them else None,
            ]
            row += [f"{us['least'] / them['least']:.2f}" if them else None]
            row += [f"{100 * least / us['least']:.0f} %" if least else None, error(us), error(them), bound(found)]
            row += [f"{some['others']:.1f}" if some["others"] > 0.2 else None]
            rows.append(row)
            if them:
                ratios[name] = us["least"] / them["least"]
        head = [
            "case",
            "algorithm",
            "ours",
            "best other",
            "its time",
            "ratio",
            "of limit",
            "our error",
            "its error",
            "our bound",
            "noise",
        ]
        text += [f"## {count} thread{'s' if count != '1' else ''}", table(head, rows), summary(ratios)]
        dots += [(name, value, count) for name, value in ratios.items()]
    text += levels(measured, compared) + speed_up(compared) + every(compared) + limits_shown(measured)
    return "\n\n".join(text) + "\n", chart.ratios(dots, KINDS)


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
    return [
        "## By instruction set, 1 thread",
        "Our time, and its ratio to the best other's.",
        table(["case", *gathered], rows),
    ]


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
            told = (
                f"{peer} {duration(of['least'])}"
                + {"inside": " (another border)", False: " (disagrees)"}.get(of["agrees"], "")
                for peer, of in order
            )
            failed = (f"{peer} failed" for peer in some["failed"])
            rows.append([name, count, "; ".join([*told, *failed])])
    return ["## Every peer", table(["case", "threads", "least times, fastest first"], rows)]


def limits_shown(measured):
    if not measured["limits"]:
        return []
    rows = [[key.replace("-", " "), f"{rate / 1e9:.1f}"] for key, rate in measured["limits"].items()]
    text = "Operations a second (a multiplication and an addition), and bytes read and written a second, by threads; in 1e9."
    return ["## What the machine can do", text, table(["what", "1e9 a second"], rows)]
