#!/usr/bin/env python3
"""Draws how time grows with the size of a problem, with the floor, from records: a panel for each operator.

    moat run --suite growth
    moat show --json | scripts/plot_growth.py > docs/pictures/growth.svg

The floor of a problem is max(operations / peak rate, bytes / bandwidth), with the best `peak` and the best `stream`
triad of the same run and type. Only the standard library is used.
"""
import json
import math
import sys
from xml.sax.saxutils import escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 460, 320, 62, 14, 34, 46
COLOURS = ["#0b6e4f", "#c1440e", "#3d5a98", "#8a5a00", "#7a2e8e", "#4d4d4d"]  # told apart in greyscale, too: dashes
DASHES = ["", "6 3", "2 3", "8 3 2 3", "1 2", "10 4"]


def best_rate(records, operator, quantity, wanted=""):
    """The highest rate of an operator's records in f32 whose key contains `wanted`."""
    rates = [
        record[quantity]
        for record in records
        if record["operator"] == operator and record["types"]["input"] == "f32" and wanted in record["problem"]
    ]
    if not rates:
        sys.exit(f"plot_growth: the run has no f32 {operator} {wanted}: the floor needs it")
    return max(rates)


def decades(low, high):
    return range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)


class Panel:
    """One log-log chart of seconds over a measure of size."""

    def __init__(self, title, axis, xs, ys):
        self.title, self.axis = title, axis
        self.x_decades, self.y_decades = decades(min(xs), max(xs)), decades(min(ys), max(ys))
        self.parts = []

    def place(self, value, ticks, begin, end):
        share = (math.log10(value) - ticks[0]) / max(1, ticks[-1] - ticks[0])
        return begin + share * (end - begin)

    def point(self, x, y):
        return (
            self.place(x, self.x_decades, LEFT, WIDTH - RIGHT),
            self.place(y, self.y_decades, HEIGHT - BOTTOM, TOP),
        )

    def text(self, x, y, words, anchor="middle", size=11):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">{escape(words)}</text>')

    def line(self, points, colour, dash, width):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (self.point(*point) for point in points))
        self.parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-dasharray="{dash}"/>'
        )

    def frame(self):
        self.text(LEFT, 18, self.title, "start", 14)
        self.text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, self.axis)
        for exponent in self.x_decades:
            x, _ = self.point(10.0**exponent, 10.0 ** self.y_decades[0])
            self.parts.append(f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HEIGHT - BOTTOM}" stroke="#ddd"/>')
            self.text(x, HEIGHT - BOTTOM + 16, f"1e{exponent}")
        for exponent in self.y_decades:
            _, y = self.point(10.0 ** self.x_decades[0], 10.0**exponent)
            self.parts.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="#ddd"/>')
            self.text(LEFT - 6, y + 4, f"1e{exponent} s", "end")

    def legend(self, names):
        for index, (name, colour, dash) in enumerate(names):
            y = TOP + 14 + 14 * index
            self.parts.append(
                f'<line x1="{LEFT + 8}" y1="{y - 4}" x2="{LEFT + 38}" y2="{y - 4}" stroke="{colour}" '
                f'stroke-width="2" stroke-dasharray="{dash}"/>'
            )
            self.text(LEFT + 44, y, name, "start")


def panel_of(operator, records, peak, bandwidth, lines):
    measure = "bytes" if operator == "stream" else "operations"
    floor = lambda record: max(record["operations"] / peak, record["bytes"] / bandwidth)
    records = sorted(records, key=lambda record: record[measure])
    seconds = [record["median_seconds"] for record in records] + [floor(record) for record in records]
    panel = Panel(operator, f"{measure} of the problem", [record[measure] for record in records], seconds)
    panel.frame()
    panel.line([(record[measure], floor(record)) for record in records], "#000", "", 1)
    names = [("floor", "#000", "")]
    for index, (device, implementation) in enumerate(lines):
        own = [r for r in records if (r["device"], r["implementation"]) == (device, implementation)]
        if not own:
            continue
        colour, dash = COLOURS[index % len(COLOURS)], DASHES[index % len(DASHES)]
        panel.line([(record[measure], record["median_seconds"]) for record in own], colour, dash, 2)
        names.append((f"{device} {implementation}", colour, dash))
    panel.legend(names)
    return panel.parts


def main():
    records = [record for record in json.load(sys.stdin) if record["status"] == "ok"]
    peak = best_rate(records, "peak", "operations_per_second")
    bandwidth = best_rate(records, "stream", "bytes_per_second", "op=triad")
    operators = [name for name in ("gemm", "attention", "convolution", "stream") if any(r["operator"] == name for r in records)]
    lines = sorted({(r["device"], r["implementation"]) for r in records if r["operator"] in operators})  # alike everywhere
    panels = []
    for index, operator in enumerate(operators):
        own = [record for record in records if record["operator"] == operator]
        x, y = index % 2 * WIDTH, index // 2 * HEIGHT
        panels.append(f'<g transform="translate({x},{y})">' + "\n".join(panel_of(operator, own, peak, bandwidth, lines)) + "</g>")
    rows = (len(operators) + 1) // 2
    print(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * WIDTH} {rows * HEIGHT}" font-family="sans-serif" '
        f'role="img"><title>Seconds over problem size, with the floor</title>'
        f'<rect width="100%" height="100%" fill="#fff"/>'
    )
    print("\n".join(panels))
    print("</svg>")


if __name__ == "__main__":
    main()
