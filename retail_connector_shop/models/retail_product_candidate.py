from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

STATES = [
    ("matched", "Proposed"),
    ("ambiguous", "Needs a Decision"),
    ("unmatched", "Not in Odoo"),
    ("adopted", "Adopted"),
    ("ignored", "Ignored"),
]
REASONS = [
    ("sku", "SKU"),
    ("barcode", "Barcode"),
    ("both", "SKU and barcode"),
    ("chosen", "Chosen by a person"),
    ("created", "Created from the shop"),
    ("bound", "Was bound before"),
    ("ambiguous", "Several products fit"),
    ("conflict", "SKU and barcode name different products"),
    ("duplicate_sku", "SKU used twice in the shop"),
    ("duplicate_barcode", "Barcode used twice in the shop"),
    ("shared_product", "Product fits several variants"),
    ("none", "Nothing fits"),
]
# Reasons for which a product is adopted without a person looking at each row.
SAFE_REASONS = ("sku", "barcode", "both", "chosen")
# States that matching may change.
OPEN_STATES = ("matched", "ambiguous", "unmatched")


class RetailProductCandidate(models.Model):
    """A variant of a channel and the product of Odoo that it may stand for: the review list."""

    _name = "retail.product.candidate"
    _inherit = ["retail.notice.mixin"]
    _description = "Retail Product Candidate"
    _order = "backend_id, title, options, id"
    _rec_name = "title"
    _check_company_auto = True

    backend_id = fields.Many2one("retail.backend", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="backend_id.company_id", store=True, index=True)
    external_id = fields.Char(
        string="Variant ID", required=True, readonly=True, help="The channel's own identity."
    )
    product_external_id = fields.Char(string="Listing ID", required=True, readonly=True)
    inventory_item_external_id = fields.Char(string="Inventory Item ID", readonly=True)
    title = fields.Char(readonly=True)
    options = fields.Char(readonly=True, help="What tells this variant from its siblings.")
    sku = fields.Char(string="SKU", readonly=True)
    barcode = fields.Char(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    price = fields.Monetary(readonly=True, help="The price in the shop.")
    status = fields.Selection(
        [
            ("active", "Active"),
            ("draft", "Draft"),
            ("archived", "Archived"),
            ("deleted", "Deleted"),
            ("unknown", "Unknown"),
        ],
        string="In the Shop",
        required=True,
        default="unknown",
        readonly=True,
    )
    product_id = fields.Many2one(
        "product.product",
        check_company=True,
        ondelete="set null",
        help="The product that is proposed, or was adopted. Choose another where it is wrong.",
    )
    match_reason = fields.Selection(REASONS, required=True, default="none", readonly=True)
    state = fields.Selection(STATES, required=True, default="unmatched", readonly=True, copy=False)
    adoption_id = fields.Many2one(
        "retail.product.adoption",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="The run that will work on this row.",
    )
    error = fields.Char(readonly=True, help="Why the last attempt at this row failed.")

    _external_unique = models.UniqueIndex(
        "(backend_id, external_id)", "A variant of a channel is listed once."
    )
    # No index of backend or state alone: while a shop is read for the first time there are no
    # statistics yet, and PostgreSQL would prefer it to those that find a row.
    _listing_index = models.Index("(backend_id, product_external_id)")
    _sku_index = models.Index("(backend_id, sku) WHERE sku IS NOT NULL")
    _barcode_index = models.Index("(backend_id, barcode) WHERE barcode IS NOT NULL")
    _product_index = models.Index("(product_id, backend_id) WHERE product_id IS NOT NULL")

    @api.depends("title", "options", "sku")
    def _compute_display_name(self):
        for candidate in self:
            sku = f"[{candidate.sku}]" if candidate.sku else ""
            parts = (sku, candidate.title, candidate.options)
            candidate.display_name = " ".join(part for part in parts if part)

    def write(self, vals):
        """A person chooses the product; everything else is written by the system."""
        if self.env.su:
            return super().write(vals)
        if vals.keys() - {"product_id"}:
            raise AccessError(self.env._("Only the product of a candidate can be changed."))
        if any(candidate.state == "adopted" for candidate in self):
            raise UserError(
                self.env._("This variant is adopted already. Change its product binding instead.")
            )
        result = super().write(vals)
        self.sudo()._note_choice(bool(vals.get("product_id")))
        return result

    def _note_choice(self, chosen):
        """Keep a person's choice from being matched again; without one, match again."""
        self.write(
            {
                "state": "matched" if chosen else "unmatched",
                "match_reason": "chosen" if chosen else "none",
                "error": False,
            }
        )
        if not chosen:
            self._match_again()
