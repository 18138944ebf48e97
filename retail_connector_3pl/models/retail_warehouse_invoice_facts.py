from decimal import Decimal

from odoo import models

from ..decisions.invoice_check import Facts, Per

# Units that lay in a warehouse's locations at the end of each day of a period, added up: what was
# there before counts for all days, what came or left within it for those that were left.
UNIT_DAYS = """
    SELECT line.product_id, sum(
           CASE WHEN line.location_dest_id = ANY(%(places)s) THEN line.quantity_product_uom
                ELSE -line.quantity_product_uom END
           * (%(end)s::date - greatest(line.date::date, %(start)s::date) + 1))
      FROM stock_move_line line
     WHERE line.state = 'done' AND line.date::date <= %(end)s::date
       AND (line.location_id = ANY(%(places)s)) IS DISTINCT FROM
           (line.location_dest_id = ANY(%(places)s))
     GROUP BY line.product_id
"""


class RetailWarehouseInvoice(models.Model):
    """What is known here of the work that an invoice charges for, read in a few queries."""

    _inherit = "retail.warehouse.invoice"

    def _facts_finder(self):
        """Return a function that gives (facts, values that link the work) of a line."""
        finders = {
            "tracking_number": self._parcel_facts(),
            "shipment_reference": self._shipment_facts(),
            "receipt_reference": self._receipt_facts(),
            "order_reference": self._order_facts(),
        }
        unit_days = self._unit_days_finder()

        def find(line):
            if line.service == "storage" and not line.receipt_reference:
                return Facts(True, unit_days(line)), {}
            for name, known in finders.items():
                if line[name] and line[name] in known:
                    return known[line[name]]
            return Facts(), {}

        return find

    def _told(self, name):
        return list(set(self.line_ids.mapped(name)) - {False})

    # What left

    def _parcel_facts(self):
        told = self._told("tracking_number")
        packages = (
            self.env["stock.package"]
            .sudo()
            .search(
                [
                    ("retail_tracking_ref", "in", told),
                    ("retail_shipment_id.backend_id", "=", self.backend_id.id),
                ]
            )
        )
        found = {}
        for package in packages:
            release = package.retail_shipment_id.release_id
            facts = self._facts_of_parcels(package, package.retail_shipment_id)
            found[package.retail_tracking_ref] = facts, {"release_id": release.id}
        return self._loose_parcels(told, found) | found

    def _loose_parcels(self, told, found):
        """Return those that a shipment names without saying what lies in them."""
        missing = set(told) - found.keys()
        shipments = self.env["retail.warehouse.shipment"].sudo()
        domain = [("backend_id", "=", self.backend_id.id), ("tracking", "!=", False)]
        loose = {}
        for shipment in shipments.search(domain) if missing else shipments:
            numbers = shipment.tracking.replace(",", " ").split()
            for number in missing & set(numbers):
                quantities = {Per.PARCEL: Decimal(1), Per.ORDER: Decimal(1), Per.FLAT: Decimal(1)}
                facts = Facts(True, quantities, shipment.carrier or None)
                loose[number] = facts, {"release_id": shipment.release_id.id}
        return loose

    def _facts_of_parcels(self, packages, shipment):
        grams = sum(Decimal(str(round(one.shipping_weight * 1000, 3))) for one in packages)
        quantities = {
            Per.PARCEL: Decimal(len(packages)),
            Per.ORDER: Decimal(1),
            Per.FLAT: Decimal(1),
        }
        if grams:
            quantities[Per.KG] = grams / 1000
        carrier = packages[:1].retail_carrier or shipment.carrier or None
        return Facts(True, quantities, carrier, grams or None)

    def _shipment_facts(self):
        domain = [
            ("backend_id", "=", self.backend_id.id),
            ("external_id", "in", self._told("shipment_reference")),
        ]
        shipments = self.env["retail.warehouse.shipment"].sudo().search(domain)
        return {
            one.external_id: (self._facts_of_shipments(one), {"release_id": one.release_id.id})
            for one in shipments
        }

    def _order_facts(self):
        told = self._told("order_reference")
        domain = [("backend_id", "=", self.backend_id.id)]
        releases = self.env["retail.release"].sudo()
        by_name = releases.search([*domain, ("name", "in", told)]).grouped("name")
        by_id = releases.search([*domain, ("external_id", "in", told)]).grouped("external_id")
        return {
            key: (self._facts_of_shipments(release.shipment_ids), {"release_id": release.id})
            for key, release in (by_id | by_name).items()
        } | self._return_facts(told)

    def _facts_of_shipments(self, shipments):
        """Return what was done for shipments: nothing for those that never left."""
        left = shipments.filtered(lambda one: one.state == "shipped")
        moves = left.move_binding_ids
        parcels = left.package_ids
        numbers = {
            number for one in left for number in (one.tracking or "").replace(",", " ").split()
        }
        base = self._facts_of_parcels(parcels, left[:1])
        return Facts(
            True,
            {
                **base.quantities,
                Per.UNIT: Decimal(str(sum(moves.mapped("quantity")))),
                Per.LINE: Decimal(len(moves.odoo_id.product_id)),
                Per.ORDER: Decimal(len(left.release_id)),
                Per.PARCEL: Decimal(len(parcels) or len(numbers) or len(left)),
                Per.FLAT: Decimal(bool(left)),
            },
            base.carrier,
            base.weight,
        )

    # What came

    def _receipt_facts(self):
        told = self._told("receipt_reference")
        domain = [("backend_id", "=", self.backend_id.id)]
        receipts = self.env["retail.receipt"].sudo()
        announced = receipts.search([*domain, ("announcement_id.name", "in", told)])
        groups = announced.grouped(lambda one: one.announcement_id.name)
        found = {
            key: (self._facts_of_receipts(group), {"receipt_id": group[:1].id})
            for key, group in groups.items()
        }
        known = receipts.search([*domain, ("external_id", "in", told)])
        own = {
            one.external_id: (self._facts_of_receipts(one), {"receipt_id": one.id}) for one in known
        }
        return self._return_facts(told) | found | own

    def _facts_of_receipts(self, receipts):
        lines = receipts.line_ids.filtered(lambda line: line.quantity > 0)
        return Facts(
            True,
            {
                Per.UNIT: Decimal(str(sum(lines.mapped("quantity")))),
                Per.LINE: Decimal(len(lines.product_id)),
                Per.ORDER: Decimal(len(receipts)),
                Per.FLAT: Decimal(len(receipts)),
            },
        )

    def _return_facts(self, told):
        """Return what came back under these numbers."""
        returns = self.env["retail.return"].sudo()
        domain = [("company_id", "=", self.company_id.id)]
        found = {}
        for name in ("rma", "name"):
            for one in returns.search([*domain, (name, "in", told)]):
                found[one[name]] = self._facts_of_return(one), {}
        return found

    def _facts_of_return(self, returned):
        lines = returned.line_ids.filtered("received_quantity")
        return Facts(
            True,
            {
                Per.UNIT: Decimal(str(sum(lines.mapped("received_quantity")))),
                Per.LINE: Decimal(len(lines)),
                Per.ORDER: Decimal(bool(lines)),
                Per.FLAT: Decimal(bool(lines)),
            },
        )

    # What lay there

    def _unit_days_finder(self):
        """Return a function that gives the unit-days of a storage line, of one item or of all."""
        cache = {}

        def find(line):
            start = line.charged_on or self.period_start
            end = line.charged_on or self.period_end
            house = self.warehouse_id.odoo_id
            if not (start and end and house):
                return {}
            if (start, end) not in cache:
                cache[start, end] = self._unit_days(house, start, end)
            return {Per.UNIT_DAY: self._of_item(cache[start, end], line), Per.FLAT: Decimal(1)}

        return find

    def _unit_days(self, house, start, end):
        places = self.env["stock.location"].search([("id", "child_of", house.view_location_id.id)])
        self.env["stock.move.line"].flush_model()
        self.env.cr.execute(UNIT_DAYS, {"places": places.ids, "start": start, "end": end})
        return {product: Decimal(str(units)) for product, units in self.env.cr.fetchall()}

    def _of_item(self, unit_days, line):
        if not line.sku:
            return sum(unit_days.values(), Decimal())
        find = self.env["retail.importer.receipt"]._product_finder(self.backend_id, {line.sku})
        product = find(line.sku)
        return unit_days.get(product.id, Decimal()) if product else Decimal()
