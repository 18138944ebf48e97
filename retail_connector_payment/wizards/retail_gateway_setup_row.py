from odoo import api, fields, models

from ..decisions.account_proposal import Fault, all_faults
from ..models.retail_gateway import ROLE_FIELDS

BOOKING = [
    ("here", "Book What It Reports"),
    ("gift_card", "Gift Cards: Book as a Liability"),
    ("elsewhere", "Booked by Another Gateway"),
    ("none", "Do Not Book"),
    ("later", "Set Accounts, Book Later"),
]
USED = ("here", "gift_card", "later")
PURPOSES = {"here": "clearing", "gift_card": "gift_card"}


class RetailGatewaySetupRow(models.TransientModel):
    """How one gateway is to be booked, and its journal."""

    _name = "retail.gateway.setup.row"
    _description = "Set Up Gateways: a gateway"

    setup_id = fields.Many2one("retail.gateway.setup", required=True, ondelete="cascade")
    gateway_id = fields.Many2one("retail.gateway", required=True, readonly=True)
    company_id = fields.Many2one(related="setup_id.company_id")
    booking = fields.Selection(BOOKING, required=True, default="here", string="What to Do")
    booked_by_id = fields.Many2one(
        "retail.gateway",
        domain="[('company_id', '=', company_id), ('id', '!=', gateway_id),"
        " ('booking', 'in', ('here', 'unset'))]",
        help="The gateway whose own reports are booked: nothing is booked twice.",
    )
    journal_code = fields.Char(size=5, help="A journal that exists is found by its code.")
    journal_name = fields.Char()
    journal_id = fields.Many2one(
        "account.journal", compute="_compute_journal_id", compute_sudo=True, string="Existing"
    )

    @api.depends("journal_code", "setup_id.company_id")
    def _compute_journal_id(self):
        journals = self.env["account.journal"].with_context(active_test=False)
        for row in self:
            domain = [("company_id", "=", row.company_id.id), ("code", "=", row.journal_code)]
            row.journal_id = row.journal_code and journals.search(domain, limit=1)

    def _lines(self):
        """Return the lines of the roles that this gateway needs for what is to be done."""
        own = self.setup_id.line_ids.filtered(lambda line: line.gateway_id == self.gateway_id)
        roles = self._roles()
        return own.filtered(lambda line: line.role in roles)

    def _roles(self):
        if self.booking not in USED:
            return set()
        return {rule.role.value for rule in self.gateway_id._rules(self.booking == "gift_card")}

    def _line_values(self, proposal):
        account = proposal.account
        return {
            "setup_id": self.setup_id.id,
            "gateway_id": self.gateway_id.id,
            "role": proposal.rule.role.value,
            "required": proposal.rule.required,
            "account_id": account.id if account else False,
            "code": proposal.code,
            "name": proposal.name,
            "account_type": proposal.rule.types[0],
            "reconcile": proposal.rule.reconcile,
        }

    # What is missing

    def _problems(self):
        """Return in words what is missing for what is to be done."""
        if self.booking == "elsewhere" and not self.booked_by_id:
            return [self.env._("Choose the gateway whose own reports are booked.")]
        return self._account_problems() if self.booking in USED else []

    def _account_problems(self):
        gateway = self.gateway_id.sudo().with_company(self.company_id)
        lines = self._lines()
        chosen = {line._role(): line._planned() for line in lines}
        found = all_faults(gateway._rules(self.booking == "gift_card"), chosen)
        told = [
            gateway._fault_text(role, fault, chosen.get(role))
            for role, wrong in found.items()
            for fault in wrong
            if fault is not Fault.MISSING or self.booking != "later"
        ]
        return [*self._journal_problems(gateway), *told]

    def _journal_problems(self, gateway):
        if not self.journal_code:
            return [] if self.booking == "later" else gateway._journal_problems(self.journal_id)
        return gateway._journal_problems(self.journal_id) if self.journal_id else []

    # Doing it

    def _apply(self, made):
        """Set the gateway up; return whether it is done, or waits for a second person.

        ``made`` are the new accounts by code: gateways of one set-up share them.
        """
        gateway = self.gateway_id
        if self.booking == "elsewhere":
            gateway._book_elsewhere(self.booked_by_id)
        elif self.booking == "none":
            gateway._do_not_book()
        else:
            return self._set_up(made)
        return True

    def _set_up(self, made):
        gateway, purpose = self.gateway_id, PURPOSES.get(self.booking)
        if purpose:
            # Before the accounts: gateways of gift cards may share theirs.
            gateway.sudo()._set_purpose(purpose)
        self._write_accounts(made)
        if not purpose:
            return True
        if gateway.backend_id._needs_approval() and gateway._setup_problems():
            return False
        if gateway.booking != "here":
            gateway._start_booking()
        return True

    def _write_accounts(self, made):
        lines = self._lines()
        values = {ROLE_FIELDS[line._role()]: line._make(made).id for line in lines}
        if self.journal_code:
            values["journal_id"] = (self.journal_id or self._make_journal()).id
        gateway = self.gateway_id.with_company(self.company_id)
        changed = {name: value for name, value in values.items() if gateway[name].id != value}
        if changed:
            gateway.write({**changed, "change_reason": self.setup_id.reason})

    def _make_journal(self):
        journals = self.env["account.journal"].sudo().with_company(self.company_id)
        journal = journals.create(
            {
                "name": self.journal_name or self.gateway_id.name,
                "code": self.journal_code,
                "type": "general",
                "company_id": self.company_id.id,
                "show_on_dashboard": False,
            }
        )
        self._log_made(journal)
        return journal

    def _log_made(self, record):
        detail = {"model": record._name, "name": record.sudo().display_name}
        self.env["retail.audit"]._log("gateway.made", self.gateway_id, detail=detail)
