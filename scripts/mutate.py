#!/usr/bin/env python3
# Mutation testing: changes one line of the C++ at a time and asks whether a test notices. Standard library only. Must
# not touch the working tree: it mutates a copy, in a folder that a later call goes on with.
import argparse
import difflib
import hashlib
import json
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
DEFAULT_PATHS = ["kernels", "bench", "results", "reports", "adapters/host"]
SKIPPED_LABELS = {"slow", "fuzz", "opencl", "vulkan"}
# No test that is run needs a driver, and a mutant makes the compiler read its own source alone again.
OPTIONS = ["-DMOAT_ADAPTER_OPENCL=OFF", "-DMOAT_ADAPTER_VULKAN=OFF", "-DMOAT_UNITY=OFF"]
MOST_BYTES = 6 << 30  # of a test's memory; a mutant may ask for any amount
DESCRIPTION = """
Draws one-line mutants of the C++ under the given paths until N have counted, and prints for each whether the tests
that are not slow notice it: killed, survived, timed out (counts as killed) or did not build (does not count; warnings
are errors). The outcomes are kept in the work folder, where an interrupted call goes on when it is repeated; the same
seed draws the same mutants of the same sources. The last line is the rate.

Mutants: another comparison, arithmetic or boolean operator, another constant, a return of nothing in place of a
value, a statement left out.

Of the tests it runs the unit tests and the conformance of the null adapter and the host; of these only the programs
that a mutant changes. The mutant's own test files, which covered_by.txt or their path tells, run first; then the rest
of their programs, then the others, and none after the first failure. A mutant that survives is either missed by the
tests or equivalent to the original: look at each. When tests were added, --again survived asks them.
"""


def mask(text):
    """The text with comments, strings and characters blanked out, so that columns stay."""
    pattern = re.compile(
        r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'', re.S)
    return pattern.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)


def another(literal):
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
RETURN = re.compile(r"^(\s*)return (?!std::nullopt;|nullptr;|false;|0;)[^{;][^;]*;\s*$")  # not what {} is already
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
            if '"' in (line[found.start() - 2], line[found.end() + 1:][:1]):
                continue  # joins strings: nothing else would build
            kind = KIND_OF[found.group()]
            yield path, number, kind, changed(found, SWAPS[kind][found.group()])
        for found in NEGATION.finditer(code):
            yield path, number, "boolean", changed(found, "")
        for found in WORD.finditer(code):
            yield path, number, "boolean", changed(found, "false" if found.group() == "true" else "true")
        for found in NUMBER.finditer(code):
            yield path, number, "constant", changed(found, another(found.group()))
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

    def __init__(self, work, jobs, timeout, chosen, near):
        self.tree = work / "tree"
        self.build = self.tree / "build" / "mutants"
        self.jobs = jobs
        self.timeout = timeout
        self.chosen = re.compile(chosen)
        self.near = near
        self.environment = dict(os.environ, CCACHE_BASEDIR=str(self.tree), CCACHE_NOHASHDIR="1")
        self.programs = {}   # program -> its tests: (name, command, environment)
        self.times = {}      # test's name -> seconds
        self.unchanged = {}  # program -> digest without a mutant

    def refresh(self):
        """Brings the copy to the working tree's state; files that are equal keep their time. Whether any differed."""
        differed = False
        listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                                check=True, capture_output=True).stdout.decode().split("\0")
        wanted = {name for name in listed if name and (ROOT / name).is_file()}
        for name in wanted:
            target = self.tree / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists() or target.read_bytes() != (ROOT / name).read_bytes():
                shutil.copy(ROOT / name, target)
                differed = True
        for old in self.tree.rglob("*"):
            name = str(old.relative_to(self.tree))
            if old.is_file() and not name.startswith("build/") and name not in wanted:
                old.unlink()
                differed = True
        return differed

    def configure(self):
        launcher = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
        linker = ["-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld"] if shutil.which("ld.lld") else []
        # With the preset's flags ccache has most objects from its builds.
        subprocess.run(["cmake", "--preset", "dev", "-B", self.build, *OPTIONS, *launcher, *linker], cwd=self.tree,
                       check=True, stdout=subprocess.DEVNULL, env=self.environment)

    def digest(self, program):
        """Of the program and of those that it starts."""
        queried = subprocess.run(["ninja", "-C", self.build, "-t", "query", f"bin/{program}"], capture_output=True,
                                 text=True, check=True, env=self.environment).stdout
        started = re.findall(r"^ +\|\|? *(bin/\S+)$", queried.partition("outputs:")[0], re.M)
        files = [self.build / name for name in [f"bin/{program}", *started]]
        return hashlib.sha256(b"".join(file.read_bytes() for file in files)).digest()

    def make(self, *targets):
        """(whether it was built, ninja's output)"""
        made = subprocess.run(["ninja", "-C", self.build, "-j", str(self.jobs), *targets], capture_output=True,
                              text=True, errors="replace", env=self.environment)
        return made.returncode == 0, made.stdout + made.stderr

    def find_tests(self):
        """Those that are fast and need no driver; without commands before they are built."""
        shown = subprocess.run(["ctest", "--show-only=json-v1"], cwd=self.build, check=True, capture_output=True,
                               text=True).stdout
        self.programs = {}
        for test in json.loads(shown)["tests"]:
            properties = {entry["name"]: entry["value"] for entry in test.get("properties", [])}
            name, labels = test["name"], set(properties.get("LABELS", []))
            if not self.chosen.search(name) or labels & SKIPPED_LABELS:
                continue
            environment = dict(entry.split("=", 1) for entry in properties.get("ENVIRONMENT", []))
            program = "conformance" if name.startswith("conformance_") else name
            command = test.get("command", []) + ["--abort"]  # Catch: at the first failure
            self.programs.setdefault(program, []).append((name, command, environment))

    def prepare(self):
        """Builds the tests of the unchanged copy and times them: all must pass. An earlier call's times remain."""
        kept = self.tree.parent / "times.json"
        if self.refresh():
            kept.unlink(missing_ok=True)
        self.configure()
        self.find_tests()
        built, output = self.make(*self.programs)
        if not built:
            sys.exit("the unchanged tree does not build:\n" + output[-4000:])
        self.find_tests()
        self.unchanged = {program: self.digest(program) for program in self.programs}
        if kept.exists():
            self.times = json.loads(kept.read_text())
            return
        for name, command, environment in sorted(sum(self.programs.values(), [])):
            begin = time.monotonic()
            outcome = self.run(command, environment, 3600)
            self.times[name] = time.monotonic() - begin
            print(f"unchanged: {name} {outcome} in {self.times[name]:.1f} s", flush=True)
            if outcome != "passed":
                sys.exit(f"{name} fails without any mutant")
        kept.write_text(json.dumps(self.times))

    def run(self, command, environment, limit):
        """"passed", "failed" or "timed out"."""
        process = subprocess.Popen(command, cwd=self.build, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, env={**self.environment, **environment},
                                   start_new_session=True, preexec_fn=bound_memory)
        try:
            return "passed" if process.wait(limit) in (0, 77) else "failed"
        except subprocess.TimeoutExpired:
            return "timed out"
        finally:
            try:
                os.killpg(process.pid, signal.SIGKILL)  # with what it started
            except ProcessLookupError:
                pass
            process.wait()

    def nearest(self, path):
        """(program, Catch's tag of the file or None) of the tests of `path`, as its path or covered_by.txt says."""
        source = re.sub(r"\.h$", ".cpp", path)
        files = [f"tests/unit/{source}"]
        if not (self.tree / files[0]).exists():
            files = covering(path) or covering(source)
        found = []
        for entry in json.loads((self.build / "compile_commands.json").read_text()):
            file = os.path.relpath(entry["file"], self.tree)
            program = re.search(r"CMakeFiles/([^/]+)\.dir/", entry["command"]).group(1)
            if file in files and program in self.programs:
                found.append((program, f"[#{pathlib.Path(file).stem}]"))
            elif file in files and program == "moat_conformance":
                found.append(("conformance", None))
        return found

    def verdict(self, mutant):
        """The outcome of one mutant, and by which test."""
        path, number, _, changed = mutant
        nearest = self.nearest(path)
        own = {program for program, _ in nearest} | {"unit_" + path.split("/")[0]}
        order = sorted(self.programs, key=lambda name: (name not in own, name.startswith("conformance"), name))
        steps = dict.fromkeys(nearest + [(program, None) for program in order])
        if self.near:
            steps = nearest or [(program, None) for program in order if program in own]
        file = self.tree / path
        original = file.read_text()
        lines = original.split("\n")
        lines[number - 1] = changed
        file.write_text("\n".join(lines))
        changes = {}  # program -> whether the mutant changes it
        try:
            for program, of_file in steps:
                if program not in changes:
                    # The nearest ones alone, all others at once.
                    some = [program] if program in own else [name for name in order if name not in changes]
                    if not self.make(*some)[0]:
                        return "did not build", ""
                    changes.update({name: self.digest(name) != self.unchanged[name] for name in some})
                if not changes[program]:
                    continue
                for name, command, environment in self.programs[program]:
                    selected = ["--filenames-as-tags", of_file] if of_file else []
                    outcome = self.run(command + selected, environment, self.timeout + 3 * self.times[name])
                    if outcome != "passed":
                        return "killed" if outcome == "failed" else outcome, name + (of_file or "")
            return "survived", ""
        finally:
            file.write_text(original)


def bound_memory():
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))


def covering(path):
    """The test files that covered_by.txt names for a source."""
    for row in (ROOT / "tests/unit/covered_by.txt").read_text().splitlines():
        pattern, _, tests = row.partition("\t")
        found = re.fullmatch(re.escape(pattern).replace(r"\*", "([^/]*)"), path)
        if found and not row.startswith("#"):
            star = found.group(1) if found.groups() else ""
            return tests.split("\t")[0].replace("*", star).split()
    return []


def difference(mutant):
    path, number, _, changed = mutant
    before = (ROOT / path).read_text().split("\n")[number - 1]
    return "\n".join(line for line in difflib.ndiff([before], [changed]) if not line.startswith("?"))


class Log:
    """The outcomes known so far, in a file of one JSON object a line; of several of one mutant the last one counts."""

    def __init__(self, file, again):
        self.file = file
        self.known = {}
        for line in file.read_text().splitlines() if file.exists() else []:
            entry = json.loads(line)
            self.known[tuple(entry["mutant"])] = entry
        self.known = {key: entry for key, entry in self.known.items() if entry["outcome"] not in again}

    def add(self, key, outcome, test, seconds):
        self.known[key] = {"mutant": list(key), "outcome": outcome, "test": test, "seconds": round(seconds, 1)}
        with self.file.open("a") as file:
            file.write(json.dumps(self.known[key]) + "\n")


def main():
    parser = argparse.ArgumentParser(description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", "--count", type=int, default=50, help="mutants that count (default: 50)")
    parser.add_argument("--seed", type=int, default=1, help="of the choice (default: 1)")
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("/tmp/moat-mutants"),
                        help="folder of the copy, its build and the outcomes (default: /tmp/moat-mutants)")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin no mutant after this time")
    parser.add_argument("--timeout", type=float, default=20,
                        help="seconds for a test beyond three times its usual time (default: 20)")
    parser.add_argument("--tests", default="^unit_|^conformance_(null|host)$",
                        help="regular expression of the tests' names (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="of ninja (default: all processors)")
    parser.add_argument("--again", action="append", default=[], metavar="OUTCOME",
                        help="run the mutants once more that had this outcome")
    parser.add_argument("--near", action="store_true",
                        help="run only the mutant's own test files; ask what survives again without this")
    parser.add_argument("--list", action="store_true", help="only print the first N mutants, whether they build or not")
    parser.add_argument("paths", nargs="*", default=DEFAULT_PATHS, help="default: " + " ".join(DEFAULT_PATHS))
    options = parser.parse_args()

    drawn = [mutant for path in sources(options.paths) for mutant in mutants_of(path)]
    random.Random(options.seed).shuffle(drawn)
    print(f"{options.count} of {len(drawn)} mutants", flush=True)
    if options.list:
        for mutant in drawn[:options.count]:
            print(f"{mutant[0]}:{mutant[1]} {mutant[2]}\n{difference(mutant)}")
        return

    os.nice(10)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # ends what runs, and gives the mutated file its text back
    options.work.mkdir(parents=True, exist_ok=True)
    log = Log(options.work / "outcomes.jsonl", options.again)
    copy = Copy(options.work.resolve(), options.jobs, options.timeout, options.tests, options.near)
    begin = time.monotonic()
    copy.prepare()
    counts = dict.fromkeys(["killed", "timed out", "survived", "did not build"], 0)
    counted = 0
    while drawn and counted < options.count:
        batch, drawn = drawn[:options.count - counted], drawn[options.count - counted:]
        for mutant in sorted(batch, key=lambda one: one[0].endswith(".h")):  # what many files include takes longest
            key = (*mutant[:3], difference(mutant))
            if key not in log.known:
                start = time.monotonic()
                if start - begin > options.seconds:
                    drawn = []
                    continue
                outcome, test = copy.verdict(mutant)
                log.add(key, outcome, test, time.monotonic() - start)
            entry = log.known[key]
            counts[entry["outcome"]] += 1
            counted += entry["outcome"] != "did not build"
            by = f" by {entry['test']}" if entry["test"] else ""
            print(f"{counted}/{options.count} {entry['outcome']}{by}: {mutant[0]}:{mutant[1]} {mutant[2]} "
                  f"({entry['seconds']} s)\n{difference(mutant)}", flush=True)
    noticed = counts["killed"] + counts["timed out"]
    print(", ".join(f"{count} {outcome}" for outcome, count in counts.items()))
    if counted:
        print(f"{noticed} of {counted} mutants that build were noticed: {100 * noticed / counted:.1f} %")


if __name__ == "__main__":
    main()
