from datetime import timezone

from odoo import api, fields, models

from ..decisions.outcome import ImportResult, Outcome
from ..decisions.problem import Problem
from ..decisions.version import Verdict, judge
from ..providers.errors import ErrorClass


class RetailImporterStockLevel(models.AbstractModel):
    """Levels of a system that owns stock are its word, not an echo of ours."""

    _inherit = "retail.importer.stock_level"

    @api.model
    def _import_batch(self, backend, items):
        """Override: who owns stock decides whether a level is taken or only read again."""
        if backend._owns("stock", "stock"):
            return self._take_owned_levels(backend, items)
        return super()._import_batch(backend, items)

    def _take_owned_levels(self, backend, items):
        """Keep what the owner of stock can sell, and have the other channels told."""
        places = self._owned_places(backend, {i.canonical.location_external_id for i in items})
        table = self.env["retail.external.availability"]
        names = {item.canonical.inventory_item_external_id for item in items}
        rows = table.search([("backend_id", "=", backend.id), ("item", "in", list(names))])
        known = {(row.item, row.location_binding_id): row for row in rows}
        products = table._products(backend, names)
        results = {}
        for item in items:
            level = item.canonical
            place = places[level.location_external_id]
            row = known.get((level.inventory_item_external_id, place), table)
            results[item.message_id] = self._take_level(backend, item, place, row, products)
        self.env["retail.change"]._note(
            "stock_level", [product.id for product in products.values()]
        )
        return results

    def _take_level(self, backend, item, place, row, products):
        verdict = judge(row._seen() if row else None, item.seen())
        record = (row._name, row.id) if row else None
        if verdict is Verdict.STALE:
            return ImportResult(Outcome.SUPERSEDED, self.env._("A newer count was taken."), record)
        if verdict is Verdict.SAME:
            row.heard_at = fields.Datetime.now()
            note = self.env._("This count was taken before.")
            return ImportResult(Outcome.DONE, note, record)
        # Nobody can tell which of two counts of one moment holds: the lower one is safe.
        if verdict is Verdict.REFETCH and (item.canonical.available or 0) >= row.quantity:
            note = self.env._("A lower count of the same moment holds.")
            return ImportResult(Outcome.SUPERSEDED, note, record)
        product = products.get(item.canonical.inventory_item_external_id)
        values = self._level_values(item, product)
        if row:
            row.write(values)
        else:
            row = row.create(
                {
                    **values,
                    "backend_id": backend.id,
                    "location_binding_id": place.id,
                    "item": item.canonical.inventory_item_external_id,
                }
            )
        note = "" if product else self.env._("The item is not in Odoo yet.")
        return ImportResult(Outcome.DONE, note, (row._name, row.id))

    def _level_values(self, item, product):
        level, now = item.canonical, fields.Datetime.now()
        told = level.updated_at and level.updated_at.astimezone(timezone.utc).replace(tzinfo=None)
        counted = level.connected and level.available is not None
        values = {
            "quantity": float(level.available) if counted else 0,
            "is_counted": counted,
            # A clock that runs fast must not hide orders that came after the count.
            "observed_at": min(told, now) if told else now,
            "heard_at": now,
            "external_version": str(level.version or item.observed_at),
            "external_observed_at": str(item.observed_at),
            "external_hash": item.content_hash,
        }
        return {**values, "product_id": product.id} if product else values

    def _owned_places(self, backend, external_ids):
        """Return the places of a platform by its ids; one that is new waits to be mapped."""
        bindings = self.env["retail.location.binding"]
        found = bindings._by_external_id(backend, external_ids)
        for external_id in sorted(external_ids - found.keys()):
            found[external_id] = bindings.create(
                {"backend_id": backend.id, "external_id": external_id, "name": external_id}
            )
            self._report_place(backend, found[external_id])
        return found

    def _report_place(self, backend, place):
        problem = Problem(
            error_class=ErrorClass.CONFIGURATION,
            code="stock_place_unmapped",
            subject=place.external_id,
            title=self.env._("Which location is “%(name)s”?", name=place.external_id),
            cause=self.env._(
                "%(backend)s owns stock and counts it there. Its quantities are kept, and count "
                "once the place has a location in Odoo (Configuration → Locations).",
                backend=backend.name,
            ),
            fix="open_backend",
        )
        self.env["retail.exception"]._report(backend, problem, record=place)
