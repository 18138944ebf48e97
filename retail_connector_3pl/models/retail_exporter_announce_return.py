from decimal import Decimal

from odoo import api, models

from odoo.addons.retail_connector_base.canonical import AnnouncedLine, AnnounceReturn, Tracking
from odoo.addons.retail_connector_base.providers import Capability


class RetailExporterAnnounceReturn(models.AbstractModel):
    """Returns that a third party's warehouse is told to expect."""

    _name = "retail.exporter.announce_return"
    _description = "Retail Exporter: announced returns"
    _inherit = ["retail.exporter"]

    _flow_kind = "announcement"
    _capability = Capability.ANNOUNCE_RETURN

    @api.model
    def _is_wanted(self, command):
        """Override: not when it was called off, or the goods are there already."""
        record = command._document()
        return bool(record and record._may_expect() and not record._is_all_here())

    @api.model
    def _on_done(self, command, result):
        """Override: the warehouse tells of it under its own id from now on."""
        record = command._document()
        for external_id in result.external_ids[:1]:
            record._bind_to(command.backend_id, external_id)


class RetailReturn(models.Model):
    """Tells third parties what customers send back."""

    _inherit = "retail.return"

    def _announce(self):
        """Tell the third party that runs the warehouse, unless it knows; once."""
        self.ensure_one()
        if not self._may_expect() or self._is_all_here():
            return
        warehouse = self.env["retail.return.finder"]._third_party(self.warehouse_id)
        backend = warehouse.backend_id
        exporter = self.env["retail.exporter.announce_return"]
        if not backend or backend in self.binding_ids.backend_id:
            return
        command = exporter._is_offered(backend) and self._announcement(warehouse)
        if command and command.lines:
            key = f"return:{self.name}"
            self.env["retail.outbox.command"]._put(backend, command, key, self)

    def _announcement(self, warehouse):
        return AnnounceReturn(
            reference=self.name,
            location_external_id=warehouse.external_id,
            order_external_id=self._released_as(warehouse),
            lines=tuple(
                each
                for line in self.line_ids
                if line.quantity > 0 and line.product_id
                for each in self._announced_lines(warehouse.backend_id, line)
            ),
            carrier=self.carrier or None,
            trackings=tuple(
                Tracking(number=number.strip())
                for number in (self.tracking or "").split(",")
                if number.strip()
            ),
        )

    def _released_as(self, warehouse):
        """Return the reference under which the warehouse sent the order."""
        domain = [("order_id", "=", self.order_id.id), ("warehouse_id", "=", warehouse.id)]
        releases = self.env["retail.release"].sudo().search(domain) if self.order_id else None
        return releases[:1].name or None if releases else None

    def _announced_lines(self, backend, line):
        """Yield what the warehouse is told of a line: a kit as its parts, unless it knows it."""
        bound = self._item_of(backend, line.product_id)
        parts = {line.product_id: Decimal(1)} if bound else line._parts()
        for product, units in parts.items():
            is_part = product != line.product_id
            yield AnnouncedLine(
                external_id=f"{line.id}-{product.id}" if is_part else str(line.id),
                sku=product.default_code or (not is_part and line.sku) or str(product.id),
                item_external_id=self._item_of(backend, product).external_id or None,
                name=product.display_name,
                quantity=Decimal(str(line.quantity)) * units,
            )

    def _item_of(self, backend, product):
        domain = [("backend_id", "=", backend.id), ("odoo_id", "=", product.id)]
        return self.env["retail.product.binding"].sudo().search(domain, limit=1)

    def _bind_to(self, backend, external_id):
        """Remember under which id a warehouse tells of a return that we announced."""
        bindings = self.env["retail.return.binding"].sudo()
        known = bindings._by_external_id(backend, [external_id])
        if not known and backend not in self.binding_ids.backend_id:
            bindings.create(
                {
                    "backend_id": backend.id,
                    "external_id": external_id,
                    "odoo_id": self.id,
                    "authorizes": False,
                }
            )
