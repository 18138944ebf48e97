"""Arming the fail points of a running server: one file per planned hit."""

import json
import shutil
import time
from pathlib import Path

FIRED = "fired"


class Charges:
    """The folder that a server was started with, see ``retail_connector_base/fail_points.py``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        (folder / FIRED).mkdir(parents=True)
        self._number = 0

    def arm(
        self, point: str, do: str, *, hit: int = 1, times: int = 1, only: str = "",
        seconds: float = 0, keep: bool = False,
    ) -> None:  # fmt: skip
        """Let something happen at the ``hit``-th time that a point is reached, ``times`` times.

        ``only`` restricts it to work on one subject; ``keep`` lets it happen for good from then on.
        """
        for _ in range(hit - 1):
            self._put(point, {"do": "skip", "only": only})
        for _ in range(times):
            self._put(point, {"do": do, "only": only, "seconds": seconds, "keep": keep})

    def _put(self, point: str, charge: dict[str, object]) -> None:
        self._number += 1
        name = f"{point}@{self._number:06d}"
        unfinished = self.folder / FIRED / f".{name}"
        unfinished.write_text(json.dumps(charge))
        unfinished.rename(self.folder / name)

    def disarm(self) -> list[str]:
        """Take back what has not happened; return its names."""
        left = [path for path in sorted(self.folder.glob("*@*")) if path.is_file()]
        for path in left:
            path.unlink(missing_ok=True)
        return [path.name for path in left]

    def fired(self) -> list[tuple[str, str, int]]:
        """Return what happened since ``forget``: point, action and process id, in order."""
        found = []
        for path in (self.folder / FIRED).glob("*@*"):
            if path.name.startswith("."):
                continue
            name, pid, moment = path.name.rsplit(".", 2)
            action = json.loads(path.read_text())["do"]
            found.append((int(moment), name.partition("@")[0], action, int(pid)))
        return [(point, action, pid) for _, point, action, pid in sorted(found)]

    def happened(self) -> list[tuple[str, str, int]]:
        """Return what happened, without the hits that were only counted."""
        return [item for item in self.fired() if item[1] != "skip"]

    def wait(self, count: int, seconds: float) -> bool:
        """Wait until so many things have happened."""
        deadline = time.monotonic() + seconds
        while len(self.happened()) < count:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def forget(self) -> None:
        """Begin anew."""
        self.disarm()
        for path in (self.folder / FIRED).iterdir():
            path.unlink(missing_ok=True)
