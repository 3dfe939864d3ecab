#!/usr/bin/env python3
# Mutation testing: changes one line of the C++ at a time and asks whether a test notices. Standard library only. Must
# not touch the working tree: it mutates a copy, in a folder that a later call goes on with.
import argparse
import difflib
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
DEFAULT_PATHS = ["kernels", "bench", "results", "reports", "adapters/host"]
SKIPPED_LABELS = {"slow", "fuzz", "opencl", "vulkan"}
DESCRIPTION = """
Takes N random one-line mutants of the C++ under the given paths and prints for each whether the tests that are not
slow notice it: killed, survived, timed out (counts as killed) or did not build (does not count; warnings are errors). The outcomes are
kept in the work folder, where an interrupted call goes on when it is repeated; the same seed draws the same mutants
of the same sources. The last line is the rate.

Mutants: another comparison, arithmetic or boolean operator, another constant, a return of nothing in place of a
value, a statement left out.

Of the tests it runs the unit tests and the conformance of the null adapter and the host; of these only the programs
that a mutant makes ninja link anew, those of the mutant's own folder first, and no further one after the first
failure. A mutant that survives is either missed by the tests or equivalent to the original: look at each.
"""


def mask(text):
    """The text with comments, strings and characters blanked out, so that columns stay."""
    pattern = re.compile(
        r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'', re.S)
    return pattern.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)


def doubled(literal):
    """Another number: one more of an integer, ten times of a floating one."""
    if re.fullmatch(r"\d+", literal):
        return str(int(literal) + 1)
    return str(10 * float(literal)) if float(literal) != 0 else "1.0"


SWAPS = {
    "comparison": {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="},
    "arithmetic": {"+": "-", "-": "+", "*": "/", "/": "*", "%": "*", "+=": "-=", "-=": "+=", "*=": "/=", "/=": "*="},
    "boolean": {"&&": "||", "||": "&&"},
}
KIND_OF = {before: kind for kind, swaps in SWAPS.items() for before in swaps}
OPERATOR = re.compile(r"(?<= )(<=|>=|==|!=|&&|\|\||\+=|-=|\*=|/=|[<>+*/%-])(?= )")
NEGATION = re.compile(r"(?<=[(\s])!(?=[A-Za-z_(*])")
WORD = re.compile(r"\b(true|false)\b")
NUMBER = re.compile(r"(?<![\w.'])(\d+\.\d+(?:e[+-]?\d+)?|\d+e[+-]?\d+|\d+)(?![\w.'])")
RETURN = re.compile(r"^(\s*)return [^{;][^;]*;\s*$")
STATEMENT = re.compile(r"^\s+(?!return\b|using\b|break\b|default\b|case\b|else\b|namespace\b|throw\b)"
                       r"(?:if \(.*\) (?:return|continue|throw|break)\b.*;|[\w.\->:\[\]*]+(?:\(.*\)| [-+*/|]?= .*);)\s*$")
SKIPPED_LINE = re.compile(r"^\s*(#|static_assert|using |template|\[\[nodiscard\]\]|friend |public:|private:)")


def mutants_of(path):
    """(path, line number, kind, changed line) of every mutant of a file."""
    text = (ROOT / path).read_text()
    for number, (line, code) in enumerate(zip(text.splitlines(), mask(text).splitlines()), 1):
        if not code.strip() or SKIPPED_LINE.match(code):
            continue

        def changed(found, replacement):
            return line[:found.start()] + replacement + line[found.end():]

        for found in OPERATOR.finditer(code):
            kind = KIND_OF[found.group()]
            yield path, number, kind, changed(found, SWAPS[kind][found.group()])
        for found in NEGATION.finditer(code):
            yield path, number, "boolean", changed(found, "")
        for found in WORD.finditer(code):
            yield path, number, "boolean", changed(found, "false" if found.group() == "true" else "true")
        for found in NUMBER.finditer(code):
            yield path, number, "constant", changed(found, doubled(found.group()))
        if RETURN.match(code):
            yield path, number, "return", RETURN.sub(r"\1return {};", code)
        if path.endswith(".cpp") and STATEMENT.match(code):
            yield path, number, "deletion", ""


def sources(paths):
    listed = subprocess.run(["git", "ls-files", "--", *paths], cwd=ROOT, check=True, capture_output=True, text=True)
    return [name for name in listed.stdout.splitlines()
            if name.endswith((".cpp", ".h")) and not name.startswith("kernels/dialect/")]


class Copy:
    """The copy of the tree with its build, and the tests that it runs."""

    def __init__(self, work, jobs, timeout, chosen):
        self.tree = work / "tree"
        self.build = self.tree / "build" / "quick"
        self.jobs = jobs
        self.timeout = timeout
        self.chosen = re.compile(chosen)
        self.environment = dict(os.environ, CCACHE_BASEDIR=str(self.tree), CCACHE_NOHASHDIR="1")

    def refresh(self):
        """Brings the copy to the working tree's state; files that are equal keep their time."""
        listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                                check=True, capture_output=True).stdout.decode().split("\0")
        wanted = {name for name in listed if name and (ROOT / name).is_file()}
        for name in wanted:
            target = self.tree / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists() or target.read_bytes() != (ROOT / name).read_bytes():
                shutil.copy(ROOT / name, target)
        for old in self.tree.rglob("*"):
            name = str(old.relative_to(self.tree))
            if old.is_file() and not name.startswith("build/") and name not in wanted:
                old.unlink()

    def configure(self):
        launcher = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
        subprocess.run(["cmake", "-S", self.tree, "-B", self.build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=None",
                        "-DCMAKE_CXX_FLAGS=-O0", "-DMOAT_WARNINGS_AS_ERRORS=ON", *launcher],
                       check=True, stdout=subprocess.DEVNULL, env=self.environment)

    def make(self, *targets):
        """(whether it was built, whether anything was to do, ninja's output)"""
        made = subprocess.run(["ninja", "-C", self.build, "-j", str(self.jobs), *targets], capture_output=True,
                              text=True, errors="replace", env=self.environment)
        return made.returncode == 0, "no work to do" not in made.stdout, made.stdout + made.stderr

    def tests(self):
        """Program -> its tests, for those that are fast and need no driver; without commands before they are built."""
        shown = subprocess.run(["ctest", "--show-only=json-v1"], cwd=self.build, check=True, capture_output=True,
                               text=True).stdout
        programs = {}
        for test in json.loads(shown)["tests"]:
            properties = {entry["name"]: entry["value"] for entry in test.get("properties", [])}
            name, labels = test["name"], set(properties.get("LABELS", []))
            if not self.chosen.search(name) or labels & SKIPPED_LABELS:
                continue
            environment = dict(entry.split("=", 1) for entry in properties.get("ENVIRONMENT", []))
            program = "conformance" if name.startswith("conformance_") else name
            command = test.get("command", []) + ["--abort"]  # Catch: at the first failure
            programs.setdefault(program, []).append((name, command, environment))
        return programs

    def run(self, test, limit):
        """"passed", "failed" or "timed out", and the seconds."""
        name, command, environment = test
        start = time.monotonic()
        try:
            ended = subprocess.run(command, cwd=self.build, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, env={**self.environment, **environment}, timeout=limit)
            outcome = "passed" if ended.returncode in (0, 77) else "failed"
        except subprocess.TimeoutExpired:
            outcome = "timed out"
        return outcome, time.monotonic() - start


def nearest_first(programs, path):
    """Programs in the order in which they are likely to notice a change of `path`."""
    room = path.split("/")[0]
    own = {"adapters": "unit_adapter_host"}.get(room, "unit_" + room)
    order = [own, "unit_runner" if room == "bench" else own]
    return sorted(programs, key=lambda program: (program not in order, program.startswith("conformance"), program))


def verdict_of(copy, programs, times, mutant):
    """The outcome of one mutant, and by which test."""
    path, number, _, changed = mutant
    file = copy.tree / path
    original = file.read_text()
    lines = original.split("\n")
    lines[number - 1] = changed
    file.write_text("\n".join(lines))
    try:
        for program in nearest_first(programs, path):
            built, changed_anything, _ = copy.make(program)
            if not built:
                return "did not build", ""
            if not changed_anything:
                continue
            for test in programs[program]:
                outcome, _ = copy.run(test, copy.timeout + 10 * times.get(test[0], 0))
                if outcome != "passed":
                    return "killed" if outcome == "failed" else outcome, test[0]
        return "survived", ""
    finally:
        file.write_text(original)


def difference(mutant):
    path, number, _, changed = mutant
    before = (ROOT / path).read_text().split("\n")[number - 1]
    return "\n".join(line for line in difflib.ndiff([before], [changed]) if not line.startswith("?"))


def prepare(copy):
    """Builds the tests of the unchanged copy and times them: all must pass."""
    copy.refresh()
    copy.configure()
    built, _, output = copy.make(*copy.tests())
    if not built:
        sys.exit("the unchanged tree does not build:\n" + output[-4000:])
    programs = copy.tests()
    times = {}
    for program in sorted(programs):
        for test in programs[program]:
            outcome, times[test[0]] = copy.run(test, 3600)
            print(f"unchanged: {test[0]} {outcome} in {times[test[0]]:.1f} s", flush=True)
            if outcome != "passed":
                sys.exit(f"{test[0]} fails without any mutant")
    return programs, times


def main():
    parser = argparse.ArgumentParser(description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", "--count", type=int, default=50, help="mutants to take (default: 50)")
    parser.add_argument("--seed", type=int, default=1, help="of the choice (default: 1)")
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("/tmp/moat-mutants"),
                        help="folder of the copy, its build and the outcomes (default: /tmp/moat-mutants)")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin no mutant after this time")
    parser.add_argument("--timeout", type=float, default=60,
                        help="seconds for a test beyond ten times its usual time (default: 60)")
    parser.add_argument("--tests", default="^unit_|^conformance_(null|host)$",
                        help="regular expression of the tests' names (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="of ninja (default: all processors)")
    parser.add_argument("--list", action="store_true", help="only print the chosen mutants")
    parser.add_argument("paths", nargs="*", default=DEFAULT_PATHS, help="default: " + " ".join(DEFAULT_PATHS))
    options = parser.parse_args()

    every = [mutant for path in sources(options.paths) for mutant in mutants_of(path)]
    chosen = random.Random(options.seed).sample(every, min(options.count, len(every)))
    print(f"{len(chosen)} of {len(every)} mutants", flush=True)
    if options.list:
        for mutant in chosen:
            print(f"{mutant[0]}:{mutant[1]} {mutant[2]}\n{difference(mutant)}")
        return

    os.nice(10)
    options.work.mkdir(parents=True, exist_ok=True)
    log = options.work / "outcomes.jsonl"
    known = {}
    if log.exists():
        for line in log.read_text().splitlines():
            entry = json.loads(line)
            known[tuple(entry["mutant"])] = entry
    copy = Copy(options.work.resolve(), options.jobs, options.timeout, options.tests)
    begin = time.monotonic()
    programs, times = prepare(copy)
    counts = {}
    for index, mutant in enumerate(chosen, 1):
        key = (mutant[0], difference(mutant), mutant[2])
        if key not in known:
            if time.monotonic() - begin > options.seconds:
                break
            start = time.monotonic()
            outcome, test = verdict_of(copy, programs, times, mutant)
            known[key] = {"mutant": list(key), "outcome": outcome, "test": test,
                          "seconds": round(time.monotonic() - start, 1)}
            with log.open("a") as file:
                file.write(json.dumps(known[key]) + "\n")
        entry = known[key]
        counts[entry["outcome"]] = counts.get(entry["outcome"], 0) + 1
        by = f" by {entry['test']}" if entry["test"] else ""
        print(f"{index}/{len(chosen)} {entry['outcome']}{by}: {mutant[0]}:{mutant[1]} {mutant[2]} "
              f"({entry['seconds']} s)\n{difference(mutant)}", flush=True)
    noticed = counts.get("killed", 0) + counts.get("timed out", 0)
    counted = noticed + counts.get("survived", 0)
    print(", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items())))
    if counted:
        print(f"{noticed} of {counted} mutants that build were noticed: {100 * noticed / counted:.0f} %")


if __name__ == "__main__":
    main()
