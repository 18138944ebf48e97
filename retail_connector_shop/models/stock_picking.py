from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

OPERATOR = "retail_connector_base.group_operator"
TRACKING = {"carrier_tracking_ref", "carrier_id"}


class StockPicking(models.Model):
    """Deliveries of channel orders, which their channels are told of."""

    _inherit = "stock.picking"

    retail_command_count = fields.Integer(
        compute="_compute_retail_command_count", string="Channel Commands"
    )
    retail_may_take_back = fields.Boolean(compute="_compute_retail_command_count")

    def _action_done(self):
        """Override: owe the channels of these deliveries' orders what left."""
        result = super()._action_done()
        self.env["retail.fulfillment"].sudo()._tell(self.sudo())
        return result

    def write(self, vals):
        """Override: parcels that change after a delivery left are corrected at the channel."""
        result = super().write(vals)
        if not TRACKING.isdisjoint(vals):
            left = self.sudo().filtered(lambda picking: picking.state == "done")
            self.env["retail.fulfillment"].sudo()._tell_tracking(left)
        return result

    # What the form shows

    def _compute_retail_command_count(self):
        commands = self.env["retail.outbox.command"].sudo()
        for picking in self:
            found = commands.search(picking._retail_commands_domain()) if picking.ids else commands
            picking.retail_command_count = len(found)
            picking.retail_may_take_back = any(
                command.kind == "fulfill" and command.state != "cancelled" for command in found
            )

    @api.model
    def _retail_commands_domain(self):
        return [("res_model", "=", self._name), ("res_id", "in", self.ids)]

    def action_open_retail_commands(self):
        """Open what channels are told of this delivery."""
        self.ensure_one()
        self.env["retail.outbox.command"].check_access("read")
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_connector_base.retail_outbox_command_action"
        )
        return action | {"domain": self._retail_commands_domain()}

    def action_cancel_at_channel(self):
        """Take back at the channel what it was told of this delivery: it did not leave after all.

        Nothing changes in Odoo.
        """
        self.ensure_one()
        if not self.env.user.has_group(OPERATOR):
            raise AccessError(self.env._("Only an operator takes back what a channel was told."))
        self.check_access("read")
        found = self.env["retail.fulfillment"].sudo()._take_back(self.sudo())
        if not found:
            raise UserError(self.env._("The channel was told nothing that can be taken back."))
        self.env["retail.audit"]._log(
            "fulfillment.taken_back", self, found[0].backend_id, detail={"delivery": self.name}
        )
        return found._notify(self.env._("The channel is asked to cancel the fulfilment."))
