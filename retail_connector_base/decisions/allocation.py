"""Who gets which piece of stock: first come, first served, oldest stock first."""

from collections.abc import Sequence


def take(need: float, free: dict[int, float], quants: Sequence[int]) -> list[tuple[int, float]]:
    """Take up to ``need`` from quants in their order and return (quant, quantity) pairs.

    ``free`` (quantity per quant, in the product's unit) is lowered by what is taken.
    """
    taken = []
    for quant in quants:
        part = min(need, free[quant])
        if part > 0:
            free[quant] -= part
            need -= part
            taken.append((quant, part))
    return taken
