from dataclasses import dataclass
from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.retail_connector_base.decisions.return_number import plain

from ..decisions.return_match import Known, Told, find


@dataclass(frozen=True)
class Item:
    """What the product resolver looks for."""

    sku: str | None
    barcode: str | None = None


class RetailBackend(models.Model):
    """Whose orders a returns tool tells of."""

    _inherit = "retail.backend"

    return_orders_backend_id = fields.Many2one(
        "retail.backend",
        string="Returns Are of Orders Of",
        domain="[('id', '!=', id), ('company_id', '=', company_id)]",
        check_company=True,
        help="Whose ids of orders and of their lines this system's returns name. Empty: its own.",
    )

    def _governed_fields(self):
        """Override: whose orders are given back is configuration."""
        return super()._governed_fields() | {"return_orders_backend_id"}


class RetailReturnFinder(models.AbstractModel):
    """Finds what messages about returns name: orders and their lines, returns, warehouses, items.

    An order is looked for by the system's own id of it, the release's reference, the id of the
    system that the backend is linked with, our order's name, and the number the customer knows.
    """

    _name = "retail.return.finder"
    _description = "Retail Connector: what returns are of"

    # Orders

    @api.model
    def _order_of(self, backend, external_id):
        """Return the sale order that a system calls this, empty where none is known."""
        none = self.env["sale.order"]
        if not external_id:
            return none
        bindings = self.env["retail.order.binding"]
        for owner in (backend, backend.return_orders_backend_id):
            found = owner and bindings._by_external_id(owner, [external_id]).get(external_id)
            if found:
                return found.odoo_id
        return self._by_release(backend, external_id) or self._by_number(backend, external_id)

    def _by_release(self, backend, reference):
        domain = [("company_id", "=", backend.company_id.id), ("name", "=", reference)]
        releases = self.env["retail.release"].search(domain)
        own = releases.filtered(lambda release: release.backend_id == backend)
        return (own or releases)[:1].order_id

    def _by_number(self, backend, number):
        company = [("company_id", "=", backend.company_id.id)]
        orders = self.env["sale.order"].search([*company, ("name", "=", number)], limit=2)
        if len(orders) == 1:
            return orders
        names = [number, f"#{number}", number.removeprefix("#")]
        bindings = self.env["retail.order.binding"].search([*company, ("name", "in", names)])
        return bindings.odoo_id if len(bindings.odoo_id) == 1 else orders.browse()

    @api.model
    def _sale_line(self, backend, order, line_external_id):
        """Return the order line that a system calls this, empty where none is known."""
        none = self.env["sale.order.line"]
        if not (order and line_external_id):
            return none
        lines = order.retail_binding_ids.line_ids.filtered(
            lambda line: line.external_id == line_external_id and line.part == "line"
        )
        owners = (backend, backend.return_orders_backend_id)
        best = lines.filtered(lambda line: line.backend_id in owners) or lines
        if best.odoo_id:
            return best.odoo_id[:1]
        released = self.env["retail.release.line"].search(
            [("release_id.order_id", "=", order.id), ("external_id", "=", line_external_id)],
            limit=1,
        )
        found = released.move_id.sale_line_id
        if not found and released:
            found = order.order_line.filtered(lambda one: one.product_id == released.product_id)
        return found[:1]

    # Items

    @api.model
    def _products(self, backend, skus):
        """Return the products of SKUs, by SKU; what is not known is left out."""
        items = {sku: Item(sku) for sku in set(skus) - {None, ""}}
        if not items:
            return {}
        resolver = self.env["retail.product.resolver"]
        product = resolver._finder(backend, items.values(), lambda item: item.sku)
        found = {sku: product(item) for sku, item in items.items()}
        missing = [sku for sku, one in found.items() if not one]
        if missing:
            found |= self._by_code(backend, missing)
        return {sku: one for sku, one in found.items() if one}

    def _by_code(self, backend, skus):
        """Return products by our own code, which warehouses are told."""
        companies = (False, backend.company_id.id)
        domain = [("default_code", "in", skus), ("company_id", "in", companies)]
        products = self.env["product.product"].search(domain).grouped("default_code")
        return {sku: found for sku, found in products.items() if len(found) == 1}

    # Warehouses

    @api.model
    def _warehouse(self, backend, location, order):
        """Return the warehouse that a system means, else the one that the order left from.

        Empty where the place is named and not known.
        """
        if location:
            return self._named_warehouse(backend, location)
        own = backend.warehouse_ids.filtered("odoo_id")
        shipped = order.picking_ids.filtered(lambda one: one.state == "done")
        usual = shipped.picking_type_id.warehouse_id[:1] or order.warehouse_id
        if usual in own.odoo_id or len(own.odoo_id) != 1:
            return usual or self._any_warehouse(backend)
        return own.odoo_id

    def _named_warehouse(self, backend, location):
        for model in ("retail.warehouse", "retail.pos.store"):
            if model in self.env:
                found = self.env[model].sudo()._by_external_id(backend, [location]).get(location)
                if found and found.odoo_id:
                    return found.odoo_id
        places = self.env["retail.location.binding"].sudo()._by_external_id(backend, [location])
        return places[location].odoo_id.warehouse_id if places else self.env["stock.warehouse"]

    def _any_warehouse(self, backend):
        domain = [("company_id", "=", backend.company_id.id)]
        return self.env["stock.warehouse"].search(domain, order="sequence, id", limit=1)

    @api.model
    def _runs(self, backend, warehouse):
        """Tell whether a system has the goods of a warehouse in its hands."""
        if warehouse in backend.sudo().warehouse_ids.odoo_id:
            return True
        if "retail.pos.store" not in self.env:
            return False
        domain = [("backend_id", "=", backend.id), ("odoo_id", "=", warehouse.id)]
        return bool(self.env["retail.pos.store"].sudo().search_count(domain, limit=1))

    @api.model
    def _third_party(self, warehouse):
        """Return the third party's warehouse that a warehouse is, empty for our own."""
        third_parties = self.env["retail.warehouse"].sudo()
        if not warehouse:
            return third_parties
        return third_parties.search([("odoo_id", "=", warehouse.id)], limit=1)

    # Returns

    @api.model
    def _find(self, backend, told, order):
        """Return the return that a message tells of, which another system told of before."""
        returns = self.env["retail.return"]
        candidates = returns.search(self._candidates(backend, told, order), order="id")
        wanted = Told(
            external_id=told.external_id,
            number=told.name,
            order=order.id or None,
            units=self._units(backend, order, told),
            in_parts=bool(backend.sudo().warehouse_ids),
        )
        return returns.browse(find([self._known(backend, one) for one in candidates], wanted))

    def _candidates(self, backend, told, order):
        found = Domain("name", "=ilike", told.external_id)
        number = plain(told.name)
        if number:
            found |= Domain("name", "=ilike", number) | Domain("rma_key", "=", number)
            found |= Domain("binding_ids.name_key", "=", number)
        if order:
            found |= Domain("order_id", "=", order.id)
        return Domain("company_id", "=", backend.company_id.id) & found

    def _known(self, backend, record):
        numbers = [record.rma, *record.binding_ids.mapped("name")]
        return Known(
            key=record.id,
            reference=record.name,
            numbers=tuple(name for name in numbers if name),
            order=record.order_id.id or None,
            units=frozenset(
                (line.product_id.id, Decimal(str(line.quantity))) for line in record.line_ids
            ),
            told_by_it=backend in record.binding_ids.filtered("snapshot").backend_id,
            is_over=record.state in ("rejected", "cancelled", "completed"),
        )

    def _units(self, backend, order, told):
        found = {}
        # A warehouse may tell of the parts of kits that were sold.
        draft = self.env["retail.return"].new({"order_id": order.id, "backend_id": backend.id})
        told = draft._as_kits(backend, told)
        products = self._products(backend, [line.sku for line in told.lines])
        for line in told.lines:
            sale_line = self._sale_line(backend, order, line.order_line_external_id)
            product = sale_line.product_id or products.get(line.sku)
            if product:
                found[product.id] = found.get(product.id, Decimal(0)) + line.quantity
        return frozenset(found.items())
