"""What Odoo wants its channels to show, computed anew from its tables; what it thinks they show."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .reading import Database

# On hand, less reserved, less promised and not yet reserved, less what unpaid orders wait for.
FREE = """
    WITH place AS (
        SELECT DISTINCT bound.id AS binding_id, bound.external_id, location.id AS location_id
          FROM retail_location_binding bound
          LEFT JOIN retail_location_binding_also other ON other.binding_id = bound.id
          JOIN stock_location root ON root.id IN (bound.odoo_id, other.location_id)
          JOIN stock_location location ON location.parent_path LIKE root.parent_path || '%%'
           AND location.usage = 'internal'
         WHERE bound.backend_id = %(backend)s),
    part AS (
        SELECT place.external_id, quant.product_id,
               coalesce(quant.quantity, 0) - quant.reserved_quantity AS units
          FROM stock_quant quant JOIN place ON place.location_id = quant.location_id
         UNION ALL
        SELECT place.external_id, move.product_id,
               least(0, coalesce(move.quantity, 0) - move.product_uom_qty)
          FROM stock_move move JOIN place ON place.location_id = move.location_id
          JOIN stock_location goal ON goal.id = move.location_dest_id AND goal.usage <> 'internal'
         WHERE move.state IN ('confirmed', 'partially_available')
         UNION ALL
        SELECT place.external_id, line.product_id, -line.product_uom_qty
          FROM sale_order orders
          JOIN sale_order_line line ON line.order_id = orders.id
          JOIN stock_warehouse warehouse ON warehouse.id = orders.warehouse_id
          JOIN place ON place.location_id = warehouse.lot_stock_id
         WHERE orders.state = 'draft'
           AND EXISTS (SELECT FROM retail_order_binding bound WHERE bound.odoo_id = orders.id))
    SELECT external_id, product_id, sum(units) FROM part GROUP BY 1, 2
"""
SHELVED = """
    SELECT bound.inventory_item_external_id, place.external_id, bound.odoo_id,
           product.default_code, backend.stock_buffer, state.acknowledged,
           state.is_known, state.error
      FROM retail_product_binding bound
      JOIN retail_backend backend ON backend.id = bound.backend_id
      JOIN retail_location_binding place ON place.backend_id = bound.backend_id
      JOIN product_product product ON product.id = bound.odoo_id
      JOIN product_template template ON template.id = product.product_tmpl_id
      LEFT JOIN retail_stock_state state ON state.binding_id = bound.id
           AND state.location_binding_id = place.id
     WHERE bound.backend_id = %(backend)s AND template.is_storable
       AND bound.inventory_item_external_id IS NOT NULL
"""
# Of a product's own taxes those that its price does not include, in per cent.
PRICED = """
    SELECT bound.external_id, product.default_code, template.list_price, rule.percent_price,
           backend.compare_at_policy = 'list_price', state.acknowledged_price,
           (SELECT coalesce(sum(tax.amount), 0)
              FROM product_taxes_rel link JOIN account_tax tax ON tax.id = link.tax_id
              JOIN res_company company ON company.id = tax.company_id
             WHERE link.prod_id = template.id AND tax.company_id = backend.company_id
               AND coalesce(tax.price_include_override, company.account_price_include)
                   = 'tax_excluded')
      FROM retail_product_binding bound
      JOIN retail_backend backend ON backend.id = bound.backend_id
      JOIN product_product product ON product.id = bound.odoo_id
      JOIN product_template template ON template.id = product.product_tmpl_id
      LEFT JOIN product_pricelist_item rule ON rule.pricelist_id = backend.pricelist_id
      LEFT JOIN retail_price_state state ON state.binding_id = bound.id
     WHERE bound.backend_id = %(backend)s AND template.is_storable
"""
# What quants say is reserved, and what deliveries say they have reserved.
RESERVED = """
    SELECT product.default_code, place.complete_name, sum(part.held), sum(part.promised)
      FROM (SELECT product_id, location_id, reserved_quantity AS held, 0 AS promised
              FROM stock_quant
             UNION ALL
            SELECT product_id, location_id, 0, quantity_product_uom
              FROM stock_move_line WHERE state NOT IN ('done', 'cancel')) part
      JOIN product_product product ON product.id = part.product_id
      JOIN product_template template ON template.id = product.product_tmpl_id
       AND template.is_storable
      JOIN stock_location place ON place.id = part.location_id
       AND place.usage IN ('internal', 'transit')
     GROUP BY product.id, place.id HAVING sum(part.held) <> sum(part.promised)
"""
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Shelf:
    """An item at a place of a channel: what Odoo could sell, and what it thinks is shown there."""

    item: int
    place: int
    sku: str
    free: int
    acknowledged: int | None
    error: str | None

    @property
    def wanted(self) -> int:
        """What the channel is to show."""
        return max(0, self.free)


@dataclass(frozen=True)
class Tag:
    """A variant's price in a channel as Odoo wants it, and what it thinks is shown there."""

    variant: int
    sku: str
    price: Decimal
    compare_at: Decimal | None
    acknowledged: Decimal | None


def shelves(database: Database, backend: int) -> list[Shelf]:
    """Return every storable product that a channel shows, at each of its places."""
    scope = {"backend": backend}
    free = {(place, product): units for place, product, units in database.asked(FREE, scope)}
    return [
        Shelf(
            int(item), int(place), sku, int(Decimal(free.get((place, product), 0)) // 1) - buffer,
            held if known else None, error,
        )
        for item, place, product, sku, buffer, held, known, error in database.asked(SHELVED, scope)
    ]  # fmt: skip


def reserved_for_nobody(database: Database) -> list[str]:
    """Return where more or less is reserved than deliveries have, which nobody could explain."""
    return [
        f"{sku} in {place}: {held} reserved, {promised} of them for deliveries"
        for sku, place, held, promised in database.rows(RESERVED)
    ]


def tags(database: Database, backend: int, taxes_included: bool) -> list[Tag]:
    """Return every price that a channel is to show, which may show them with their taxes."""
    rows = database.asked(PRICED, {"backend": backend})
    return [_tag(*row[:-1], row[-1] if taxes_included else 0) for row in rows]


def _tag(
    variant: str, sku: str, listed: float, percent: float | None, compares: bool,
    acknowledged: Decimal | None, tax: float,
) -> Tag:  # fmt: skip
    before = Decimal(str(listed)) * (100 + Decimal(str(tax))) / 100
    price = before * (100 - Decimal(str(percent or 0))) / 100
    price, before = (one.quantize(CENT, ROUND_HALF_UP) for one in (price, before))
    compare_at = before if compares and before > price else None
    held = None if acknowledged is None else Decimal(str(acknowledged))
    return Tag(int(variant), sku, price, compare_at, held)


def delivered(database: Database, backend: int) -> Mapping[str, dict[str, int]]:
    """Return the units that left Odoo per order of the channel and SKU."""
    query = """
        SELECT bound.external_id, product.default_code, sum(move.quantity)
          FROM retail_order_binding bound
          JOIN sale_order_line line ON line.order_id = bound.odoo_id
          JOIN stock_move move ON move.sale_line_id = line.id AND move.state = 'done'
          JOIN product_product product ON product.id = move.product_id
         WHERE bound.backend_id = %s GROUP BY 1, 2"""
    found: dict[str, dict[str, int]] = {}
    for order, sku, units in database.rows(query, backend):
        found.setdefault(order, {})[sku] = int(units)
    return found


def parcels(database: Database, backend: int) -> Mapping[str, list[str]]:
    """Return the tracking numbers of the deliveries that left Odoo, by order of the channel."""
    query = """
        SELECT bound.external_id, array_agg(coalesce(picking.carrier_tracking_ref, ''))
          FROM retail_order_binding bound
          JOIN stock_picking picking ON picking.sale_id = bound.odoo_id AND picking.state = 'done'
         WHERE bound.backend_id = %s GROUP BY 1"""
    return {order: sorted(numbers) for order, numbers in database.rows(query, backend)}
