from odoo import models
from odoo.exceptions import UserError

from ..canonical.event import OrderShipped, ReturnCompleted
from .stock_move import DEFER


class StockPicking(models.Model):
    """Deliveries of held orders do not leave."""

    _inherit = "stock.picking"

    def button_validate(self):
        """Override: refuse what belongs to a held order."""
        self._check_not_held()
        return super().button_validate()

    def _check_not_held(self):
        held = self.sale_id.sudo().retail_binding_ids.filtered("is_held")
        if held:
            raise UserError(
                self.env._(
                    "%(order)s is held (%(reasons)s). Lift the hold on the order first.",
                    order=held[0].odoo_id.name,
                    reasons=held[0].hold_reasons,
                )
            )

    def action_confirm(self):
        """Override: an import's moves are confirmed already when it confirms their pickings."""
        if not self.env.context.get(DEFER):
            return super().action_confirm()
        drafts = self.filtered(lambda picking: "draft" in picking.move_ids.mapped("state"))
        return super(StockPicking, drafts).action_confirm() if drafts else True

    def message_post_with_source(self, source_ref, **kwargs):
        """Override: no chatter message per imported delivery; it links to its order anyway."""
        if self.env.context.get(DEFER) and source_ref == "mail.message_origin_link":
            return self.env["mail.message"]
        return super().message_post_with_source(source_ref, **kwargs)

    def _action_done(self):
        """Override: tell subscribers what left and what came back."""
        result = super()._action_done()
        done = self.filtered(lambda picking: picking.state == "done")
        for event in (OrderShipped, ReturnCompleted):
            self.env["retail.event"]._note(event.type, done)
        return result
