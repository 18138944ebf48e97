"""What a payout's line costs, from its message to its reconciliation, against Odoo one by one."""

from statistics import median

from environment import say

from .options import Options
from .probe import probe
from .result import Row, spread
from .stage import Stage

LINES, QUICK_LINES = 10_000, 1_000
FEW, QUICK_FEW = 1_000, 200
FOREIGN, QUICK_FOREIGN = 2_000, 300
PAYMENTS, QUICK_PAYMENTS = 150, 30


def run(stage: Stage, options: Options) -> list[Row]:
    """Settle a payout in the company's currency, a smaller one, and one in another currency.

    Values are milliseconds of a line. ``settlement_import_flat`` is a line of the large payout
    against one of the small; ``settlement_import_all`` counts the posting of the payments too.
    """
    sizes = (
        (QUICK_LINES, QUICK_FEW, QUICK_FOREIGN, QUICK_PAYMENTS)
        if options.quick
        else (LINES, FEW, FOREIGN, PAYMENTS)
    )
    lines, few, foreign, payments = sizes
    found: dict[str, list[float]] = {}
    for _number in range(options.repetitions):
        with stage.copy("settlement_import") as database:
            once = probe(
                stage, "settlement_import", database,
                lines=lines, few=few, foreign=foreign, payments=payments,
            )  # fmt: skip
        for name, values in once.items():
            found.setdefault(name, []).extend(values)
    _tell(found, sizes)
    return _rows(found)


def _tell(found: dict[str, list[float]], sizes: tuple[int, int, int, int]) -> None:
    lines, few, foreign, payments = sizes
    say(spread(f"a line of {lines}", found["many"], "ms"))
    say(spread(f"a line of {few}", found["few"], "ms"))
    say(spread(f"a foreign line of {foreign}", found["foreign"], "ms"))
    say(spread(f"one of {payments} payments by Odoo", found["payment"], "ms"))
    say(spread(f"one of {payments} foreign payments by Odoo", found["foreign_payment"], "ms"))
    say(spread("posting a payment's entry", found["posting"], "ms"))


def _rows(found: dict[str, list[float]]) -> list[Row]:
    many, few, foreign = (median(found[name]) for name in ("many", "few", "foreign"))
    base, foreign_base = median(found["payment"]), median(found["foreign_payment"])
    whole = many + median(found["posting"])
    return [
        Row("settlement_import", many, "ms", base, base / many),
        Row("settlement_import_fx", foreign, "ms", foreign_base, foreign_base / foreign),
        Row("settlement_import_flat", many, "ms", few, many / few),
        Row("settlement_import_all", whole, "ms", base, base / whole),
    ]
