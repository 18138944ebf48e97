"""Whatever a merchant does in whatever order, no unit is lost, doubled or shipped twice."""

from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import RefusedError, Shop

ACTIONS = ("sell", "fulfil", "fulfil_one", "call_back", "hold", "release", "move", "split",
           "give_up", "cancel", "cancel_lost")  # fmt: skip
steps = st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, 9)), max_size=25)


def act(shop: Shop, action: str, choice: int) -> None:
    """Do something with an order that the number chooses."""
    merchant, orders = shop.merchant, shop.orders
    if action == "sell" or not orders:
        shop.sell(shop.goods[choice % 2].sku, choice % 3 + 1)
        return
    history = orders[choice % len(orders)]
    items = history.current.fulfilment_orders
    item = items[choice % len(items)]
    parcels = history.current.fulfilments
    if action == "fulfil":
        merchant.fulfil({item.id: None})
    elif action == "fulfil_one":
        merchant.fulfil({item.id: {item.parts[0].id: 1}})
    elif action == "call_back" and parcels:
        merchant.cancel_fulfilment(parcels[choice % len(parcels)].id)
    elif action in ("hold", "release", "give_up"):
        getattr(merchant, action)(item.id)
    elif action == "move":
        merchant.move(item.id, shop.places[choice % 2].id)
    elif action == "split":
        merchant.split(item.id, {item.parts[0].id: 1})
    elif action.startswith("cancel"):
        merchant.cancel_order(history, restock=action == "cancel")


@settings(max_examples=150, deadline=None)
@given(steps)
def test_units_are_conserved(script):
    shop = Shop(1, locations=("Main", "Annex"), variants=2)
    for variant in shop.goods:
        shop.stock.connect(variant.inventory_item_id, shop.places[1].id)
    for action, choice in script:
        before = [len(history.states) for history in shop.orders]
        try:
            act(shop, action, choice)
        except RefusedError:
            assert [len(h.states) for h in shop.orders] == before, "a refusal changes nothing"
    for history in shop.orders:
        check_order(history.current)
    for variant in shop.goods:
        check_stock(shop, variant)


def check_order(order) -> None:
    """Every unit that is wanted either left or waits in exactly one fulfilment order."""
    for line in order.lines:
        waiting = sum(
            part.remaining
            for item in order.fulfilment_orders
            if item.active
            for part in item.parts
            if part.line_id == line.id
        )
        assert waiting == order.unshipped(line)
        assert waiting + order.shipped(line.id) == line.current_quantity
    for item in order.fulfilment_orders:
        assert all(0 <= part.remaining <= part.total for part in item.parts)


def check_stock(shop: Shop, variant) -> None:
    """What is in the house is what was there, less what left and what was written off."""
    orders = [history.current for history in shop.orders]
    mine = [
        (order, line) for order in orders for line in order.lines
        if line.variant.inventory_item_id == variant.inventory_item_id
    ]  # fmt: skip
    shipped = sum(order.shipped(line.id) for order, line in mine)
    waiting = sum(order.unshipped(line) for order, line in mine)
    lost = sum(line.removed for order, line in mine
               if any(not refund.restock for refund in order.refunds))  # fmt: skip
    levels = shop.stock.levels(variant.inventory_item_id)
    assert sum(level.quantity("committed") for level in levels) == waiting
    assert sum(level.quantity("on_hand") for level in levels) == variant.quantity - shipped - lost
    replayed: dict[tuple[int, str], int] = {}
    for change in shop.stock.history:
        if change.item_id == variant.inventory_item_id:
            key = change.location_id, change.name
            assert change.before == replayed.get(key, 0), "the history has no gap"
            replayed[key] = change.after
    for level in levels:
        for name in ("available", "committed"):
            assert replayed.get((level.location_id, name), 0) == level.quantity(name)
