from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.retail_connector_base.decisions.duties import EITHER

from ..decisions.account_proposal import GIFT_CARD_RULES, RULES, Account, Fault, all_faults
from .retail_gateway import ROLE_FIELDS


class RetailGateway(models.Model):
    """What a gateway's accounts must be like, and who decides about them."""

    _inherit = "retail.gateway"

    is_configured = fields.Boolean(compute="_compute_is_configured", compute_sudo=True)
    setup_problem = fields.Text(
        compute="_compute_is_configured", compute_sudo=True, string="Missing for Booking"
    )
    may_set_up = fields.Boolean(compute="_compute_may_set_up")

    # Shops may share the liability of their gift cards.
    _clearing_unique = models.UniqueIndex(
        "(clearing_account_id) WHERE purpose = 'clearing'",
        "A clearing account belongs to one gateway.",
    )

    @api.depends("booking", "purpose", "journal_id", *ROLE_FIELDS.values())
    def _compute_is_configured(self):
        for gateway in self:
            told = gateway._setup_problems()
            gateway.is_configured = not told
            gateway.setup_problem = "\n".join(told)

    # Roles

    @api.depends_context("uid")
    def _compute_may_set_up(self):
        for gateway in self:
            gateway.may_set_up = gateway._may_set_up()

    def _may_set_up(self):
        """Tell whether the user may decide about accounts: an accountant or an administrator."""
        groups = (f"retail_connector_base.group_{role.value}" for role in EITHER)
        return self.env.su or any(self.env.user.has_group(group) for group in groups)

    def _check_may_set_up(self):
        """Raise ``AccessError`` unless the user may see these gateways and set them up."""
        self.check_access("read")
        if not self._may_set_up():
            raise AccessError(
                self.env._("Gateways are set up by an accountant or an administrator.")
            )

    # What is missing

    @api.model
    def _rules(self, gift_card=False):
        """Return what the accounts of a gateway must be like."""
        return GIFT_CARD_RULES if gift_card else RULES

    def _setup_problems(self):
        """Return in words what hinders journal entries; nothing if it can be booked."""
        self.ensure_one()
        gateway = self.sudo().with_company(self.sudo().company_id)
        gift_card = not gateway._is_settled_by_payouts()
        chosen = {role: gateway._account_of(gateway[name]) for role, name in ROLE_FIELDS.items()}
        found = all_faults(self._rules(gift_card), chosen)
        told = [
            self._fault_text(role, fault, chosen[role])
            for role, wrong in found.items()
            for fault in wrong
        ]
        return [*gateway._journal_problems(gateway.journal_id), *told]

    def _account_of(self, account):
        """Return an account as the rules look at it, ``None`` for none."""
        self.ensure_one()
        if not account:
            return None
        account = account.sudo().with_company(self.company_id)
        currency = account.currency_id
        foreign = currency and currency != self.company_id.currency_id
        other = self._other_gateway_on(account)
        return Account(
            id=account.id,
            code=account.code or "",
            name=account.name,
            account_type=account.account_type,
            reconcile=account.reconcile,
            currency=currency.name if foreign else None,
            active=account.active,
            of_company=bool(account.company_ids & self.company_id.parent_ids),
            taken_by=other.name or None,
            has_entries=self._has_foreign_entries(account),
        )

    def _other_gateway_on(self, account):
        others = [
            ("clearing_account_id", "=", account.id),
            ("purpose", "=", "clearing"),
            ("id", "not in", self.ids),
        ]
        return self.sudo().with_context(active_test=False).search(others, limit=1)

    def _has_foreign_entries(self, account):
        """Tell whether an account shows what is not this gateway's, before it is booked.

        Its balance could never be that of the unsettled entries.
        """
        if self.booking == "here":
            return False
        lines = [("account_id", "=", account.id), ("journal_id", "!=", self.journal_id.id)]
        return bool(self.env["account.move.line"].sudo().search_count(lines, limit=1))

    def _journal_problems(self, journal):
        """Return in words what is wrong with a journal for this gateway."""
        if not journal:
            return [self.env._("A journal of its own is missing.")]
        wrong = []
        if journal.type != "general":
            wrong.append(self.env._("it is not of the type “Miscellaneous”"))
        if journal.company_id != self.company_id:
            wrong.append(self.env._("it is another company's"))
        if not journal.active:
            wrong.append(self.env._("it is archived"))
        if journal.currency_id and journal.currency_id != self.company_id.currency_id:
            wrong.append(self.env._("it has a currency of its own"))
        if self._journal_is_used(journal):
            wrong.append(self.env._("something else is written in it"))
        name = journal.display_name
        said = self.env._("Journal %(name)s: %(problem)s.", name=name, problem=", ".join(wrong))
        return [said] if wrong else []

    def _journal_is_used(self, journal):
        """Tell whether others write in a journal, or did before it was this gateway's."""
        others = [("journal_id", "=", journal.id), ("id", "not in", self.ids)]
        if self.sudo().with_context(active_test=False).search_count(others, limit=1):
            return True
        if journal == self.journal_id and (self.booking == "here" or self._has_posted()):
            return False
        moves = [("journal_id", "=", journal.id)]
        return bool(self.env["account.move"].sudo().search_count(moves, limit=1))

    def _has_posted(self):
        entries = self.env["retail.ledger.entry"].sudo()
        posted = [("gateway_id", "in", self.ids), ("state", "!=", "to_post")]
        return bool(entries.search_count(posted, limit=1))

    def _fault_text(self, role, fault, account):
        """Return a sentence about an account that cannot have a role."""
        words = {
            Fault.MISSING: self.env._("no account is set"),
            Fault.COMPANY: self.env._("it is another company's"),
            Fault.ARCHIVED: self.env._("it is archived"),
            Fault.TYPE: self.env._("its type does not fit"),
            Fault.RECONCILE: self.env._("it does not allow reconciliation"),
            Fault.CURRENCY: self.env._("it takes one foreign currency only"),
            Fault.TAKEN: self.env._("another gateway has it as its clearing account"),
            Fault.ENTRIES: self.env._("something else is written on it: take one without entries"),
            Fault.TWICE: self.env._("it has two roles here: each needs an account of its own"),
        }
        label = self._fields[ROLE_FIELDS[role]]._description_string(self.env)
        what = {"role": label, "account": account.code if account else "–", "why": words[fault]}
        return self.env._("%(role)s (%(account)s): %(why)s.", **what)
