from datetime import timezone
from uuid import uuid4

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.retail_connector_base.canonical import StockSnapshot
from odoo.addons.retail_connector_base.decisions.outcome import InboundItem

from ..decisions.snapshot_entry import EntryError, lines_of

OPERATOR = "retail_connector_base.group_operator"


class RetailSnapshotEntry(models.TransientModel):
    """Enters a count by hand: what a warehouse sent as a list, or what somebody counted there."""

    _name = "retail.snapshot.entry"
    _description = "Enter a Stock Count"

    warehouse_id = fields.Many2one("retail.warehouse", required=True)
    taken_at = fields.Datetime(
        string="Counted at",
        required=True,
        default=fields.Datetime.now,
        help="The instant that the figures are of: what moved since is taken into account.",
    )
    complete = fields.Boolean(
        string="Everything Was Counted", help="What the list does not name has nothing there."
    )
    text = fields.Text(
        string="List",
        required=True,
        help="A line for each item: SKU, quantity, and where there are lot and unit; separated by "
        "tabs, semicolons or commas, as a spreadsheet copies them.",
    )

    def action_enter(self):
        """Keep the count and have it compared; open it."""
        self.ensure_one()
        if not (self.env.su or self.env.user.has_group(OPERATOR)):
            raise AccessError(self.env._("Only an operator enters counts."))
        house = self.warehouse_id
        house.check_access("read")
        if not house.odoo_id:
            raise UserError(self.env._("Choose the warehouse in Odoo first."))
        importer = self.env["retail.importer.stock_snapshot"].sudo()
        result = importer._take(
            house.sudo(),
            self._item(self._told()),
            self.env["retail.snapshot.part"].sudo(),
            self.env.user,
        )
        return self._open(result.record[1])

    def _told(self):
        try:
            lines = lines_of(self.text)
        except EntryError as error:
            raise UserError(
                self.env._(
                    "Line %(number)s cannot be read: “%(text)s”. Write SKU and quantity.",
                    number=error.number,
                    text=error.text,
                )
            ) from None
        name = f"entered-{uuid4()}"
        return StockSnapshot(
            external_id=name,
            snapshot_external_id=name,
            location_external_id=self.warehouse_id.external_id,
            taken_at=self.taken_at.replace(tzinfo=timezone.utc),
            complete=self.complete,
            lines=lines,
        )

    def _item(self, told):
        return InboundItem(
            message_id=0,
            canonical=told,
            topic="entered",
            observed_at=0,
            content_hash=told.content_hash(),
            correlation_id=told.external_id,
        )

    def _open(self, snapshot_id):
        return {
            "type": "ir.actions.act_window",
            "res_model": "retail.snapshot",
            "res_id": snapshot_id,
            "view_mode": "form",
        }
