from collections import defaultdict

from odoo import api, models

from ..decisions.ownership import Owner, Policy, Rule
from ..decisions.ownership_table import BY_KEY


class RetailOwnership(models.Model):
    """What importers and publications ask of the table, once for a whole batch."""

    _inherit = "retail.ownership"

    @api.model
    def _rules(self, backend, domain):
        """Return a function that gives the ``Rule`` of a group, or of one field of it.

        One query for a whole batch. What another backend owns is owned elsewhere.
        """
        rows = self.sudo().search(
            [("company_id", "=", backend.company_id.id), ("domain", "=", domain),
             "|", ("backend_id", "=", backend.id), ("owner", "=", Owner.CHANNEL.value)]
        )  # fmt: skip
        rows = rows.filtered(lambda row: row.backend_id.active or row.backend_id == backend)
        own = {(row.field_group, row.field or ""): row for row in rows
               if row.backend_id == backend}  # fmt: skip
        others = defaultdict(list)
        for row in rows:
            if row.backend_id != backend:
                others[row.field_group].append(row)

        def rule(group, field=""):
            row = own.get((group, field)) or own.get((group, ""))
            owner = Owner(row.owner) if row else Owner.ODOO
            elsewhere = any(not other.field or other.field == field for other in others[group])
            if owner is Owner.ODOO and elsewhere:
                owner = Owner.ELSEWHERE
            policy = Policy(row.policy) if row else BY_KEY[domain, group].policy
            return Rule(owner, policy, BY_KEY[domain, group].fills)

        return rule

    @api.model
    def _superiors(self, backend, domain):
        """Return by group the backends that own the same and come before this one."""
        rows = self.sudo().search(
            [("company_id", "=", backend.company_id.id), ("domain", "=", domain),
             ("owner", "=", Owner.CHANNEL.value), ("backend_id.active", "=", True)]
        )  # fmt: skip
        own = {row.field_group: row.rank for row in rows if row.backend_id == backend}
        found = defaultdict(self.env["retail.backend"].browse)
        for row in rows:
            if row.backend_id != backend and row.rank < own.get(row.field_group, 0):
                found[row.field_group] |= row.backend_id
        return found
