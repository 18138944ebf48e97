from odoo import fields, models

from .stock_swallowed import MOVING, Swallowed


class PosOrder(models.Model):
    """Orders whose goods the warehouse's lane moves: they move once, whoever asks."""

    _inherit = "pos.order"

    retail_stock_apart = fields.Boolean(
        string="Goods Move Apart", readonly=True, copy=False,
        help="The goods of this ticket move within seconds, not at the end of the session.",
    )  # fmt: skip

    def _create_order_picking(self):
        """Override: nothing when the goods have moved; a picking of its own when they still wait
        and Odoo wants one, because the order is invoiced or shipped. What Odoo would swallow is
        raised: goods that left with a ticket are not lost."""
        if not self.retail_stock_apart:
            return super()._create_order_picking()
        if self.env.context.get(MOVING) is None:
            return self._move_if_owed()
        result = super()._create_order_picking()
        if not self.shipping_date:
            self.picking_ids._check_moved()
        return result

    def _move_if_owed(self):
        owed = self._owed_goods()
        if owed and self._moves_alone():
            self.with_context(**{MOVING: Swallowed()})._create_order_picking()
            owed._fulfil()

    def _pick_alone(self):
        """Make the order's own picking in the lane, and what Odoo computes from it."""
        self.ensure_one()
        self._create_order_picking()
        self._compute_total_cost_in_real_time()

    def _owed_goods(self):
        """Return the requests of these orders whose goods have not moved."""
        requests = self.env["retail.pos.stock.request"].sudo()
        return requests.search([("order_id", "in", self.ids)])

    def _moves_alone(self):
        """Tell whether Odoo makes a picking for this order alone."""
        self.ensure_one()
        return bool(self.shipping_date) or self._should_create_picking_real_time()

    def _stock_destination(self):
        """Return where the goods go: Odoo's rule at the end of a session."""
        self.ensure_one()
        own = self.partner_id.property_stock_customer
        usual = self.session_id.config_id.picking_type_id.default_location_dest_id
        return own or usual or self.env["stock.warehouse"]._get_partner_locations()[0]

    def _lines_without_lots(self):
        """Return the lines whose lot or serial number must be named and is not.

        Registers name none. Odoo leaves such goods where they are; here they wait for a person.
        """
        self.ensure_one()
        operation = self.session_id.config_id.picking_type_id
        if self.shipping_date or not (operation.use_existing_lots or operation.use_create_lots):
            return self.lines.browse()
        return self.lines.filtered(
            lambda line: (
                line.product_id.tracking != "none"
                and line.qty
                and not any(line.pack_lot_ids.mapped("lot_name"))
            )
        )
