"""What our overrides cost Odoo's own work while a backend publishes stock."""

from statistics import median

from environment import say

from .options import Options
from .probe import probe
from .result import Row, spread
from .stage import Stage

ROUNDS, QUICK_ROUNDS = 150, 20


def run(stage: Stage, options: Options) -> list[Row]:
    """Deliver and sell, also at Odoo's own register, with our overrides and without them, in turn.

    It all happens in one process.
    """
    rounds = QUICK_ROUNDS if options.quick else ROUNDS
    with stage.copy("overhead") as database:
        found = probe(
            stage, "overhead", database,
            backend_id=stage.backend.id, product_ids=sorted(stage.products.values()),
            rounds=rounds,
        )  # fmt: skip
    say(f"   {found['hooks'][0]:g} overrides were switched off and on")
    return [_row(name, found) for name in ("moves", "sales", "tickets")]


def _row(name: str, found: dict[str, list[float]]) -> Row:
    ours, base = found[f"{name}_on"], found[f"{name}_off"]
    used, base_used = (median(found[f"{name}_{part}_cpu"]) for part in ("on", "off"))
    pairs = [own / other for own, other in zip(ours, base, strict=True)]
    say(spread(f"{name} with our overrides", ours, "s"))
    say(spread(f"{name} without", base, "s"))
    say(spread(f"{name}, ratio of pairs", pairs, ""))
    say(f"   {name}, ratio of Python's own processor time: {used / base_used:.3f}")
    value, baseline = median(ours), median(base)
    return Row(f"overhead_{name}", value, "seconds", baseline, value / baseline)
