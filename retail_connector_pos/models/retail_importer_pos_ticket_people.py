from odoo import models

from odoo.addons.retail_connector_base.models.customer_need import CustomerNeed


class RetailImporterPosTicket(models.AbstractModel):
    """Who bought, and who sold. Nobody who is not known keeps a sale from being imported."""

    _inherit = "retail.importer.pos_ticket"

    def _find_people(self, backend, drafts):
        """Find or make customers, and find the users that cashiers and salespersons are."""
        drafts = [draft for draft in drafts if not draft.is_void]
        self._find_customers(backend, drafts)
        self._find_staff(backend, drafts)

    def _find_customers(self, backend, drafts):
        """Give tickets of named customers their partner; most tickets have none.

        A tender that asks for a customer (on account) gets the backend's guest without one.
        """
        named = [draft for draft in drafts if draft.ticket.customer or _owes(draft)]
        if not named:
            return
        needs = [
            CustomerNeed(
                message_id=draft.item.message_id,
                customer=draft.ticket.customer,
                address=draft.ticket.customer and draft.ticket.customer.default_address,
                order_name=draft.ticket.number,
            )
            for draft in named
        ]
        partners = self.env["retail.customer.resolver"]._partners(backend, needs)
        for draft, partner in zip(named, partners, strict=True):
            draft.partner = partner

    def _find_staff(self, backend, drafts):
        """Give tickets and lines their users; who is new is listed, to be mapped some day."""
        words = {word for draft in drafts for word in _staff(draft.ticket)}
        if not words:
            return
        mappings = self.env["retail.mapping"]
        users = mappings._resolve(backend, "pos_staff", words)
        unknown = sorted(words - users.keys())
        if unknown:
            mappings._note_unmapped(
                backend, [mappings._problem_values("pos_staff", word) for word in unknown]
            )
        for draft in drafts:
            ticket = draft.ticket
            draft.sellers = {
                line.external_id: users[line.salesperson_external_id]
                for line in ticket.lines
                if users.get(line.salesperson_external_id)
            }
            draft.cashier = users.get(ticket.cashier_external_id) or next(
                iter(draft.sellers.values()), None
            )


def _owes(draft):
    return any(tender.method and tender.method.split_transactions for tender in draft.tenders)


def _staff(ticket):
    """Return what a ticket calls the people who sold."""
    told = [ticket.cashier_external_id, *(line.salesperson_external_id for line in ticket.lines)]
    return filter(None, told)
