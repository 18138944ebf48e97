from odoo import api, models

from .retail_dispute_close import FAILED

DUE = """
    SELECT DISTINCT dispute.gateway_id FROM retail_dispute dispute
      JOIN retail_gateway gateway ON gateway.id = dispute.gateway_id
     WHERE dispute.to_close AND gateway.booking = 'here'
"""


class RetailLedger(models.AbstractModel):
    """The lane that posts entries closes disputes too."""

    _inherit = "retail.ledger"

    def _try_chunk(self, gateway_id):
        """Override: close a dispute when nothing else is due."""
        if super()._try_chunk(gateway_id):
            return True
        gateway = self._working(gateway_id)
        return gateway._is_booked() and self.env["retail.dispute"]._close_next(gateway)

    @api.model
    def _sweep(self):
        """Override: wake lanes with disputes to close as well."""
        result = super()._sweep()
        self.env.cr.execute(DUE)
        for (gateway_id,) in self.env.cr.fetchall():
            self._wake_after_commit(gateway_id)
        return result


class RetailException(models.Model):
    """Exceptions about disputes that could not be closed."""

    _inherit = "retail.exception"

    def _retry(self, user):
        """Override: such a dispute is looked at again."""
        ours = self.filtered(lambda exception: exception.code == FAILED)
        disputes = self.env["retail.dispute"].browse(ours.mapped("res_id")).exists().sudo()
        disputes.to_close = True
        for gateway in disputes.gateway_id:
            self.env["retail.ledger"]._wake_after_commit(gateway.id)
        return super(RetailException, self - ours)._retry(user)
