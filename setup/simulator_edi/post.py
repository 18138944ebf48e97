"""How what a warehouse writes gets into the folder: at once, late, twice, or broken first."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random

from .habits import Habits
from .x12 import Segment, write

Sets = list[tuple[str, str, list[Segment]]]


@dataclass
class _Letter:
    """A file that is due at a turn."""

    due: int
    name: str
    text: str


@dataclass
class Post:
    """Puts interchanges into the folder that the other side reads. ``Sets`` are (group, set, …)."""

    folder: Path
    sender: str
    receiver: str
    random: Random
    habits: Habits
    usage: str = "P"
    turn: int = 0
    _number: int = 100
    _waiting: list[_Letter] = field(default_factory=list)

    def send(self, sets: Sets, at: datetime) -> None:
        """Write sets as files; what goes wrong is made good in a later turn."""
        if not sets:
            return
        if self.random.random() < self.habits.together:
            self._send_one(sets, at)
        else:
            for each in sets:
                self._send_one([each], at)

    def _send_one(self, sets: Sets, at: datetime) -> None:
        text, name = self._text(sets, at)
        due = self.turn + (self.random.randint(1, 3) if self._happens("late") else 0)
        if self._happens("corrupt"):
            self._waiting.append(_Letter(due, name, _broken(text, self.random)))
            self._again(sets, at, due)
        elif self._happens("cut"):
            self._waiting.append(_Letter(due, name, text[: len(text) * 2 // 3]))
            self._waiting.append(_Letter(due + 2, f"again-{name}", text))
        else:
            self._waiting.append(_Letter(due, name, text))
        if self._happens("duplicate"):
            later = due + self.random.randint(0, 2)
            self._waiting.append(_Letter(later, f"copy-{name}", text))

    def _again(self, sets: Sets, at: datetime, due: int) -> None:
        """Send everything once more under new numbers, as people do when a 997 says no."""
        text, name = self._text(sets, at)
        self._waiting.append(_Letter(due + 2, name, text))

    def _text(self, sets: Sets, at: datetime) -> tuple[str, str]:
        self._number += 1
        groups: dict[str, list[tuple[str, list[Segment]]]] = {}
        for group, code, segments in sets:
            groups.setdefault(group, []).append((code, segments))
        text = write(self._number, at, self.sender, self.receiver, list(groups.items()), self.usage)
        return text, f"{sets[0][1]}_{self._number:06}.edi"

    def _happens(self, what: str) -> bool:
        return self.random.random() < getattr(self.habits, what)

    def deliver(self) -> list[str]:
        """Put what is due into the folder, each file at once and whole; return their names."""
        due = [letter for letter in self._waiting if letter.due <= self.turn]
        self._waiting = [letter for letter in self._waiting if letter.due > self.turn]
        self.random.shuffle(due)
        self.folder.mkdir(parents=True, exist_ok=True)
        for letter in due:
            unfinished = self.folder / f".{letter.name}.tmp"
            unfinished.write_text(letter.text)
            unfinished.rename(self.folder / letter.name)
        self.turn += 1
        return [letter.name for letter in due]

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is due any more."""
        return not self._waiting


def _broken(text: str, random: Random) -> str:
    """Return an interchange whose first set cannot be used: another count, or another number."""
    if random.random() < 0.5:
        return text.replace("\nSE*", "\nSE*9", 1)
    for name, wrong in (("W12", 3), ("W07", 1), ("QTY", 2), ("AK1", 2)):
        start = text.find(f"\n{name}*")
        if start >= 0:
            end = text.find("~", start)
            parts = text[start:end].split("*")
            parts[wrong] = "" if name == "AK1" else "x1"
            if name == "W12":
                parts[2:5] = ["", "x1", ""]
            return text[:start] + "*".join(parts) + text[end:]
    return text.replace("\nSE*", "\nSE*9", 1)
