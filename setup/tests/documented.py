"""The commands of a page of the documentation, and the answers that it shows."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

COMMAND = re.compile(r"<!-- run -->\n```sh\n(.*?)```\n\n(?:```http\n(.*?)```)?", re.DOTALL)
# What is another one each time.
CHANGING = (
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<id>"),
    (r"\d{4}-\d\d-\d\dT[0-9:.]+(Z|\+00:00)", "<moment>"),
    (r"(?m)^(Server|Date|Content-Length|Vary|Connection): .*\n", ""),
    (r'"document":\s*"[^"]*"', '"document": "<name>"'),
    (r"r=\d+;t=\d+", "r=<n>;t=<n>"),
    (r"q=\d+;w=60", "q=<n>;w=60"),
    (r"\s+", ""),
)


def commands(page: Path) -> list[tuple[str, str]]:
    """Return each command that is to be run, with the answer that is shown below it."""
    return [(command, answer or "") for command, answer in COMMAND.findall(page.read_text())]


def run(command: str, folder: Path, names: Mapping[str, str]) -> str:
    """Run a command as a reader would, and return what it prints."""
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", **names},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.replace("\r", "")


def same(text: str) -> str:
    """Return an answer without what differs from one day to the next, and without blanks."""
    for pattern, word in CHANGING:
        text = re.sub(pattern, word, text)
    return text
