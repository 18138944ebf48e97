from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError

# States in which a listing is told to its channel.
TOLD = ("approved", "published", "archived")


def _reference(_model):
    return uuid4().hex


class RetailListing(models.Model):
    """A product that Odoo publishes in a channel: who wanted it, what is told and acknowledged.

    The state is people's: the field ``state`` of what is told follows from it and from the product.
    What a channel itself says of its products is a ``retail.product.listing``.
    """

    _name = "retail.listing"
    _description = "Retail Listing"
    _inherit = ["retail.projection.state", "retail.notice.mixin"]
    _order = "id desc"

    product_tmpl_id = fields.Many2one(
        "product.template",
        string="Product",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    reference = fields.Char(
        required=True,
        readonly=True,
        default=_reference,
        copy=False,
        help="Our identity of it. The channel keeps it, so that it is never made twice.",
    )
    external_id = fields.Char(
        string="Channel's Product", readonly=True, index="btree_not_null", copy=False
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("to_approve", "To Approve"),
            ("approved", "On Its Way"),
            ("published", "Published"),
            ("archived", "Stopped"),
            ("missing", "Gone from the Channel"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
    )
    publish_as = fields.Selection(
        [("active", "On Sale"), ("draft", "Draft")], required=True, default="active", readonly=True
    )
    requested_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    published_at = fields.Datetime(string="First Published", readonly=True, copy=False)
    problems = fields.Json(readonly=True, copy=False, help="Rows of a code and what it is about.")
    desired = fields.Json(readonly=True, copy=False, help="What Odoo wants to show, by field.")
    acknowledged = fields.Json(readonly=True, copy=False, help="What the channel took, by field.")
    attempted = fields.Json(readonly=True, copy=False, help="What is being told, by field.")
    attempted_listing = fields.Json(readonly=True, copy=False)
    attempted_fields = fields.Json(readonly=True, copy=False)
    maybe_there = fields.Boolean(
        readonly=True,
        copy=False,
        help="An attempt to make it had an unknown outcome, and was refused the next time.",
    )
    removed_ids = fields.Json(
        readonly=True, copy=False, help="Variants that the channel has no more, by our wish."
    )
    image_digests = fields.Json(
        readonly=True, copy=False, help="The SHA-256 of pictures by their checksum in Odoo."
    )

    _product_unique = models.UniqueIndex(
        "(backend_id, product_tmpl_id)", "A product is published once in a channel."
    )
    _reference_unique = models.UniqueIndex("(reference)", "A reference names one listing.")

    @api.depends("product_tmpl_id", "backend_id")
    def _compute_display_name(self):
        for listing in self:
            product = listing.sudo().product_tmpl_id.display_name
            listing.display_name = f"{product} @ {listing.backend_id.name}"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: the company is the backend's."""
        self.check_access("create")
        backends = self.env["retail.backend"].browse(values["backend_id"] for values in vals_list)
        for values, backend in zip(vals_list, backends, strict=True):
            values["company_id"] = backend.company_id.id
            values.setdefault("publish_as", backend.listing_state)
            values.setdefault("pending", False)
            values.setdefault("verdict", False)
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_told(self):
        if self.sudo().filtered(lambda found: found._is_perhaps_there()):
            raise UserError(
                self.env._("Stop publishing instead: the product would stay in the channel.")
            )

    def _is_perhaps_there(self):
        """Tell whether the channel has the product, or may have it."""
        return bool(self.external_id or self.maybe_there or self.attempt_key)

    @api.model
    def _of(self, backend, templates):
        """Return the listings of products in a channel, by product; missing ones are left out."""
        found = self.search(
            [("backend_id", "=", backend.id), ("product_tmpl_id", "in", templates.ids)]
        )
        return {listing.product_tmpl_id: listing for listing in found}

    @api.model
    def _ensure(self, backend, templates):
        """Return the listings of products in a channel, drafts where there were none."""
        known = self._of(backend, templates)
        return self.union(*known.values()) | self.create(
            [
                {"backend_id": backend.id, "product_tmpl_id": template.id}
                for template in templates
                if template not in known
            ]
        )

    def _variants(self):
        """Return all variants of the products, archived ones as well."""
        templates = self.sudo().product_tmpl_id.with_context(active_test=False)
        return templates.product_variant_ids

    def _some_variants(self):
        """Return the ids of variants, one of each product that has any."""
        self.env.cr.execute(
            """
            SELECT min(product.id) FROM retail_listing listing
              JOIN product_product product ON product.product_tmpl_id = listing.product_tmpl_id
             WHERE listing.id = ANY(%s) GROUP BY listing.id
            """,
            [self.ids],
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def _wake(self):
        """Let the projection look at these listings soon."""
        self.pending = True
        for backend in self.backend_id:
            self.env["retail.projection.product"]._wake_after_commit(backend.id)
