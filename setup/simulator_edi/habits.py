"""How well a warehouse behaves: how often each kind of trouble happens, from 0 to 1."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Habits:
    """Chances of trouble.

    ``duplicate``: a file comes again under another name. ``late``: it comes some turns later.
    ``split``: an order leaves in two shipments. ``short``: less of a line leaves, and no more will.
    ``corrupt``: a set of a file is broken; the warehouse sends it right some turns later, under new
    numbers. ``cut``: a file ends in the middle, and comes whole later. ``reject``: a 940 is
    refused. ``together``: sets of one turn come in one file.
    """

    duplicate: float = 0.0
    late: float = 0.0
    split: float = 0.0
    short: float = 0.0
    corrupt: float = 0.0
    cut: float = 0.0
    reject: float = 0.0
    together: float = 0.5


CALM = Habits()
WILD = Habits(duplicate=0.25, late=0.25, split=0.3, short=0.15, corrupt=0.15, cut=0.1, reject=0.05)
