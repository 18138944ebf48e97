"""Rows of a benchmark, and what is said of its repetitions."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median


@dataclass(frozen=True)
class Row:
    """One figure. ``ratio`` is ours against the baseline, as the target reads it."""

    name: str
    value: float
    unit: str
    baseline: float | None = None
    ratio: float | None = None

    def as_json(self) -> dict[str, object]:
        """Return the row as it is written to the file."""
        return {
            key: round(value, 4) if isinstance(value, float) else value
            for key, value in asdict(self).items()
        }

    def __str__(self) -> str:
        baseline = "" if self.baseline is None else f"   baseline {self.baseline:.4g}"
        ratio = "" if self.ratio is None else f"   ratio {self.ratio:.2f}"
        return f"{self.name:<24} {self.value:10.4g} {self.unit:<10}{baseline}{ratio}"


def spread(name: str, values: Sequence[float], unit: str) -> str:
    """Say how often something was measured and what came of it."""
    low, middle, high = min(values), median(values), max(values)
    times = f"{len(values)} times" if len(values) != 1 else "once"
    return f"   {name}: {times}, min {low:.4g}  median {middle:.4g}  max {high:.4g} {unit}"


@dataclass(frozen=True)
class Speed:
    """How many orders were made in how much time, by the clock and of processors."""

    orders: int
    seconds: float
    processor: float

    @property
    def rate(self) -> float:
        """Orders per second."""
        return self.orders / self.seconds

    @property
    def milliseconds(self) -> float:
        """Milliseconds of processor time an order."""
        return self.processor * 1000 / self.orders


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]
