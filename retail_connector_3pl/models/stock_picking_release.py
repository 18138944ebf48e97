from odoo import api, fields, models
from odoo.exceptions import UserError

from ..decisions.release_progress import AT_WAREHOUSE, OPEN
from .retail_release_request_answer import AGREED

SHOWN = {"partner_id", "carrier_id"}


class StockPicking(models.Model):
    """Deliveries that a third party sends."""

    _inherit = "stock.picking"

    retail_release_ids = fields.One2many("retail.release", "picking_id", string="Releases")
    retail_release_count = fields.Integer(compute="_compute_retail_release", string="Released")
    retail_release_state = fields.Char(compute="_compute_retail_release", string="Release")
    retail_may_release = fields.Boolean(compute="_compute_retail_release")

    @api.depends("retail_release_ids.state", "state", "picking_type_id")
    def _compute_retail_release(self):
        known = dict(self.env["retail.release"]._fields["state"].selection)
        run = self.env["retail.warehouse"]._of_stock(self.picking_type_id.warehouse_id).odoo_id
        for picking in self:
            releases = picking.sudo().retail_release_ids
            picking.retail_release_count = len(releases)
            picking.retail_release_state = known.get(releases[:1].state, "")
            picking.retail_may_release = (
                picking.picking_type_id.warehouse_id in run
                and picking.picking_type_id.code == "outgoing"
                and picking.state == "assigned"
                and not releases.filtered(lambda release: release.state in OPEN)
            )

    def write(self, vals):
        """Override: whom and how a warehouse was told to send may have to be told anew."""
        result = super().write(vals)
        if not SHOWN.isdisjoint(vals):
            self.env["retail.release"].sudo()._mark_changed(self)
        return result

    def action_cancel(self):
        """Override: ask the warehouse that has it. It stays as it is until the answer comes.

        A delivery that was cancelled here and left there would be sent for nothing, so nothing is
        cancelled before the warehouse agrees; whoever pressed the button is told so.
        """
        if self.env.context.get(AGREED):
            return super().action_cancel()
        releases = self.sudo().retail_release_ids
        asked = releases._stop(self.env._("The delivery was cancelled in Odoo."))
        rest = self - asked.picking_id.with_env(self.env)
        result = super(StockPicking, rest).action_cancel() if rest or not asked else True
        return asked._tell_that_asked() if asked else result

    def _split_off_unreserved(self):
        """Put what is not there into deliveries of their own, so that the rest can be released."""
        for picking in self:
            missing = self.env["stock.move"]
            for move in self.env["retail.release"]._moves_of(picking):
                missing |= move._split_off_unreserved()
            if missing and missing != self.env["retail.release"]._moves_of(picking):
                picking._create_backorder(missing)

    # Buttons

    def action_retail_release(self):
        """Release deliveries now, whatever the policy says about when."""
        self.env["retail.release"]._check_may_operate()
        self.check_access("read")
        self._check_not_held()
        self._check_may_release()
        releases = self.env["retail.release"].sudo()
        for warehouse in self.env["retail.warehouse"]._of_stock(self.picking_type_id.warehouse_id):
            own = self.filtered(
                lambda one, of=warehouse: one.picking_type_id.warehouse_id == of.odoo_id
            )
            releases |= releases._make(warehouse, own.sudo())
        releases._log_act("release.by_hand")
        releases._send()
        return self.action_open_retail_releases()

    def _check_may_release(self):
        for picking in self:
            if not picking.retail_may_release:
                raise UserError(
                    self.env._(
                        "%(name)s cannot be released: it is not ready, is with its warehouse "
                        "already, or no third party runs its warehouse.",
                        name=picking.name,
                    )
                )

    def action_open_retail_releases(self):
        """Open the releases of these deliveries."""
        self.env["retail.release"].check_access("read")
        self.check_access("read")
        return self.env["retail.release"]._open_some([("picking_id", "in", self.ids)])

    def _retail_released(self):
        """Return the releases of these deliveries that a warehouse has."""
        return self.sudo().retail_release_ids.filtered(lambda one: one.state in AT_WAREHOUSE)
