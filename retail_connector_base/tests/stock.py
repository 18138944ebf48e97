"""Fixtures: demand for a product, confirmed as an import does."""


def make_product(env, warehouse, stock):
    """Create a product with stock in a warehouse."""
    product = env["product.product"].create({"name": "Thing", "is_storable": True})
    if stock:
        env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, stock)
    return product


def demand(env, warehouse, product, quantity=1, **context):
    """Return a confirmed delivery move of a product, in a delivery of its own."""
    reference = env["stock.reference"].create({"name": "Order"})
    move = env["stock.move"].create(
        {
            "product_id": product.id,
            "product_uom_qty": quantity,
            "product_uom": product.uom_id.id,
            "location_id": warehouse.lot_stock_id.id,
            "location_dest_id": env.ref("stock.stock_location_customers").id,
            "picking_type_id": warehouse.out_type_id.id,
            "company_id": warehouse.company_id.id,
            "reference_ids": reference.ids,
        }
    )
    return move.with_context(**context)._action_confirm()
