from odoo import models
from odoo.exceptions import UserError


class RetailProductCandidate(models.Model):
    """Products that exist in the shop only are made in Odoo, by a person's explicit wish."""

    _inherit = "retail.product.candidate"

    def _create_products(self):
        """Create and adopt the products of unmatched candidates; return what was adopted.

        Candidates are matched once more before: somebody may have made the product meanwhile.
        """
        self._match_again()
        missing = self.filtered(lambda candidate: candidate.state == "unmatched")
        for backend, candidates in missing.grouped("backend_id").items():
            candidates.with_company(backend.company_id)._create_split()
        found = self.filtered(lambda row: row.state == "matched" and row.product_id)
        return found._adopt()

    def _create_split(self):
        """Create in one batch; what fails is split until the culprit stands alone."""
        try:
            with self.env.cr.savepoint():
                self._create_batch()
        except UserError as error:
            if len(self) == 1:
                self.sudo().write({"error": str(error)})
                return
            middle = len(self) // 2
            self[:middle]._create_split()
            self[middle:]._create_split()

    def _create_batch(self):
        quiet = self.env["product.product"].with_context(
            tracking_disable=True, mail_create_nolog=True
        )
        products = quiet.create([candidate._product_values() for candidate in self])
        for candidate, product in zip(self.sudo(), products, strict=True):
            candidate.write(
                {"product_id": product.id, "state": "matched", "match_reason": "created"}
            )
        self.flush_recordset()

    def _product_values(self):
        """Return the values of a candidate's new product. Other rules override this.

        The shop's price is taken over only in the company's own currency: a price converted at
        some day's rate would look right and be wrong.
        """
        self.ensure_one()
        same_currency = self.currency_id == self.company_id.currency_id
        return {
            "name": self._product_name(),
            "type": "consu",
            "is_storable": True,
            "default_code": self.sku,
            "barcode": self.barcode,
            "list_price": self.price if same_currency else 0.0,
        }

    def _product_name(self):
        title = self.title or self.sku or self.external_id
        return f"{title} ({self.options})" if self.options else title
