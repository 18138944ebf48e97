"""Whether finished messages make the inbox slower: a million of them against ten thousand."""

from statistics import median

from environment import Failure, say

from .cheap import ignored_orders
from .load_generator import fire, request_bytes
from .options import Options
from .probe import probe
from .result import Row, spread
from .stage import Stage

FEW, MANY, MESSAGES = 10_000, 1_000_000, 3_000
QUICK_FEW, QUICK_MANY, QUICK_MESSAGES = 2_000, 200_000, 500
# The chunks at the beginning fill caches, and lanes that are empty sooner have small chunks.
WARM_UP = 8


def run(stage: Stage, options: Options) -> list[Row]:
    """Drain the same messages in two databases, chunk by chunk in turn."""
    finished = [QUICK_FEW, QUICK_MANY] if options.quick else [FEW, MANY]
    messages = QUICK_MESSAGES if options.quick else MESSAGES
    with stage.copy("few") as few, stage.copy("many") as many:
        for database in (few, many):
            _receive_one(stage, database)
        found = probe(
            stage, "inbox_scaling", few, many,
            backend_id=stage.backend.id, finished=finished, messages=messages,
        )  # fmt: skip
    if any(found["left"]):
        raise Failure(f"messages were left in the inbox: {found['left']}")
    return [
        _row("inbox_scaling", found["many"], found["few"], finished),
        _row("inbox_claim", found["many_claim"], found["few_claim"], finished),
    ]


def _receive_one(stage: Stage, database: str) -> None:
    with stage.server(database, jobs=False) as (_server, hook):
        (order,) = ignored_orders(stage, 1, 6_000_000_000)
        if fire(hook, [request_bytes(hook, order.body, order.headers)], 1).accepted != 1:
            raise Failure("the webhook was refused")


def _row(name: str, many: list[float], few: list[float], finished: list[int]) -> Row:
    """Return the seconds of a chunk, or of its claim, beside many finished messages."""
    many, few = many[WARM_UP:], few[WARM_UP:]
    for count, seconds in zip(finished, (few, many), strict=True):
        milliseconds = [1000 * one for one in seconds]
        say(spread(f"{name} beside {count} finished messages", milliseconds, "ms a chunk"))
    ours, base = median(many), median(few)
    return Row(name, ours, "seconds", base, ours / base)
