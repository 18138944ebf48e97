import hashlib
import mimetypes

from odoo import models

from odoo.addons.retail_connector_base.canonical.listing import ListingImage


class RetailListing(models.Model):
    """Pictures by their content: what the channel has already is not sent again."""

    _inherit = "retail.listing"

    def _images(self):
        """Return the pictures of each listing in their order. Bytes are read once per content."""
        attachments = self._image_attachments()
        return {
            listing: tuple(
                listing._image(attachment, digest)
                for attachment, digest in listing._digests(attachments[listing]).items()
            )
            for listing in self
        }

    def _image(self, attachment, digest):
        extension = mimetypes.guess_extension(attachment.mimetype or "") or ".bin"
        return ListingImage(
            digest=digest, filename=f"{digest[:16]}{extension}", alt=self.product_tmpl_id.name
        )

    def _image_attachments(self):
        """Return the main picture of each listing's product, then the others."""
        templates = self.product_tmpl_id
        main = self._attachments("product.template", templates.ids)
        others = self._other_images(templates)
        found = self._attachments("product.image", [id_ for ids in others.values() for id_ in ids])
        return {
            listing: [
                attachment
                for attachment in (
                    main.get(listing.product_tmpl_id.id),
                    *(found.get(id_) for id_ in others.get(listing.product_tmpl_id.id, ())),
                )
                if attachment
            ]
            for listing in self
        }

    def _other_images(self, templates):
        """Return the ids of further pictures by product, where an addon keeps such."""
        if "product.image" not in self.env:
            return {}
        images = (
            self.env["product.image"]
            .sudo()
            .search([("product_tmpl_id", "in", templates.ids)], order="sequence, id")
        )
        grouped = images.grouped(lambda image: image.product_tmpl_id.id)
        return {template_id: rows.ids for template_id, rows in grouped.items()}

    def _attachments(self, model, ids):
        if not ids:
            return {}
        found = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [("res_model", "=", model), ("res_field", "=", "image_1920"), ("res_id", "in", ids)]
            )
        )
        return {attachment.res_id: attachment for attachment in found}

    def _digests(self, attachments):
        """Return the digest of each attachment; equal pictures are one."""
        known = self.image_digests or {}
        checksums = {attachment.checksum: attachment for attachment in attachments}
        digests = {
            checksum: known.get(checksum) or hashlib.sha256(attachment.raw).hexdigest()
            for checksum, attachment in checksums.items()
        }
        if digests.keys() != known.keys():
            self.sudo().image_digests = digests
        return {checksums[checksum]: digest for checksum, digest in digests.items()}

    def _image_bytes(self):
        """Return the bytes of the listing's pictures by digest."""
        self.ensure_one()
        attachments = self._image_attachments()[self]
        return {digest: attachment.raw for attachment, digest in self._digests(attachments).items()}
