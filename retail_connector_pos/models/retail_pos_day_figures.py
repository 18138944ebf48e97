from odoo import models

from odoo.addons.retail_connector_base.canonical import PosTicket
from odoo.addons.retail_connector_base.canonical.pos_ticket import TenderKind

from ..decisions.day_figures import TenderKey, figures_of


class RetailPosDay(models.Model):
    """What a day's imported tickets come to."""

    _inherit = "retail.pos.day"

    def _figures(self, keys):
        """Return the figures of the tickets of this day, wherever they are posted.

        ``keys`` are those of ``_tender_keys``.
        """
        self.ensure_one()
        tickets = [self._told(ticket) for ticket in self.ticket_ids.sorted(_sale)]
        return figures_of(tickets, keys, self._currency().name)

    def _told(self, binding):
        """Return a ticket as it was told; one that was taken back since has no effect."""
        ticket = PosTicket.model_validate(binding.snapshot)
        if binding.voided and not ticket.voided:
            ticket = ticket.model_copy(update={"voided": True})
        return ticket

    def _currency(self):
        return self.register_id.odoo_id.currency_id or self.company_id.currency_id

    def _tender_keys(self, words):
        """Return the function that tells what a tender is compared by.

        ``words`` are those of the report. Words of one payment method are one; all cash is the
        register's own drawer, whatever it is called.
        """
        words = {*words, *self._told_words()}
        methods = self.env["retail.mapping"]._resolve(self.backend_id, "pos_tender", words)
        drawer = self.register_id.odoo_id.payment_method_ids.filtered("is_cash_count")[:1]

        def key_of(tender):
            method = methods.get(tender.method) or self.env["pos.payment.method"]
            if method.is_cash_count or (not method and tender.kind is TenderKind.CASH):
                method = drawer
            if not method:
                return TenderKey(f"{tender.kind.value}:{tender.method}", tender.method)
            return TenderKey(str(method.id), method.display_name, method.is_cash_count)

        return key_of

    def _told_words(self):
        """Return what this day's tickets call their tenders."""
        return {
            tender["method"]
            for ticket in self.ticket_ids
            for tender in (ticket.snapshot or {}).get("tenders", ())
        }


def _sale(ticket):
    return ticket.sold_at, ticket.id
