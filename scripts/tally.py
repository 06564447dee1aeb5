#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tally.py TESTLOG.json...: counts what meson ran, prints the output of what failed, and as its last
line "N passed, N failed[, N skipped]". A TAP program counts with each of its points, any other once.
Exits with 1 if anything failed, or if nothing ran at all."""

import json
import re
import sys

POINT = re.compile(r"^(not )?ok\b[^#]*(#\s*(SKIP|TODO))?", re.IGNORECASE)


def points(text):
    """How many TAP points of the program passed, failed and were skipped."""
    passed = failed = skipped = 0
    for line in text.splitlines():
        match = POINT.match(line)
        if not match:
            continue
        if match.group(3) and match.group(3).upper() == "SKIP":
            skipped += 1
        elif match.group(1) and not match.group(3):
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


def main(paths):
    total = [0, 0, 0]
    for path in paths:
        with open(path, encoding="utf-8") as log:
            for line in log:
                entry = json.loads(line)
                counted = count(entry)
                total = [a + b for a, b in zip(total, counted)]
                if counted[1]:
                    print(f"\n---- {entry['name']}: {entry['result']} ({path})")
                    print(entry.get("stdout", ""))
                    print(entry.get("stderr", ""))
                elif counted[2] and not counted[0]:
                    print(f"skipped: {entry['name']}: {(entry.get('stdout') or '').strip()[:200]}")
    passed, failed, skipped = total
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
