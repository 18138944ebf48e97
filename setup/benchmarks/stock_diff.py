"""How long a full comparison of a large catalogue takes, against ``free_qty`` of the same SKUs."""

from statistics import median

from environment import say

from .options import Options
from .probe import probe
from .result import Row, spread
from .stage import Stage

SKUS, QUICK_SKUS = 100_000, 20_000


def run(stage: Stage, options: Options) -> list[Row]:
    """Compare everything while one SKU in a hundred differs.

    ``stock_diff`` is the comparison with its marks, committed; ``stock_diff_pass`` goes on until
    the first batch could be sent.
    """
    skus = QUICK_SKUS if options.quick else SKUS
    with stage.copy("stock_diff") as database:
        found = probe(
            stage, "stock_diff", database,
            backend_id=stage.backend.id, product_id=min(stage.products.values()),
            skus=skus, repetitions=options.repetitions,
        )  # fmt: skip
    say(f"   {skus} SKUs, of which {found['found']} differ")
    say(spread("compared", found["compare"], "s"))
    say(spread("until the first batch", found["begin"], "s"))
    say(spread("free_qty", found["free_qty"], "s"))
    ours, base = median(found["compare"]), median(found["free_qty"])
    whole = median(found["begin"])
    return [
        Row("stock_diff", ours, "seconds", base, base / ours),
        Row("stock_diff_pass", whole, "seconds", base, base / whole),
    ]
