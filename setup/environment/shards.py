"""The whole suite in parts that run beside one another: one processor is too slow for it."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

# A test file is counted as this many bytes more than it has: it costs its set-up.
FILE = 4000
COUNT = re.compile(r"(\d+) ([a-z]+(?: passed)?)")
CLOSING = re.compile(r"^(?:=+ )?\d+ (?:passed|failed|error|skipped|deselected).* in [\d.]+s.*$")
# As pytest names what it counts, in its order.
ORDER = ("failed", "passed", "skipped", "deselected", "xfailed", "xpassed", "warnings", "errors",
         "subtests passed")  # fmt: skip


def parts(files: Iterable[Path], count: int) -> list[list[Path]]:
    """Return test files in ``count`` parts of about one size, none of them empty.

    Files stay in their order and next to their neighbours; bytes stand for time.
    """
    weights = {file: file.stat().st_size + FILE for file in files}
    share, found, filled = sum(weights.values()) / count, [[]], 0.0
    for file, weight in weights.items():
        if found[-1] and filled + weight / 2 > share * len(found):
            found.append([])
        found[-1].append(file)
        filled += weight
    return [part for part in found if part]


def closing_line(outputs: Iterable[str], seconds: float) -> str:
    """Return the closing line of all parts together, from what each of them printed.

    A part without a closing line of its own broke off: that is an error.
    """
    counts: Counter[str] = Counter()
    for output in outputs:
        found = [line for line in output.splitlines() if CLOSING.match(line)]
        told = COUNT.findall(found[-1].rpartition(" in ")[0]) if found else [("1", "errors")]
        for number, name in told:
            counts[_plural(name)] += int(number)
    known = [f"{counts[name]} {name}" for name in ORDER if counts[name]]
    return f" {', '.join(known)} in {seconds:.2f}s ".center(80, "=")


def _plural(name: str) -> str:
    return {"error": "errors", "warning": "warnings", "subtest passed": "subtests passed"}.get(
        name, name
    )
