"""The kinds of orders, how often they come and what happens to them afterwards."""

from dataclasses import dataclass

from . import edits, recipes
from .edits import Edit
from .recipes import Recipe


@dataclass(frozen=True)
class Kind:
    """A recipe, its share among all orders, and the edits that follow with their topics."""

    recipe: Recipe
    weight: int = 2
    follow_up: tuple[tuple[Edit, tuple[str, ...]], ...] = ()
    presentment: bool = False
    returning: bool = False


UPDATED = ("orders/updated",)
PAID = ("orders/paid", "orders/updated")
CANCELLED = ("orders/cancelled", "orders/updated")

KINDS: dict[str, Kind] = {
    "plain": Kind(recipes.plain, 10),
    "several_lines": Kind(recipes.several_lines, 10),
    "returning_customer": Kind(recipes.several_lines, 6, returning=True),
    "two_taxes": Kind(recipes.two_taxes),
    "mixed_taxes": Kind(recipes.mixed_taxes),
    "untaxed": Kind(recipes.untaxed),
    "line_discount": Kind(recipes.line_discount),
    "order_percentage": Kind(recipes.order_percentage),
    "order_fixed": Kind(recipes.order_fixed),
    "buy_x_get_y": Kind(recipes.buy_x_get_y),
    "free_shipping": Kind(recipes.free_shipping),
    "discounted_shipping": Kind(recipes.discounted_shipping),
    "tip": Kind(recipes.tip, 1),
    "tip_line": Kind(recipes.tip_line, 1),
    "duties": Kind(recipes.duties, 1),
    "gift_card_sold": Kind(recipes.gift_card_sold, 1),
    "gift_card_tender": Kind(recipes.gift_card_tender, 1),
    "custom_line": Kind(recipes.custom_line, 1),
    "presentment": Kind(recipes.several_lines, presentment=True),
    "presentment_discount": Kind(recipes.order_percentage, 1, presentment=True),
    "guest": Kind(recipes.guest),
    "anonymous": Kind(recipes.anonymous, 1),
    "test_order": Kind(recipes.test_order, 1),
    "authorized": Kind(recipes.authorized, 1),
    "pending": Kind(recipes.pending, 1),
    "pending_then_paid": Kind(recipes.pending, follow_up=((edits.pay, PAID),)),
    "annotated": Kind(recipes.plain, 1, ((edits.annotate, UPDATED),)),
    "address_changed": Kind(recipes.plain, 1, ((edits.move, UPDATED),)),
    "unit_removed": Kind(recipes.several_lines, 1, ((edits.remove_unit, UPDATED),)),
    "line_added": Kind(recipes.several_lines, 1, ((edits.add_line, UPDATED),)),
    "edited_twice": Kind(
        recipes.several_lines, 1, ((edits.add_line, UPDATED), (edits.remove_unit, UPDATED))
    ),
    "refunded_before_fulfilment": Kind(
        recipes.order_percentage, 1, ((edits.refund_line, UPDATED),)
    ),
    "cancelled": Kind(recipes.plain, 1, ((edits.cancel, CANCELLED),)),
    "pending_then_cancelled": Kind(recipes.pending, 1, ((edits.cancel, CANCELLED),)),
    "unknown_sku": Kind(recipes.unknown_sku, 1),
    "unmapped_tax": Kind(recipes.unmapped_tax, 1),
    "wrong_tax": Kind(recipes.wrong_tax, 1),
}
