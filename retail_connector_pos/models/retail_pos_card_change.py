from odoo import api, fields, models

from ..decisions.card_balance import exact
from ..decisions.card_change import masked_code

STATES = [
    ("waiting", "Waiting"),
    ("done", "Done"),
    ("taken_back", "Taken Back"),
    ("left_out", "Left Out"),
]

# Who knows a gift card's whole number can spend it.
KEEPERS = "retail_connector_base.group_accountant,retail_connector_base.group_administrator"


class RetailPosCardChange(models.Model):
    """What a ticket did to a card: kept once, carried out once, and taken back when it is voided.

    A change waits while nobody knows which program it is about.
    """

    _name = "retail.pos.card.change"
    _description = "Retail Card Change"
    _order = "id desc"
    _rec_name = "reference"
    _check_company_auto = True

    ticket_id = fields.Many2one(
        "retail.pos.ticket", required=True, readonly=True, index=True, ondelete="cascade"
    )
    backend_id = fields.Many2one(related="ticket_id.backend_id", store=True, index=True)
    company_id = fields.Many2one(related="ticket_id.company_id", store=True, index=True)
    reference = fields.Char(required=True, readonly=True, help="The part of the ticket it is of.")
    program = fields.Char(readonly=True, help="The register's word for a program of points.")
    program_key = fields.Char(readonly=True, index="btree_not_null")
    code = fields.Char(required=True, readonly=True, groups=KEEPERS)
    amount = fields.Float(readonly=True, digits=0, help="Points, or currency units of gift cards.")
    card_id = fields.Many2one(
        "loyalty.card", readonly=True, index="btree_not_null", ondelete="restrict", groups=KEEPERS
    )
    card_label = fields.Char(compute="_compute_card_label", compute_sudo=True, string="Card")
    order_id = fields.Many2one(
        "pos.order", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    state = fields.Selection(STATES, required=True, readonly=True, default="waiting", index=True)

    _part_unique = models.UniqueIndex(
        "(ticket_id, reference)", "A part of a ticket changes its card once."
    )

    @api.depends("code")
    def _compute_card_label(self):
        for change in self:
            change.card_label = masked_code(change.code)

    @api.model
    def _keep(self, ticket, order, changes):
        """Store what a ticket does to cards; return it."""
        return self.create([self._values(ticket, order, change) for change in changes])

    def _values(self, ticket, order, change):
        normalised = self.env["retail.mapping"]._normalised
        return {
            "ticket_id": ticket.id,
            "order_id": order.id,
            "reference": change.reference,
            "program": change.program,
            "program_key": change.program and normalised("loyalty_program", change.program),
            "code": change.code,
            "amount": float(change.amount),
        }

    def _carry_out(self):
        """Carry out what waits and can be; the rest goes on waiting, and a person is told."""
        waiting = self.filtered(lambda change: change.state == "waiting")
        for backend, changes in waiting.grouped("backend_id").items():
            cards = self.env["retail.pos.card"]._cards_of(backend, changes)
            found = changes.filtered(lambda change, cards=cards: cards.get(change))
            for change in found:
                change.card_id = cards[change]
            found._write_balances(backend)

    def _write_balances(self, backend):
        """Bring the balances of these changes' cards up to date, with their history."""
        if not self:
            return
        before = {}
        self.card_id._retail_lock()
        for change in self.sorted("id"):
            was = change.card_id._retail_move(exact(change.amount))
            before.setdefault(change.card_id, was)
        self.env["loyalty.history"].create([change._history_values() for change in self])
        self.write({"state": "done"})
        self.env["retail.pos.card"]._tell_overdrafts(backend, before)

    def _history_values(self):
        """Return the entry of a card's history, as Odoo's own point of sale writes it."""
        self.ensure_one()
        name = self.order_id.display_name or self.ticket_id.number or ""
        return {
            "card_id": self.card_id.id,
            "order_model": self.order_id and self.order_id._name,
            "order_id": self.order_id.id,
            "description": self.env._("Onsite %(name)s", name=name),
            "issued": max(self.amount, 0.0),
            "used": max(-self.amount, 0.0),
        }

    # What was waited for

    @api.model
    def _resume(self, backend, words):
        """Carry out what waited for programs that are known by now (``words``: normalised)."""
        waiting = self.search(
            [
                ("backend_id", "=", backend.id),
                ("state", "=", "waiting"),
                ("program_key", "in", list(words)),
            ]
        )
        waiting.sorted("id")._carry_out()

    # Taking back

    @api.model
    def _take_back(self, ticket, reversal):
        """Undo what a ticket did to cards, by changes of its reversal; exactly once."""
        changes = self.search([("ticket_id", "=", ticket.id)])
        changes.filtered(lambda change: change.state == "waiting").state = "taken_back"
        done = changes.filtered(lambda change: change.state == "done")
        made = self.create(
            [
                {
                    "ticket_id": ticket.id,
                    "order_id": reversal.id,
                    "reference": f"void:{change.reference}",
                    "program": change.program,
                    "program_key": change.program_key,
                    "code": change.code,
                    "amount": -change.amount,
                    "card_id": change.card_id.id,
                }
                for change in done
            ]
        )
        made._write_balances(ticket.backend_id)
