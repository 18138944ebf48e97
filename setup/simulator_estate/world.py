"""The stores and their registers."""

from dataclasses import dataclass

from .terms import Terms


@dataclass(frozen=True)
class Store:
    """A store by the estate's own id, and the ids of its registers.

    ``counts_float``: its reports tell cash with float and movements; else the takings alone.
    """

    id: str
    name: str
    terms: Terms
    registers: tuple[str, ...]
    counts_float: bool = True


def stores(terms: Terms, count: int, registers: int = 1, first: int = 1) -> list[Store]:
    """Return stores of one country with as many registers each."""
    ids = tuple(f"R{number}" for number in range(1, registers + 1))
    return [
        Store(f"S{number:02d}", f"Store {number}", terms, ids, counts_float=number % 2 > 0)
        for number in range(first, first + count)
    ]
