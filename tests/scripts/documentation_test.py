#!/usr/bin/env python3
# Usage: documentation_test.py ROOT MOAT
#
# The Markdown files of ROOT, compared with the program MOAT: README lists the commands and exit codes of `moat help`,
# every relative link leads to a file and a heading that exist, and examples use only commands that exist.
# Exit codes: 0 all holds; 1 something does not.
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(sys.argv[1])
moat = sys.argv[2]
offences = []


def section(text, title):
    """The indented lines after the line `title`, in any case, up to an empty line or one without indentation."""
    lines = text.splitlines()
    start = next((i for i, line in enumerate(lines) if line.lower() == title.lower()), None)
    if start is None:
        offences.append(f"moat help has no section '{title}'")
        return []
    rest = lines[start + 1:]
    return rest[:next((i for i, line in enumerate(rest) if not line.startswith("  ")), len(rest))]


def named_rows(lines):
    """(name, description) of lines "  name  description"; a description may continue on deeper indented lines."""
    rows = []
    for line in lines:
        match = re.fullmatch(r"  (\S.*?) {2,}(.*)", line)
        if match:
            rows.append(match.groups())
        elif rows:
            rows[-1] = (rows[-1][0], rows[-1][1] + " " + line.strip())
    return rows


def compare(what, documented, printed):
    for row in printed:
        if row not in documented:
            offences.append(f"README.md: the table of {what} lacks '| {row[0]} | {row[1]} |'")
    for row in documented:
        if row not in printed:
            offences.append(f"README.md: {what}: '{row[0]}' is not what moat help prints")


def table_rows(text, first_column):
    """The rows of the Markdown table whose header begins with `first_column`."""
    lines = text.splitlines()
    start = next((i for i, line in enumerate(lines) if line.startswith(f"| {first_column} |")), None)
    if start is None:
        offences.append(f"README.md has no table with a column '{first_column}'")
        return []
    rows = []
    for line in lines[start + 2:]:
        if not line.startswith("|"):
            break
        rows.append(tuple(cell.strip() for cell in line.strip("|").split("|", 1)))
    return rows


def without_code(text):
    text = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    text = re.sub(r"^ {4}.*$", "", text, flags=re.M)
    return re.sub(r"`[^`\n]*`", "", text)


def code_blocks(text):
    for match in re.finditer(r"^```[^\n]*\n(.*?)^```", text, flags=re.M | re.S):
        yield from match.group(1).splitlines()
    for match in re.finditer(r"^ {4}(.*)$", text, flags=re.M):
        yield match.group(1)


def anchors(path):
    """The anchors of a file's headings as GitHub forms them."""
    text = re.sub(r"^```.*?^```", "", path.read_text(), flags=re.M | re.S)
    titles = re.findall(r"^#+ (.*)$", text, flags=re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def check_links(path):
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(path.read_text())):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = path.parent / file if file else path
        if not there.exists():
            offences.append(f"{path.relative_to(root)}: no file for the link {target}")
        elif anchor and anchor not in anchors(there):
            offences.append(f"{path.relative_to(root)}: no heading for the link {target}")


def check_examples(path, commands):
    for line in code_blocks(path.read_text()):
        match = re.match(r"moat ([a-z]+)\b(?!:)", line)
        if match and match.group(1) not in commands:
            offences.append(f"{path.relative_to(root)}: no command for the example '{line}'")


help_text = subprocess.run([moat, "help"], check=True, capture_output=True, text=True).stdout
commands = named_rows(section(help_text, "Subcommands:"))
readme = (root / "README.md").read_text()
compare("commands", table_rows(readme, "command"), [(f"`moat {name}`", text) for name, text in commands])
compare("exit codes", table_rows(readme, "code"), named_rows(section(help_text, "Exit codes:")))
files = [p for p in root.rglob("*.md") if not {"build", ".git", ".cache"} & set(p.relative_to(root).parts)]
for file in files:
    check_links(file)
    check_examples(file, {name for name, _ in commands})
for offence in offences:
    print(offence)
print(f"{len(files)} files, {len(commands)} commands, {len(offences)} offences")
sys.exit(1 if offences or not commands else 0)
