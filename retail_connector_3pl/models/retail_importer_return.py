from odoo import api, models

from odoo.addons.retail_connector_base.canonical import ReturnState
from odoo.addons.retail_connector_base.decisions.outcome import ImportResult, Outcome
from odoo.addons.retail_connector_base.decisions.problem import (
    ImportProblem,
    ItemFailures,
    Problem,
)
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.return_receipt import HERE


class RetailImporterReturn(models.AbstractModel):
    """Returns as any system tells of them: each is bound, several may be bound to one return.

    Goods do not move here: the warehouse's lane does that (``retail.return._move_goods``). A return
    of an order that is not known is kept, and tied to it once the order is there.
    """

    _name = "retail.importer.return"
    _description = "Retail Importer: returns"
    _inherit = ["retail.importer"]

    _binding_model = "retail.return.binding"

    @api.model
    def _apply(self, backend, pairs):
        """Override: find or make each return, and take over what is told."""
        failures, results = {}, {}
        for item, binding in pairs:
            try:
                with self.env.cr.savepoint():
                    results[item.message_id] = self._apply_one(backend, item, binding)
            except ImportProblem as problem:
                failures[item.message_id] = problem
        if failures:
            raise ItemFailures(failures)
        return results

    def _apply_one(self, backend, item, binding):
        told = item.canonical
        finder = self.env["retail.return.finder"]
        order = finder._order_of(backend, told.order_external_id)
        self._check_place(backend, told, finder, order)
        if not binding:
            record = finder._find(backend, told, order) or self._new(backend, told)
            binding = self._bind(backend, item, record)
        binding.write(self._values(item))
        record = binding.odoo_id
        record._take(binding, told)
        record._changed()
        return ImportResult(Outcome.DONE, "", (record._name, record.id))

    def _new(self, backend, told):
        """Make a return that nobody told of before."""
        here_at_once = told.state in HERE and bool(backend.sudo().warehouse_ids)
        return self.env["retail.return"]._make(
            backend,
            rma=(told.name or "").strip() or False,
            state="requested",
            unannounced=here_at_once,
        )

    def _bind(self, backend, item, record):
        told = item.canonical
        a_warehouse = bool(backend.sudo().warehouse_ids)
        return self.env[self._binding_model].create(
            {
                **self._values(item),
                "backend_id": backend.id,
                "external_id": told.external_id,
                "odoo_id": record.id,
                "authorizes": not a_warehouse or not (told.state in HERE or record.binding_ids),
            }
        )

    def _values(self, item):
        told = item.canonical
        return {
            **self.env[self._binding_model]._state_values(item),
            "name": told.name,
            "state": told.state.value,
            "snapshot": told.model_dump(mode="json"),
        }

    def _check_place(self, backend, told, finder, order):
        """Raise ``ImportProblem`` where goods are here, at a place that nobody knows."""
        if told.state not in HERE or finder._warehouse(backend, told.location_external_id, order):
            return
        raise ImportProblem(
            Problem(
                error_class=ErrorClass.CONFIGURATION,
                code="return_place_unknown",
                subject=told.location_external_id or "",
                title=self.env._(
                    "Goods came back to “%(place)s”, which is no warehouse here",
                    place=told.location_external_id or "–",
                ),
                cause=self.env._(
                    "Say which warehouse it is: with the backend's warehouses, stores or "
                    "locations. Then retry."
                ),
                fix="open_backend",
            )
        )

    @api.model
    def _on_deleted(self, binding):
        """Override: a return that a system deleted is called off there, as far as it can be."""
        binding.state = ReturnState.CANCELLED.value
        record = binding.odoo_id
        others = record.binding_ids - binding
        if not others and not any(record.line_ids.mapped("received_quantity")):
            record._advance("cancelled")
            record._changed()
