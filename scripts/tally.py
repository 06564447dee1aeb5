#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tally.py TESTLOG.json...: counts what meson ran, prints the output of what failed, and as its last
line "N passed, N failed[, N skipped]". A TAP program counts with each of its points, any other once;
a point that is not ok has failed, whatever is said behind it, unless it was skipped.
What failed and was run again counts as it ended then (again.json beside the log), and both are told.
Exits with 1 if anything failed, or if nothing ran at all.

tally.py --failed TESTLOG.json: the names of what failed, a line each, as "meson test" takes them."""

import json
import os
import re
import sys

POINT = re.compile(r"^(not )?ok\b[^#]*(#\s*SKIP)?", re.IGNORECASE)


def points(text):
    """How many TAP points of the program passed, failed and were skipped."""
    passed = failed = skipped = 0
    for line in text.splitlines():
        match = POINT.match(line)
        if not match:
            continue
        if match.group(2):
            skipped += 1
        elif match.group(1):
            failed += 1
        else:
            passed += 1
    return passed, failed, skipped


def count(entry):
    passed, failed, skipped = points(entry.get("stdout", ""))
    result = entry["result"]
    if result == "SKIP":
        return passed, failed, max(skipped, 1)
    if result in ("OK", "EXPECTEDFAIL"):
        return (passed, failed, skipped) if passed + failed + skipped else (1, 0, 0)
    # It died, hung or gave bad TAP: a failure, whatever points it got through
    return passed, max(failed, 1), skipped


def read(path):
    """The tests of a log: {name: entry}"""
    with open(path, encoding="utf-8") as log:
        return {entry["name"]: entry for entry in map(json.loads, log)}


def print_failed(path):
    """The name of a test is "PROJECT:SUITE / NAME" in the log."""
    for name, entry in read(path).items():
        if count(entry)[1]:
            print(name.split(" / ", 1)[-1])


def tell(entry, how, path):
    print(f"\n---- {entry['name']}: {how} ({path})")
    print(entry.get("stdout", ""))
    print(entry.get("stderr", ""))


def main(paths):
    total = [0, 0, 0]
    for path in paths:
        if not os.path.exists(path):
            print(f"{path} was not written: the run broke off")
            total[1] += 1
            continue
        repeated = os.path.join(os.path.dirname(path), "again.json")
        again = read(repeated) if os.path.exists(repeated) else {}
        for name, entry in read(path).items():
            if name in again:
                tell(entry, f"{entry['result']}, run again: {again[name]['result']}", path)
                entry = again[name]
            counted = count(entry)
            total = [a + b for a, b in zip(total, counted)]
            if counted[1]:
                tell(entry, entry["result"], path)
            elif counted[2] and not counted[0]:
                print(f"skipped: {name}: {(entry.get('stdout') or '').strip()[:200]}")
    passed, failed, skipped = total
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    if sys.argv[1] == "--failed":
        sys.exit(print_failed(sys.argv[2]))
    sys.exit(main(sys.argv[1:]))
