from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..decisions.ledger import Role
from .retail_gateway import RECONCILED, ROLE_FIELDS

ACCOUNTS = frozenset({"journal_id", *ROLE_FIELDS.values()})
OPTIONS = frozenset({"match_patience", "bank_journal_id", "bank_patience"})
# What is the system's: set by buttons, with their checks, never written by a person.
NOT_BY_HAND = frozenset({"booking", "booked_by_id", "purpose", "backend_id", "company_id", "code"})
# Money stands on them: another account would leave it behind.
HELD = RECONCILED | {Role.RESERVE}


class RetailGateway(models.Model):
    """Changing a gateway: kept as versions like all configuration, never away from open money."""

    _name = "retail.gateway"
    _inherit = ["retail.gateway", "retail.governed.mixin"]

    def write(self, vals):
        """Override: checked, kept as versions, and may have to wait for a second person."""
        self._check_by_hand(vals)
        for gateway in self:
            gateway._check_nothing_open(vals)

        def write(records, values):
            # Of these records, which may be fewer than self.
            return super(RetailGateway, records).write(values)  # noqa: UP008

        return self._write_governed(vals, write)

    def _check_by_hand(self, vals):
        if not self.env.su and (forbidden := NOT_BY_HAND & vals.keys()):
            raise AccessError(
                self.env._(
                    "“%(fields)s” is changed by its button only.", fields=", ".join(forbidden)
                )
            )
        if not self.env.su and ACCOUNTS & vals.keys():
            self._check_may_set_up()

    def _check_nothing_open(self, vals):
        """Raise ``UserError`` if money would be left behind on an account that is replaced."""
        kept = [
            (name, self[name])
            for name in (ROLE_FIELDS[role] for role in sorted(HELD))
            if name in vals and self[name] and vals[name] != self[name].id
        ]
        for name, account in kept:
            if self._is_open(account):
                label = self._fields[name]._description_string(self.env)
                raise UserError(
                    self.env._(
                        "%(gateway)s: money stands on %(account)s (%(role)s). Change it once "
                        "everything there is settled and reconciled.",
                        gateway=self.name,
                        account=account.sudo().display_name,
                        role=label,
                    )
                )
        if "journal_id" in vals and self.journal_id and vals["journal_id"] != self.journal_id.id:
            self._check_journal_free()

    def _check_journal_free(self):
        if self._has_posted():
            raise UserError(
                self.env._(
                    "%(gateway)s has entries in its journal already: it stays as it is.",
                    gateway=self.name,
                )
            )

    def _is_open(self, account):
        """Tell whether posted lines of this gateway stand open on an account."""
        account = account.sudo()
        domain = [
            ("account_id", "=", account.id),
            ("journal_id", "=", self.sudo().journal_id.id),
            ("parent_state", "=", "posted"),
        ]
        lines = self.env["account.move.line"].sudo()
        if account.reconcile:
            return bool(lines.search_count([*domain, ("reconciled", "=", False)], limit=1))
        [(balance,)] = lines._read_group(domain, [], ["balance:sum"])
        return not self.company_id.currency_id.is_zero(balance or 0.0)

    # What of it is configuration

    @api.model
    def _governed_prefix(self):
        return "gateway"

    @api.model
    def _governed_fields(self):
        """Override: where it is booked is no part of it, it has effects on what waits."""
        return ACCOUNTS | OPTIONS

    @api.model
    def _governed_records(self, backend):
        # Codes of accounts are the company's.
        own = self.with_company(backend.company_id).with_context(active_test=False)
        return own.search([("backend_id", "=", backend.id)])

    def _governed_parts(self):
        return (self.code,)

    @api.model
    def _can_be_made(self, item):
        return item.startswith("gateway/")

    def _make_governed(self, backend, item):
        code = item.partition("/")[2]
        return self._of(backend, [code])[code]

    @api.model
    def _governed_title(self, parts):
        """Override."""
        return self.env._("Gateway %(code)s", code="/".join(parts))
