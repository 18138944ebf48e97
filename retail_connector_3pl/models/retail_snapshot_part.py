from datetime import timedelta

from odoo import api, fields, models

KEPT_DAYS = 90
OVER = ("compared", "applied", "rejected", "superseded")


class RetailSnapshotPart(models.Model):
    """A part of a count, as it was told last. Its lines are kept by column, as SQL reads them."""

    _name = "retail.snapshot.part"
    _description = "Part of a Stock Count"
    _inherit = ["retail.binding"]
    _order = "snapshot_id, number"

    _canonical_kind = "stock_snapshot"

    snapshot_id = fields.Many2one(
        "retail.snapshot", required=True, readonly=True, index=True, ondelete="cascade"
    )
    number = fields.Integer(string="Part", required=True, readonly=True)
    line_count = fields.Integer(string="Lines", readonly=True)
    # Without prefetch: nobody wants megabytes with the number of a part.
    lines = fields.Json(readonly=True, prefetch=False, help="By column, quantities as text.")

    _number_unique = models.UniqueIndex(
        "(snapshot_id, number)", "A count has each of its parts once."
    )

    @api.autovacuum
    def _forget_lines(self):
        """Forget what was told long ago; the differences that it made stay."""
        before = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        old = self.search(
            [
                ("snapshot_id.state", "in", OVER),
                ("snapshot_id.taken_at", "<", before),
                ("lines", "!=", False),
            ],
            limit=1000,
        )
        old.write({"lines": False})
