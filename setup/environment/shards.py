"""The whole suite in parts that run beside one another: one processor is too slow for it."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

# The folders of the first part, the other part has the rest: both take about as long.
FIRST = frozenset({"retail_connector_base", "retail_connector_payment", "retail_connector_shop"})
COUNT = re.compile(r"(\d+) ([a-z]+(?: passed)?)")
CLOSING = re.compile(r"^(?:=+ )?\d+ (?:passed|failed|error|skipped|deselected).* in [\d.]+s.*$")
# As pytest names what it counts, in its order.
ORDER = ("failed", "passed", "skipped", "deselected", "xfailed", "xpassed", "warnings", "errors",
         "subtests passed")  # fmt: skip


def parts(folders: Sequence[Path]) -> list[list[Path]]:
    """Return the folders in two parts, none of them empty."""
    first = [folder for folder in folders if folder.name in FIRST]
    rest = [folder for folder in folders if folder.name not in FIRST]
    return [part for part in (first, rest) if part]


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
