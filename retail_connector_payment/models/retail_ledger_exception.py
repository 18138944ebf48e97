from odoo import models

from .retail_invoicing_trouble import INVOICING, TYING
from .retail_ledger_trouble import FAILED, NOT_READY


class RetailException(models.Model):
    """Trying again what could not be posted, invoiced or tied."""

    _inherit = "retail.exception"

    def _retry(self, user):
        """Override: these wait for no message. They close by themselves when it came through."""
        posting = self.filtered(lambda exception: exception.code in (FAILED, NOT_READY))
        orders = self.filtered(lambda exception: exception.code in (INVOICING, TYING))
        posting._retry_posting()
        orders._retry_invoicing()
        return super(RetailException, self - posting - orders)._retry(user)

    def _retry_posting(self):
        gateways = self.env["retail.gateway"].browse(self.mapped("res_id"))
        gateways.exists().sudo()._go_on()

    def _retry_invoicing(self):
        bindings = self.env["retail.order.binding"].browse(self.mapped("res_id"))
        self.env["retail.invoicing"]._try_now(bindings.exists().sudo())
