from odoo import fields, models


def unit_quantity(move):
    """Return a move's demand in its product's unit."""
    return move.product_uom._compute_quantity(
        move.product_uom_qty, move.product_id.uom_id, rounding_method="HALF-UP"
    )


class RetailReleaseLine(models.Model):
    """What a release holds of one demand; the warehouse names it by ``external_id``.

    Quantities are in the product's unit. ``move_id`` is the move that still stands for it.
    """

    _name = "retail.release.line"
    _description = "Line of a Release"
    _order = "release_id, id"
    _rec_name = "external_id"

    release_id = fields.Many2one(
        "retail.release", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="release_id.company_id", store=True)
    external_id = fields.Char(string="Line Reference", required=True, readonly=True)
    move_id = fields.Many2one(
        "stock.move", readonly=True, index="btree_not_null", ondelete="set null"
    )
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="restrict"
    )
    quantity = fields.Float(digits="Product Unit", required=True, readonly=True)
    shipped_quantity = fields.Float(digits="Product Unit", readonly=True)

    _once = models.UniqueIndex(
        "(release_id, external_id)", "A release names each of its lines once."
    )
