from datetime import timezone
from decimal import Decimal

from odoo import api, fields, models

from odoo.addons.retail_connector_base.canonical import (
    AnnouncedLine,
    AnnounceReceipt,
    CancelAnnouncement,
    Tracking,
)
from odoo.addons.retail_connector_base.decisions.fingerprint import fingerprint_of
from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from .retail_announcement import TOLD


class RetailAnnouncement(models.Model):
    """Announcing deliveries, and taking announcements back."""

    _inherit = "retail.announcement"

    @api.model
    def _make(self, warehouse, picking, state="accepted"):
        """Return a new announcement of a delivery, with a line for each of its open moves."""
        moves = picking.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        announcement = self.sudo().create(
            {
                "name": self._free_name(warehouse, picking),
                "warehouse_id": warehouse.id,
                "picking_id": picking.id,
                "state": state,
                "expected_at": picking.scheduled_date,
            }
        )
        lines = self.env["retail.announcement.line"].sudo()
        for number, move in enumerate(moves.filtered("product_qty"), 1):
            line = lines.create(
                {
                    "announcement_id": announcement.id,
                    "external_id": str(number),
                    "product_id": move.product_id.id,
                    "quantity": move.product_qty,
                }
            )
            move.retail_announcement_line_id = line
        return announcement

    def _free_name(self, warehouse, picking):
        """Return the delivery's name without slashes, with a number from its second time on."""
        base = picking.name.replace("/", "-")
        domain = [("backend_id", "=", warehouse.backend_id.id), ("name", "=like", f"{base}%")]
        taken = set(self.sudo().search(domain).mapped("name"))
        names = (base if number == 1 else f"{base}.{number}" for number in range(1, 10000))
        return next(name for name in names if name not in taken)

    def _announce(self):
        """Owe the warehouse the word of these deliveries."""
        for announcement in self:
            if announcement._is_nameless():
                continue
            command = announcement._command()
            self.env["retail.outbox.command"]._put(
                announcement.backend_id, command, f"announce:{announcement.name}", announcement
            )
            announcement.write({"state": "sent", "sent_at": fields.Datetime.now()})

    def _command(self):
        picking = self.picking_id
        return AnnounceReceipt(
            reference=self.name,
            location_external_id=self.warehouse_id.external_id,
            lines=tuple(self._command_lines()),
            expected_at=self.expected_at and self.expected_at.replace(tzinfo=timezone.utc) or None,
            supplier=picking.partner_id.display_name or None,
            carrier=picking.carrier_id.name or None,
            trackings=tuple(self._command_trackings(picking)),
            note=picking.origin or None,
        )

    def _command_trackings(self, picking):
        for number in (picking.carrier_tracking_ref or "").replace(",", " ").split():
            yield Tracking(number=number)

    def _command_lines(self):
        bound = (
            self.env["retail.product.binding"]
            .sudo()
            .search(
                [
                    ("backend_id", "=", self.backend_id.id),
                    ("odoo_id", "in", self.line_ids.product_id.ids),
                ]
            )
        )
        item_of = {binding.odoo_id: binding.external_id for binding in bound}
        for line in self.line_ids:
            product = line.product_id
            yield AnnouncedLine(
                external_id=line.external_id,
                sku=product.default_code or product.barcode,
                item_external_id=item_of.get(product),
                name=product.display_name,
                quantity=Decimal(str(line.quantity)),
                lots=tuple(line.move_ids.move_line_ids.lot_id.mapped("name")),
            )

    # Taking back

    def _take_back(self, reason):
        """Owe the warehouse the word that these goods do not come, where it heard of them."""
        for announcement in self:
            if announcement.state in TOLD:
                command = CancelAnnouncement(
                    reference=announcement.name,
                    location_external_id=announcement.warehouse_id.external_id,
                    announcement_external_id=announcement.external_id or None,
                )
                self.env["retail.outbox.command"]._put(
                    announcement.backend_id, command, f"unannounce:{announcement.name}",
                    announcement,
                )  # fmt: skip
            announcement.write({"state": "cancelled", "reason": reason})
        # Another announcement of the same delivery may follow at once.
        self.flush_recordset(["state"])

    def _replace(self, reason):
        """Take an announcement back and announce the same delivery as it is now."""
        self._take_back(reason)
        for announcement in self:
            new = self._make(announcement.warehouse_id, announcement.picking_id, "ready")
            announcement.replaced_by_id = new
            new._announce()

    # What a person learns

    def _report(self, problem):
        return self.env["retail.exception"].sudo()._report(self.backend_id, problem, record=self)

    def _is_nameless(self):
        """Tell whether no code names some of the goods, and show that to a person."""
        nameless = self.line_ids.product_id.filtered(
            lambda product: not (product.default_code or product.barcode)
        )
        exceptions = self.env["retail.exception"].sudo()
        problem = self._nameless_problem(nameless)
        if not nameless:
            exceptions._solved(self.backend_id, [fingerprint_of(problem)])
        elif not exceptions._knows(self.backend_id, problem, "open"):
            self._report(problem)
        return bool(nameless)

    def _nameless_problem(self, nameless):
        return Problem(
            error_class=ErrorClass.CONFIGURATION,
            code="announcement_without_sku",
            subject=self.name,
            title=self.env._("%(delivery)s cannot be announced", delivery=self.picking_id.name),
            cause=self.env._(
                "The warehouse knows goods by their SKU, and these have none: %(names)s. Give them "
                "an internal reference, then retry.",
                names=", ".join(nameless.mapped("display_name")),
            ),
            fix="retry",
        )
