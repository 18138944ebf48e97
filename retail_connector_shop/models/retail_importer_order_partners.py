from odoo import models

from odoo.addons.retail_connector_base.models.customer_need import CustomerNeed


class RetailImporterOrder(models.AbstractModel):
    """Who buys, who pays and where it goes."""

    _inherit = "retail.importer.order"

    def _find_partners(self, backend, drafts):
        """Find or create the partners of new orders, over the batch."""
        new = [draft for draft in drafts if not draft.binding]
        needs = [self._customer_need(draft) for draft in new]
        resolver = self.env["retail.customer.resolver"]
        partners = resolver._partners(backend, needs)
        for draft, partner in zip(new, partners, strict=True):
            draft.partner = partner
        wanted = [
            (partner, address)
            for draft, partner in zip(new, partners, strict=True)
            for address in (self._billing_address(draft), draft.order.shipping_address)
        ]
        found = iter(self.env["retail.customer.address"]._contacts(backend, wanted))
        for draft in new:
            draft.invoice_partner = next(found)
            draft.shipping_partner = next(found)

    def _customer_need(self, draft):
        order = draft.order
        return CustomerNeed(
            message_id=draft.item.message_id,
            customer=order.customer,
            email=order.email,
            phone=order.phone,
            address=self._billing_address(draft),
            order_name=order.name,
        )

    def _billing_address(self, draft):
        """Return where the bill goes; without an address of its own, where the goods go."""
        return draft.order.billing_address or draft.order.shipping_address
