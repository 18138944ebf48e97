from odoo import models
from odoo.exceptions import UserError

from .retail_product_candidate import OPEN_STATES, SAFE_REASONS

# Up to these numbers the person waits for the result, above a job shows its progress.
ADOPT_AT_ONCE = 2000
CREATE_AT_ONCE = 50


class RetailProductCandidate(models.Model):
    """The buttons of the review list. Operators read it, administrators decide."""

    _inherit = "retail.product.candidate"

    def action_adopt(self):
        """Bind the selected candidates to their products."""
        self._check_administrator()
        if len(self) > ADOPT_AT_ONCE:
            return self._start_runs("adopt", [("id", "in", self.ids)])
        adopted = self.sudo()._adopt()
        self._audit("products.adopted", len(adopted))
        return self._notify(
            self.env._(
                "%(adopted)s of %(selected)s variants adopted. Those left name their reason.",
                adopted=len(adopted),
                selected=len(self),
            )
        )

    def action_adopt_safe(self):
        """Adopt every candidate with one product beyond doubt, by a job with progress."""
        self._check_administrator()
        return self._start_runs(
            "adopt", [("state", "=", "matched"), ("match_reason", "in", SAFE_REASONS)]
        )

    def action_create_products(self):
        """Create the products that exist in the shop only, and adopt them."""
        self._check_administrator()
        self.env["product.product"].check_access("create")
        missing = self.filtered(lambda candidate: candidate.state == "unmatched")
        if not missing:
            raise UserError(self.env._("Select variants that are not in Odoo."))
        if len(missing) > CREATE_AT_ONCE:
            return self._start_runs("create", [("id", "in", missing.ids)])
        created = missing.sudo()._create_products()
        self._audit("products.created", len(created))
        return self._notify(
            self.env._(
                "%(created)s of %(selected)s variants are in Odoo and adopted now.",
                created=len(created),
                selected=len(missing),
            )
        )

    def action_match_again(self):
        """Match all open candidates again, e.g. after SKUs were corrected in Odoo."""
        self._check_administrator()
        for backend in self._backends():
            self.sudo()._match(backend)
        return self._notify(self.env._("All open variants were matched again."))

    def action_ignore(self):
        """Leave the selected variants out for good; they count as no duplicates any more."""
        self._check_administrator()
        ignored = self.sudo().filtered(lambda candidate: candidate.state in OPEN_STATES)
        ignored.write({"state": "ignored", "adoption_id": False})
        ignored._match_again()
        self._audit("products.ignored", len(ignored))

    def action_reconsider(self):
        """Take ignored variants back into the review."""
        self._check_administrator()
        ignored = self.sudo().filtered(lambda candidate: candidate.state == "ignored")
        ignored.write({"state": "unmatched", "match_reason": "none", "product_id": False})
        ignored._match_again()

    # Helpers

    def _check_administrator(self):
        """Only administrators may write candidates; record rules hold as well."""
        self.check_access("write")

    def _backends(self):
        """Return the backends whose candidates the user sees."""
        groups = self._read_group([], ["backend_id"])
        return self.env["retail.backend"].sudo().union(*(backend for (backend,) in groups))

    def _start_runs(self, action, domain):
        """Start a run per backend and show the runs."""
        runs = self.env["retail.product.adoption"]
        groups = self._read_group(
            [*domain, ("adoption_id", "=", False), ("state", "in", OPEN_STATES)],
            ["backend_id"],
            ["id:array_agg"],
        )
        for backend, ids in groups:
            runs |= runs.sudo()._start(backend, action, self.browse(ids), self.env.user)
        if not runs:
            raise UserError(self.env._("There is nothing to do: no variant is left for this."))
        return runs._open()

    def _audit(self, action, count):
        for backend in self.backend_id:
            self.env["retail.audit"]._log(action, backend=backend, detail={"count": count})
