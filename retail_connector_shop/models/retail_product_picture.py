import base64

from odoo import api, fields, models


class RetailProductPicture(models.Model):
    """A picture of a product by its address, as the system that owns pictures told it.

    Rows are what is owed: each is fetched once by ``retail.picture.fetcher``.
    """

    _name = "retail.product.picture"
    _description = "Retail Product Picture"
    _order = "product_tmpl_id, sequence, id"
    _rec_name = "url"

    backend_id = fields.Many2one(
        "retail.backend", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="backend_id.company_id", store=True, index=True)
    product_tmpl_id = fields.Many2one(
        "product.template", required=True, readonly=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(readonly=True, help="0 is the product's main picture.")
    url = fields.Char(required=True, readonly=True)
    alt = fields.Char(readonly=True)
    digest = fields.Char(readonly=True, help="SHA-256 of what was fetched.")
    image_id = fields.Integer(readonly=True, help="The further picture that was made of it.")
    state = fields.Selection(
        [
            ("waiting", "To Fetch"),
            ("done", "In Odoo"),
            ("unplaced", "No Place for It"),
            ("failed", "Failed"),
        ],
        required=True,
        default="waiting",
        readonly=True,
        help="No place: without the webshop a product of Odoo has one picture only.",
    )
    attempts = fields.Integer(readonly=True)
    next_attempt_at = fields.Datetime(readonly=True)
    error = fields.Char(readonly=True)

    _url_unique = models.UniqueIndex(
        "(backend_id, product_tmpl_id, md5(url))", "A picture is fetched once."
    )
    _waiting_index = models.Index("(backend_id, id) WHERE state = 'waiting'")

    @api.model
    def _want(self, backend, template, images):
        """Let a product have these pictures, in this order; what is there stays."""
        known = self.search(
            [("backend_id", "=", backend.id), ("product_tmpl_id", "=", template.id)]
        ).grouped("url")
        wanted = {image["url"]: image for image in images}
        for position, (url, image) in enumerate(wanted.items()):
            row = known.get(url, self.browse())
            values = {"sequence": position, "alt": image.get("alt") or False}
            if not row:
                identity = {"backend_id": backend.id, "product_tmpl_id": template.id, "url": url}
                self.create({**identity, **values})
                continue
            if bool(row.sequence) != bool(position):
                # It has, or had, the main picture's place: it is put where it belongs.
                row._forget_image()
                values |= {"state": "waiting", "digest": False, "attempts": 0,
                           "next_attempt_at": False}  # fmt: skip
            row.write(values)
        gone = self.union(*(row for url, row in known.items() if url not in wanted))
        gone._forget_image()
        if not wanted and gone.filtered(lambda row: not row.sequence and row.state == "done"):
            template.image_1920 = False
        gone.unlink()
        self.env["retail.picture.fetcher"]._wake_after_commit(backend.id)

    def _forget_image(self):
        if "product.image" in self.env:
            ids = [row.image_id for row in self if row.image_id]
            self.env["product.image"].browse(ids).exists().unlink()
        self.write({"image_id": 0})

    def _place(self, picture):
        """Put a picture where it belongs; the same content is not written again."""
        self.ensure_one()
        values = {"digest": picture.digest, "state": "done", "error": False}
        if picture.digest != self.digest:
            values["state"] = self._put(picture)
        self.write(values)

    def _put(self, picture):
        quiet = self.with_context(tracking_disable=True, mail_create_nolog=True)
        template = quiet.product_tmpl_id
        content = base64.b64encode(picture.content)
        if not self.sequence:
            template.image_1920 = content
            return "done"
        if "product.image" not in self.env:
            return "unplaced"
        images = quiet.env["product.image"]
        name = self.alt or template.name
        self.image_id = images.create(
            {"name": name, "product_tmpl_id": template.id, "image_1920": content,
             "sequence": self.sequence}
        ).id  # fmt: skip
        return "done"
