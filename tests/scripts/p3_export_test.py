#!/usr/bin/env python3
# Usage: p3_export_test.py ROOT MOAT
#
# What `moat metrics --export` writes, as the P3 Analysis Library reads it: one efficiency for each pair of an
# application and a platform, no empty cells, and the same PP. The library's rule is checked in any case; its own
# functions are called where it is installed, and otherwise the last line says why not.
# Exit codes: 0 all holds, 1 something does not, 77 only the library's rule was checked.
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

root = pathlib.Path(sys.argv[1])
moat = sys.argv[2]
offences = []


def run(*words):
    return subprocess.run([moat, *words], check=True, capture_output=True, text=True).stdout


def portability(result):
    """Application -> PP by application efficiency, of one problem."""
    return {row["application"]: row["pp"] for row in result["efficiencies"][0]["portability"]}


def check_rule(rows):
    pairs = [(row["platform"], row["application"]) for row in rows]
    if len(pairs) != len(set(pairs)):
        offences.append("a pair of application and platform has several rows")
    for row in rows:
        if any(cell == "" for cell in row.values()):
            offences.append(f"an empty cell: {row}")
        if not 0 < float(row["app eff"]) <= 1:
            offences.append(f"an efficiency that is none: {row}")


def pp_by_the_formula(rows):
    platforms = {row["platform"] for row in rows}
    found = {}
    for application in {row["application"] for row in rows}:
        efficiencies = [float(row["app eff"]) for row in rows if row["application"] == application]
        whole = len(efficiencies) == len(platforms)
        found[application] = len(platforms) / sum(1 / e for e in efficiencies) if whole else 0
    return found


def compare(what, expected, found):
    for application, pp in found.items():
        if abs(expected[application] - pp) > 1e-9:
            offences.append(f"{what}: PP of {application} is {pp}, moat says {expected[application]}")


def check_library(file, expected):
    """What the library makes of the file; why it was not asked, if it was not."""
    try:
        import pandas
        import p3analysis.metrics
    except ImportError as error:
        return str(error)
    table = pandas.read_csv(file)
    pp = p3analysis.metrics.pp(table)
    compare("the library", expected, dict(zip(pp["application"], pp["app pp"])))
    computed = p3analysis.metrics.application_efficiency(table, foms="higher")
    difference = (computed["app eff"] - table["app eff"]).abs().max()
    if not difference < 1e-9:
        offences.append(f"the library computes other application efficiencies, by up to {difference}")
    return None


with tempfile.TemporaryDirectory() as folder:
    # Some applications ran on some of the platforms only: empty figures in the source.
    source = str(root / "tests/golden/babelstream.csv")
    file = str(pathlib.Path(folder) / "export.csv")
    chosen = []
    for platform in ("K20", "P100", "V100", "Turing", "Skylake"):
        chosen += ["--platform", platform]
    problems = json.loads(run("metrics", "--file", source, "--higher-is-better", "--json"))["problems"]
    chosen += ["--problem", problems[0]]
    run("metrics", "--file", source, "--higher-is-better", "--export", file, *chosen)
    expected = portability(json.loads(run("metrics", "--file", source, "--higher-is-better", "--json", *chosen)))
    again = portability(json.loads(run("metrics", "--file", file, "--json")))
    with open(file, newline="") as stream:
        rows = list(csv.DictReader(stream))
    check_rule(rows)
    compare("the formula", expected, pp_by_the_formula(rows))
    compare("read back", expected, again)
    absent = check_library(file, expected)

print("\n".join(offences) or "all holds")
if offences:
    sys.exit(1)
if absent:
    print(f"p3analysis itself was not asked, since it cannot be imported: {absent}")
    sys.exit(77)
