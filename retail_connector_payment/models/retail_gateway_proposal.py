from odoo import models
from odoo.fields import Domain

from odoo.addons.retail_connector_base.providers import Capability

from ..decisions.account_proposal import Account, Chart, Named, journal_code, proposals
from ..decisions.ledger import Role
from .retail_gateway import ROLE_FIELDS

# What shops sell besides goods: these are paid from the balance of their own gateway.
OF_SHOPS = (Role.LABEL, Role.DUTY)
# Whose accounts all gateways of a company share, once one of them has it.
SHARED = tuple(
    role
    for role in ROLE_FIELDS
    if role not in (Role.CLEARING, Role.TRANSIT, Role.RESERVE)
)  # fmt: skip
GIFT_CARD_WORDS = ("gift", "voucher", "store_credit", "store credit")


class RetailGateway(models.Model):
    """What is proposed for a gateway that is not set up yet."""

    _inherit = "retail.gateway"

    def _chart(self):
        """Return the accounts of the gateways' company as the proposal looks at them."""
        company = self.company_id
        accounts = self.env["account.account"].sudo().with_company(company)
        found = accounts.search(accounts._check_company_domain(company))
        booked, used = self._clearing_accounts(company), self._used_accounts(found)
        return Chart(
            [
                Account(
                    id=account.id,
                    code=account.code,
                    name=account.name,
                    account_type=account.account_type,
                    reconcile=account.reconcile,
                    currency=(account.currency_id - company.currency_id).name or None,
                    taken_by=booked.get(account.id),
                    has_entries=account.id in used,
                )
                for account in found
                if account.code
            ],
            self._taken_codes(company),
        )

    def _taken_codes(self, company):
        """Return every code that a new account cannot have, those of archived ones included."""
        accounts = self.env["account.account"].sudo().with_company(company)
        above = Domain("company_ids", "parent_of", company.id)
        below = Domain("company_ids", "child_of", company.id)
        found = accounts.with_context(active_test=False).search(above | below)
        return {account.code for account in found if account.code}

    def _clearing_accounts(self, company):
        """Return who has which clearing account already, but those who share a liability."""
        domain = [
            ("company_id", "=", company.id),
            ("clearing_account_id", "!=", False),
            ("purpose", "=", "clearing"),
            ("id", "not in", self.ids),
        ]
        others = self.sudo().with_context(active_test=False).search(domain)
        return {gateway.clearing_account_id.id: gateway.name for gateway in others}

    def _used_accounts(self, accounts):
        lines = self.env["account.move.line"].sudo()
        groups = lines._read_group(
            [
                ("account_id", "in", accounts.ids),
                ("journal_id", "not in", self.sudo().journal_id.ids),
            ],
            ["account_id"],
        )
        return {account.id for (account,) in groups}

    def _proposals(self, chart, gift_card=False):
        """Propose an account for each role. The chart remembers the codes that were given away."""
        self.ensure_one()
        named = Named(self.name, self.code)
        known = {account.id: account for account in chart.accounts}
        usual = {
            role: known[account.id]
            for role, account in self._usual_accounts().items()
            if account.id in known
        }
        return proposals(named, self._rules(gift_card), chart, usual, self._wanted_roles())

    def _usual_accounts(self):
        """Return the accounts that come first: its own, its siblings', the company's."""
        gateway = self.sudo().with_company(self.sudo().company_id)
        siblings = self.sudo().search(
            [("company_id", "=", gateway.company_id.id), ("id", "!=", self.id)]
        )
        company = gateway.company_id
        # The first that is set counts.
        sources = (
            {role: gateway[name] for role, name in ROLE_FIELDS.items()},
            {
                Role.EXCHANGE_GAIN: company.income_currency_exchange_account_id,
                Role.EXCHANGE_LOSS: company.expense_currency_exchange_account_id,
            },
            {role: siblings[ROLE_FIELDS[role]][:1] for role in SHARED},
            {Role.FEE_TAX: company.account_purchase_tax_id.invoice_repartition_line_ids.account_id},
        )
        usual = {}
        for accounts in sources:
            for role, account in accounts.items():
                if account:
                    usual.setdefault(role, account[:1])
        return usual

    def _wanted_roles(self):
        provider = self.sudo().backend_id._provider_class()
        return OF_SHOPS if provider and Capability.ORDERS_IN in provider.capabilities else ()

    def _proposed_booking(self):
        """Return how it is probably booked, and by which other gateway."""
        self.ensure_one()
        if self.booking != "unset":
            gift_card = self.booking == "here" and not self._is_settled_by_payouts()
            return ("gift_card" if gift_card else self.booking), self.booked_by_id
        if any(word in self.code for word in GIFT_CARD_WORDS):
            return "gift_card", self.browse()
        own = self._own_gateway_of_the_same_name()
        return ("elsewhere" if own else "here"), own

    def _own_gateway_of_the_same_name(self):
        """Return the gateway that is connected itself, and that a shop reports payments of too."""
        if self.code == self.backend_id.provider:
            return self.browse()
        others = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("backend_id", "!=", self.backend_id.id),
                ("code", "=", self.code),
                ("booking", "in", ("here", "unset")),
            ]
        )
        return others.filtered(lambda other: other.backend_id.provider == other.code)[:1]

    def _proposed_journal(self, codes):
        """Return code and name of its journal; a new code is added to ``codes``."""
        journal = self.sudo().journal_id
        if journal:
            return journal.code, journal.name
        code = journal_code(self.code, codes)
        codes.add(code)
        return code, self.name
