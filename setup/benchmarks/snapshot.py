"""How long it takes to compare a warehouse's count, against ``free_qty`` and Python."""

from statistics import median

from environment import say

from .options import Options
from .probe import probe
from .result import Row, spread
from .stage import Stage

SKUS, QUICK_SKUS = 100_000, 20_000
IN_TRANSIT, QUICK_IN_TRANSIT = 1_000, 200


def run(stage: Stage, options: Options) -> list[Row]:
    """Compare a count of all SKUs: one in a hundred differs, some goods are in transit.

    ``snapshot`` is the comparison with its lines, explanations and marks, committed, from the parts
    that were told; ``snapshot_told`` adds the reading and keeping of these parts. The baseline
    finds the products of the SKUs, reads their ``free_qty`` there and compares in Python: it
    neither asks what was on hand at the instant nor what explains a difference.
    """
    skus = QUICK_SKUS if options.quick else SKUS
    shipments = QUICK_IN_TRANSIT if options.quick else IN_TRANSIT
    with stage.copy("snapshot") as database:
        found = probe(
            stage, "snapshot", database,
            backend_id=stage.backend.id, product_id=min(stage.products.values()),
            skus=skus, shipments=shipments, repetitions=options.repetitions,
        )  # fmt: skip
    unexplained, explained = found["found"]
    say(f"   {skus} SKUs: {unexplained:g} differ, {explained:g} explained by {shipments} shipments")
    say(spread("compared", found["compare"], "s"))
    say(spread("told", found["told"], "s"))
    say(spread("free_qty and Python", found["free_qty"], "s"))
    ours, base = median(found["compare"]), median(found["free_qty"])
    whole = ours + median(found["told"])
    return [
        Row("snapshot", ours, "seconds", base, base / ours),
        Row("snapshot_told", whole, "seconds", base, base / whole),
    ]
