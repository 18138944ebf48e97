"""What the pictures of the way out show: shops that are told of stock, prices and deliveries."""

from collections.abc import Callable, Sequence
from typing import Any

from demo_day.channel import Channel
from demo_day.company import Company
from demo_day.dispatch import dispatch
from demo_day.outward import open_way_out, publish
from demo_day.rpc import Odoo

# So many products get a quantity that people can read, others keep the demonstration's.
COUNTED = 14
SOLD_UNHEARD = 2


def open_outbound(odoo: Odoo, channels: Sequence[Channel], settle: Callable[[], None]) -> None:
    """Let stock, prices and products go out to the shops, before anything is sold."""
    _count(odoo, channels[0].company)
    open_way_out(odoo, channels, settle)
    publish(odoo, channels[0].company, [channels[0], channels[-1]])
    settle()


def ship(odoo: Odoo, channels: Sequence[Channel], settle: Callable[[], None]) -> None:
    """Ship orders of two shops."""
    dispatch(odoo, channels[:2], settle)


def differ(odoo: Odoo, channels: Sequence[Channel], settle: Callable[[], None]) -> None:
    """Let a shop sell what Odoo does not hear of, and hold its answers back for some changes."""
    channel = channels[0]
    counted = _counted(odoo, channel.company)
    for quant in counted[:SOLD_UNHEARD]:
        channel.simulator.sell(quant["sku"], 2)
    _set(odoo, channel.company, [(quant["id"], 21) for quant in counted[:SOLD_UNHEARD]])
    settle()
    channel.simulator.pause()
    _set(odoo, channel.company, [(quant["id"], 17) for quant in counted[SOLD_UNHEARD:5]])


def _count(odoo: Odoo, company: Company) -> None:
    quants = _quants(odoo, company)[:COUNTED]
    _set(odoo, company, [(quant["id"], 12 + 7 * at) for at, quant in enumerate(quants)])


def _counted(odoo: Odoo, company: Company) -> list[dict[str, Any]]:
    quants = [quant for quant in _quants(odoo, company) if quant["quantity"] < 1000]
    rows = odoo.read("product.product", [], "default_code")
    skus = {row["id"]: row["default_code"] for row in rows}
    return [{**quant, "sku": skus[quant["product_id"][0]]} for quant in quants]


def _quants(odoo: Odoo, company: Company) -> list[dict[str, Any]]:
    domain = [("location_id", "=", company.stock_location)]
    rows = odoo.read("stock.quant", domain, "product_id", "quantity")
    return sorted(rows, key=lambda row: row["id"])


def _set(odoo: Odoo, company: Company, counts: Sequence[tuple[int, int]]) -> None:
    """Count inventory anew."""
    context = {**company.context, "inventory_mode": True}
    for quant, quantity in counts:
        values = {"inventory_quantity": quantity}
        odoo.call("stock.quant", "write", [quant], values, context=context)
    ids = [quant for quant, _quantity in counts]
    odoo.call("stock.quant", "action_apply_inventory", ids, context=context)
