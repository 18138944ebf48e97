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


def spread(change: float, reserved: dict[int, float]) -> dict[int, float]:
    """Return by quant what it has reserved after a change of their sum; others stay as they are.

    The change goes where it brings a reservation nearer to zero, and the rest of it to the first:
    only the sum of quants that are one and the same has a meaning, so it has to be right.
    """
    after = dict(reserved)
    for quant, held in reserved.items():
        if held * change < 0:
            part = max(change, -held) if change < 0 else min(change, -held)
            after[quant] += part
            change -= part
    after[next(iter(after))] += change
    return {quant: held for quant, held in after.items() if held != reserved[quant]}
