"""Processor time used by some processes: unlike the clock, it does not depend on the neighbours.

PostgreSQL's share is counted by the database that its processes say they work for; what a process
used that has ended since the beginning is lost, which is little: Odoo keeps its connections.
"""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


class ProcessorTime:
    """Seconds of processor time of a process group and of a database since this was made."""

    def __init__(self, database: str, *leaders: int) -> None:
        self._database, self._leaders = database.encode(), set(leaders)
        self._begin = self._used()

    def seconds(self) -> float:
        """Return what was used since the beginning."""
        now = self._used()
        return sum(ticks - self._begin.get(pid, 0) for pid, ticks in now.items()) / TICKS

    def _used(self) -> dict[int, int]:
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "stat").read_text().rpartition(") ")[2].split()
                command = (folder / "cmdline").read_bytes()
            except OSError:
                continue  # it has ended meanwhile
            ours = command.startswith(b"postgres:") and self._database in command.split()
            if ours or int(words[2]) in self._leaders or int(folder.name) in self._leaders:
                found[int(folder.name)] = int(words[11]) + int(words[12])
        return found
