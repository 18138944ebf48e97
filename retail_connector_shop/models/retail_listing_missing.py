from odoo import api, models

from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers import ErrorClass


class RetailListing(models.Model):
    """Published products that are gone from their channel: a person decides what to do."""

    _inherit = "retail.listing"

    def _lose(self, text=""):
        """Note that the channel has these products, or a part of them, no more."""
        there = self.filtered(lambda found: found.state in ("approved", "published"))
        for listing in there.filtered("external_id"):
            listing.write({"state": "missing", "pending": False, "verdict": "missing"})
            self.env["retail.exception"]._report(
                listing.backend_id, listing._missing_problem(text), record=listing
            )

    def _missing_problem(self, text=""):
        return Problem(
            error_class=ErrorClass.DATA,
            code="listing_missing",
            subject=self.reference,
            title=self.env._("%(product)s is gone", product=self.display_name),
            cause=self.env._(
                "It was deleted in the channel, as a whole or in part. Publish it again, or open "
                "it and stop publishing. %(text)s",
                text=text,
            ),
            fix="publish_again",
        )

    def _solve_missing(self):
        for listing in self:
            fingerprint = listing._missing_problem().fingerprint
            self.env["retail.exception"]._solved(listing.backend_id, [fingerprint])

    @api.model
    def _on_deleted_in_channel(self, backend, external_id):
        """React to the deletion of a whole product."""
        found = self.search([("backend_id", "=", backend.id), ("external_id", "=", external_id)])
        found.filtered(lambda listing: listing.state == "archived").pending = False
        found._lose()

    @api.model
    def _on_variants_deleted_in_channel(self, backend, candidates):
        """React to the deletion of single variants, unless Odoo took them away itself."""
        by_product = candidates.grouped("product_external_id")
        found = self.search(
            [("backend_id", "=", backend.id), ("external_id", "in", list(by_product))]
        )
        for listing in found:
            wanted = (listing.desired or {}).get("variants", {})
            gone = by_product[listing.external_id].product_id
            lost = gone.filtered(
                lambda product, of=listing, wanted=wanted: of._variant_reference(product) in wanted
            )
            if lost:
                listing._lose(", ".join(lost.mapped("display_name")))

    def _is_deleted(self):
        """Tell whether the channel said that it deleted the product."""
        tombstones = self.env["retail.tombstone"]
        return bool(tombstones._dead(self.backend_id, "product", [self.external_id or ""]))

    def _forget_channel(self):
        """Let go of what the channel lost, so that it is made anew. What it still has is kept."""
        for listing in self:
            bindings = listing._channel_bindings()
            candidates = listing._deleted_candidates()
            lost = set(candidates.mapped("external_id"))
            # Without a word of the channel about its variants, it lost the product itself.
            if listing._is_deleted() or not lost or lost >= set(bindings.mapped("external_id")):
                listing.external_id = False
                bindings.unlink()
            else:
                bindings.filtered(lambda bound, lost=lost: bound.external_id in lost).unlink()
            candidates.unlink()
            listing.write({"acknowledged": False, "verdict": "pending"})

    def _channel_bindings(self):
        return self.env["retail.product.binding"].search(
            [
                ("backend_id", "=", self.backend_id.id),
                ("product_external_id", "=", self.external_id),
                ("odoo_id", "in", self._variants().ids),
            ]
        )

    def _deleted_candidates(self):
        return self.env["retail.product.candidate"].search(
            [
                ("backend_id", "=", self.backend_id.id),
                ("product_external_id", "=", self.external_id),
                ("status", "=", "deleted"),
            ]
        )
