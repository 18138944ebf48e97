"""What people do about the exceptions of the day: every fix is a button, pressed by RPC.

An order can be wrong in several ways, of which it shows the first: they look several times.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from environment import say, step
from simulator.history import Event, History

from .channel import Channel
from .rpc import Odoo, RpcError

ROUNDS = 6
TARGETS = ("tax_id", "product_id")
CORRECTED = ("orders/updated",)
DISMISSAL = "The shop has corrected its taxes and sent the order again."


@dataclass(frozen=True)
class Problem:
    """An open exception as the list shows it."""

    id: int
    backend: int
    code: str
    title: str

    def is_ours(self, corrected: set[tuple[int, str]]) -> bool:
        """Tell whether it may be fixed: wrong totals only where the shop has corrected them."""
        if self.code != "total_mismatch":
            return True
        words = self.title.split()
        return any(self.backend == backend and name in words for backend, name in corrected)


def repair(odoo: Odoo, channels: Sequence[Channel], settle: Callable[[], None]) -> None:
    """Correct orders at the shops, then fix what is open until nothing is left to be fixed."""
    corrected = {
        (channel.backend.id, name) for channel in channels for name in correct_at_the_shop(channel)
    }
    for number in range(1, ROUNDS + 1):
        with step(f"people look at the exceptions, round {number}"):
            found = [problem for problem in _open(odoo, channels) if problem.is_ours(corrected)]
            tried = [_apply(odoo, problem) for problem in found]
        settle()
        if not any(tried):
            break


def _open(odoo: Odoo, channels: Sequence[Channel]) -> list[Problem]:
    backends = [channel.backend.id for channel in channels]
    domain = [("backend_id", "in", backends), ("state", "=", "open")]
    rows = odoo.read("retail.exception", domain, "backend_id", "code", "title")
    return [Problem(row["id"], row["backend_id"][0], row["code"], row["title"]) for row in rows]


def _apply(odoo: Odoo, problem: Problem) -> bool:
    fix = FIXES.get(problem.code)
    if not fix:
        return False
    try:
        fix(odoo, problem)
    except RpcError as error:
        say(f"   “{problem.title}” could not be fixed: {error}")
        return False
    return True


def _wizard(odoo: Odoo, problem: Problem) -> tuple[str, int, dict[str, Any]]:
    """Press the button of an exception; return the form that it opens, filled as it opens."""
    action = odoo.call("retail.exception", "action_fix", [problem.id])
    model, context = action["res_model"], action.get("context") or {}
    names = list(odoo.call(model, "fields_get", [], ["type"]))
    values = odoo.call(model, "default_get", names, context=context)
    values.update(_defaults(context))
    return model, odoo.create(model, values, **context), context


def _defaults(context: dict[str, Any]) -> dict[str, Any]:
    prefix = "default_"
    return {key[len(prefix) :]: value for key, value in context.items() if key.startswith(prefix)}


def create_what_is_missing(odoo: Odoo, problem: Problem) -> None:
    """Let the wizard create the tax or product from what the channel told of it.

    What somebody has mapped meanwhile is applied once more.
    """
    model, wizard, context = _wizard(odoo, problem)
    row = odoo.read(model, [("id", "=", wizard)])[0]
    known = any(row.get(name) for name in TARGETS)
    odoo.call(model, "action_apply" if known else "action_create_target", [wizard], context=context)


def dismiss(odoo: Odoo, problem: Problem) -> None:
    """Put the wrong state aside: the corrected one waits behind it."""
    odoo.call("retail.exception", "action_dismiss", [problem.id], DISMISSAL)


FIXES: dict[str, Callable[[Odoo, Problem], None]] = {
    "unmapped_tax": create_what_is_missing,
    "unknown_sku": create_what_is_missing,
    "total_mismatch": dismiss,
}


def correct_at_the_shop(channel: Channel) -> list[str]:
    """Let the shop send orders with wrong taxes again, now with right ones; return their names."""
    wrong = [history for history in channel.simulator.shop.orders if _is_wrong(history)]
    for history in wrong:
        _correct(history)
    shop = channel.simulator.shop
    last = [_last(shop.events([history])) for history in wrong]
    channel.send(last)
    return [history.current.name for history in wrong]


def _last(events: list[Event]) -> Event:
    return events[-1]


def _is_wrong(history: History) -> bool:
    return any(line.tax_error for line in history.current.lines)


def _correct(history: History) -> None:
    order = history.current
    lines = tuple(replace(line, tax_error=0) for line in order.lines)
    later = order.updated_at + timedelta(seconds=30)
    history.append(replace(order, lines=lines, updated_at=later), CORRECTED)
