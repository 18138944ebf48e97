"""The warehouse ships: whole orders, parts of orders and what was left, each with its tracking."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from environment import step
from simulator import FULFILMENT_TOPICS, TOPICS

from .channel import Channel
from .delivery import validate
from .rpc import Odoo

A_SHOP = 8
SPLIT_EVERY = 2


@dataclass
class Dispatch:
    """The tracking number of each delivery that left, and how many left something behind."""

    numbers: dict[int, str] = field(default_factory=dict)
    split: int = 0


def dispatch(odoo: Odoo, channels: Sequence[Channel], settle: Callable[[], None]) -> Dispatch:
    """Ship some orders of each shop while the last one's API is away; then the rest of them."""
    done = Dispatch()
    away = channels[-1].simulator
    with step("dispatch: some orders in two parcels, while a shop's API is away"):
        away.pause()
        for channel in channels:
            _ship(odoo, channel, _ready(odoo, channel), done)
        away.resume()
    settle()
    with step("dispatch: what was left behind"):
        for channel in channels:
            domain = [("backorder_id", "in", list(done.numbers)), ("state", "=", "assigned")]
            mine = [("company_id", "=", channel.company.id)]
            _ship(odoo, channel, odoo.search("stock.picking", domain + mine), done, whole=True)
    settle()
    for channel in channels:
        tell(channel)
    return done


def _ready(odoo: Odoo, channel: Channel) -> list[int]:
    """Return deliveries that can leave: the oldest ones and the newest ones."""
    domain = [
        ("sale_id.retail_binding_ids.backend_id", "=", channel.backend.id),
        ("sale_id.retail_binding_ids.is_held", "=", False),
        ("picking_type_code", "=", "outgoing"),
        ("state", "=", "assigned"),
    ]
    found = odoo.search("stock.picking", domain, order="id")
    half = A_SHOP // 2
    return sorted({*found[:half], *found[-half:]})


def _ship(
    odoo: Odoo, channel: Channel, pickings: Sequence[int], done: Dispatch, whole: bool = False
) -> None:
    for position, picking in enumerate(pickings):
        number = f"{channel.brand.country}{picking:08d}"
        odoo.write("stock.picking", picking, {"carrier_tracking_ref": number})
        if not whole and position % SPLIT_EVERY == 0:
            done.split += _leave_some(odoo, picking)
        validate(odoo, picking, {**channel.company.context, "skip_backorder": True})
        done.numbers[picking] = number


def _leave_some(odoo: Odoo, picking: int) -> bool:
    """Pack less than was asked for, where there is more than one unit."""
    names = ("id", "quantity")
    # What is out of stock waits anyway: a delivery is ready when one of its products is there.
    moves = odoo.read("stock.move", [("picking_id", "=", picking), ("quantity", ">", 0)], *names)
    if sum(move["quantity"] for move in moves) < 2:
        return False
    first, *others = sorted(moves, key=lambda move: move["id"])
    packed = _packed(first, others)
    for move in (first, *others):
        odoo.write("stock.move", move["id"], packed[move["id"]])
    return True


def _packed(first: dict[str, Any], others: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """Leave one unit of the first product behind, or all products but the first."""
    if first["quantity"] > 1:
        values: dict[int, dict[str, Any]] = {move["id"]: {"picked": True} for move in others}
        return {**values, first["id"]: {"quantity": first["quantity"] - 1, "picked": True}}
    return {first["id"]: {"picked": True}, **{m["id"]: {"picked": False} for m in others}}


def tell(channel: Channel) -> None:
    """Let the shop send the webhooks of its new fulfilments."""
    shop = channel.simulator.shop
    events = [event for event in shop.events() if event.fulfilment_id]
    channel.send(events, (*TOPICS, *FULFILMENT_TOPICS))
