"""What the command line says about how to measure."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """``quick`` measures less and once, for a look at whether it works; ``once`` all of it once."""

    names: tuple[str, ...]
    quick: bool = False
    json: Path | None = None
    profile: bool = False
    once: bool = False

    @property
    def repetitions(self) -> int:
        """How often each benchmark runs."""
        return 1 if self.quick or self.once else 3
