from odoo import fields, models

from odoo.addons.retail_connector_base.canonical.listing import Listing
from odoo.addons.retail_connector_base.canonical.product import ProductState
from odoo.addons.retail_connector_base.decisions.listing_difference import (
    content_of,
    differing,
    kept,
)
from odoo.addons.retail_connector_base.models import retail_projection
from odoo.addons.retail_connector_base.providers import ListingChange

from .retail_listing import TOLD

# Products are not read: what may have been changed is told anew, but for pictures, which are large.
TELL_ALL = """
    UPDATE retail_listing
       SET acknowledged = jsonb_build_object('images', acknowledged -> 'images'), pending = true,
           verdict = 'pending', error = NULL
     WHERE backend_id = %(backend_id)s AND attempt_key IS NULL AND state = 'published'
       AND acknowledged IS NOT NULL AND (%(forgive)s OR verdict NOT IN ('refused', 'missing'))
"""


class RetailProjectionProduct(models.AbstractModel):
    """Publishes products: only what differs from what the channel acknowledged."""

    _name = "retail.projection.product"
    _description = "Retail Connector: publishing products"
    _inherit = ["retail.projection"]

    _flow_kind = "product"
    _state_model = "retail.listing"

    def _batch_of(self, provider_class):
        return provider_class.listing_batch

    def _call(self, provider, changes, key):
        return provider.change_listings(changes, key)

    def _changes(self, rows):
        """Override: what was attempted, from the rows alone: the same each time it is sent.

        A picture that was replaced in Odoo meanwhile is left out: the next difference tells it.
        """
        return [self._change(row) for row in rows]

    def _change(self, row):
        listing = Listing.model_validate(row.attempted_listing)
        if "images" in row.attempted_fields:
            found = row._image_bytes()
            images = tuple(image for image in listing.images if image.digest in found)
            listing = listing.model_copy(update={"images": images})
        else:
            found = {}
        return ListingChange(listing, frozenset(row.attempted_fields), found.__getitem__)

    # Comparing

    def _compare(self, backend, product_ids):
        """Override: mark the listings whose content differs, of some products or of all."""
        domain = [("backend_id", "=", backend.id), ("state", "in", TOLD)]
        if product_ids is not None:
            products = self.env["product.product"].browse(product_ids).exists()
            domain.append(("product_tmpl_id", "in", products.product_tmpl_id.ids))
        rows = self.env[self._state_model].search(domain)
        if len(rows) > retail_projection.AT_ONCE and product_ids is None:
            return self._compare_later(backend, rows._some_variants())
        built = self.env["retail.listing.builder"]._build(backend, rows)
        for row in rows:
            self._note_wanted(row, content_of(self._ours(backend, row, built[row])))

    def _note_wanted(self, row, content):
        """Keep what is wanted, where it is news."""
        differs = bool(self._differing(row, content))
        refused = row._is_refused(content)
        values = {"pending": differs and not refused}
        if content != row.desired:
            values |= {"desired": content, "checked_at": fields.Datetime.now()}
        if not refused:
            values |= {"verdict": "pending" if differs else "ok", "error": False}
        row.write({name: value for name, value in values.items() if row[name] != value})

    def _ours(self, backend, row, complete):
        """Return a complete listing without the channel's own fields; nothing but its state when
        it is taken off the channel."""
        if row.maybe_there:
            return complete
        if complete.state is ProductState.ARCHIVED:
            return self._off(backend, complete)
        if not complete.external_id:
            return complete
        return kept(complete, backend._owned_fields())

    def _off(self, backend, complete):
        owned = "state" in backend._owned_fields()
        return Listing(
            reference=complete.reference,
            external_id=complete.external_id,
            state=complete.state if owned else None,
        )

    def _differing(self, row, content):
        """Return the fields to tell; a product that the channel never had needs no end."""
        ends = content.get("state") == ProductState.ARCHIVED.value
        if ends and not (row.external_id or row.maybe_there):
            return []
        desired = {
            name: value for name, value in content.items() if not self._is_off(content, name)
        }
        return differing(desired, row.acknowledged or {})

    def _is_off(self, content, name):
        """Variants stay what they were when the product is taken off the channel."""
        return name == "variants" and not content["variants"]

    def _read_again(self, backend, forgive=False):
        """Override: tell all products once more."""
        listings = self.env[self._state_model]
        listings.flush_model()
        self.env.cr.execute(TELL_ALL, {"backend_id": backend.id, "forgive": forgive})
        listings.invalidate_model()

    # Deciding

    def _attempt(self, backend, rows):
        """Override: decide with what Odoo shows at this moment; hold back what has problems."""
        told = rows.filtered(lambda row: row.state in TOLD)
        (rows - told).pending = False
        built = self.env["retail.listing.builder"]._build(backend, told)
        attempts = rows.browse()
        for row in told:
            wanted = self._ours(backend, row, built[row])
            content = content_of(wanted)
            names = self._differing(row, content)
            if not names:
                row._settle(content)
            elif row._is_refused(content):
                row.pending = False
            elif self._is_right(row, wanted, built[row]):
                row._prepare(wanted, content, names)
                attempts |= row
            else:
                row._hold_back(content)
                self._report_refused(backend.id, row)
        return attempts

    def _is_right(self, row, wanted, complete):
        """Check the channel's rules, unless the product is taken off it."""
        if wanted.state is ProductState.ARCHIVED:
            return True
        row._keep_problems(row._problems(complete))
        return not row.problems

    # Answers

    def _acknowledge(self, row, answer):
        """Override: the channel shows what was sent; its ids are bound."""
        row._bind(answer)
        row._acknowledge_attempt(row.backend_id._owned_fields())

    def _report_refused(self, backend_id, rows):
        """Override: what is gone has an exception of its own."""
        refused = rows.filtered(lambda row: row.verdict == "refused")
        return super()._report_refused(backend_id, refused)
