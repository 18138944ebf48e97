from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.retail_connector_base.canonical import PosTicket
from odoo.addons.retail_connector_base.decisions.erasure import stripped

BY_WORDS = """
    SELECT id FROM retail_pos_ticket
     WHERE backend_id = ANY(%s) AND snapshot -> 'customer' IS NOT NULL
       AND lower(snapshot ->> 'customer') ~ lower(%s)
"""


class RetailErasure(models.Model):
    """What tickets keep of a person. Goods, amounts and times stay: books need them."""

    _inherit = "retail.erasure"

    def _step_bindings(self, after):
        """Override: forget who bought in stores."""
        result = super()._step_bindings(after)
        tickets = self._find_tickets()
        tickets._forget_customer()
        self._note(self.env._("Tickets of stores"), len(tickets))
        return result

    def _find_tickets(self):
        """Return the tickets that name him, and those of his contacts; of a shop all."""
        tickets, subject = self.env["retail.pos.ticket"], self._subject()
        backends = self._backends()
        if self.type == "shop":
            return tickets.search([("backend_id", "in", backends.ids)])
        partners = [*subject.partner_ids, *subject.address_ids]
        found = tickets.search(Domain("odoo_id.partner_id", "in", partners))
        pattern = subject.pattern()
        if pattern:
            tickets.flush_model(["snapshot"])
            self.env.cr.execute(SQL(BY_WORDS, backends.ids, pattern))
            found |= tickets.browse(row[0] for row in self.env.cr.fetchall())
        return found


class RetailPosTicket(models.Model):
    """Tickets whose customer is forgotten."""

    _inherit = "retail.pos.ticket"

    def _forget_customer(self):
        for ticket in self.filtered("snapshot"):
            told = stripped(PosTicket.model_validate(ticket.snapshot))
            # A message that comes again is stripped too: it is known by what is left of it.
            ticket.write(
                {"snapshot": told.model_dump(mode="json"), "external_hash": told.content_hash()}
            )
        orders = (self.odoo_id | self.reversal_id).exists()
        names = ("email", "mobile", "general_customer_note", "internal_note")
        orders.write({name: False for name in names if name in orders._fields})
