from odoo import api, models

from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass


class RetailExporterFulfill(models.AbstractModel):
    """Fulfilments of deliveries."""

    _inherit = "retail.exporter.fulfill"

    @api.model
    def _is_wanted(self, command):
        """Override: not when the channel meanwhile knows all of it by itself."""
        binding = self._order_binding(command)
        by_shop = binding.shipment_ids.filtered(lambda one: not one.command_id)
        if "shipped" not in by_shop.mapped("state"):
            return super()._is_wanted(command)
        told, delivered = binding._told_quantities(without=command), self._delivered(binding)
        lines = command._command().lines
        known = all(
            told.get(line.order_line_external_id, 0.0)
            >= max(delivered.get(line.order_line_external_id, 0.0), line.quantity)
            for line in lines
        )
        return super()._is_wanted(command) and not known

    def _delivered(self, binding):
        return {
            line.external_id: line.odoo_id.qty_delivered
            for line in self.env["retail.fulfillment"]._goods(binding)
        }

    @api.model
    def _on_done(self, command, result):
        """Override: correct parcels that changed while this was on its way."""
        done = super()._on_done(command, result)
        echoes = [f"foreign_fulfillment|{external_id}" for external_id in result.external_ids]
        self.env["retail.exception"]._solved(command.backend_id, echoes)
        document = command._document()
        if document and document._name == "stock.picking":
            self.env["retail.fulfillment"]._tell_tracking(document)
        return done

    @api.model
    def _problem(self, command, error_class, text):
        """Override: show what the channel refuses beside what left."""
        binding = self._order_binding(command)
        if error_class is not ErrorClass.DATA or not binding:
            return super()._problem(command, error_class, text)
        return Problem(
            error_class=error_class,
            code="fulfillment_refused",
            subject=command.idempotency_key,
            title=self.env._(
                "The shop refuses the fulfilment of order %(name)s", name=binding.name
            ),
            cause=self.env._(
                "It says: %(text)s Where the shop is right, cancel the command; else correct the "
                "order there, then retry.",
                text=text,
            ),
            fix="open_record",
            fix_values={"res_model": command.res_model, "res_id": command.res_id}
            if command.res_model
            else {"res_model": "sale.order", "res_id": binding.odoo_id.id},
            comparison=tuple(self._comparison(command, binding)),
        )

    def _comparison(self, command, binding):
        """Return rows of what, the channel's state and what left."""
        names = {line.external_id: line.odoo_id.display_name for line in binding.line_ids}
        told, delivered = binding._told_quantities(without=command), self._delivered(binding)
        state = binding.fulfillment_state or "unknown"
        for line in command._command().lines:
            key = line.order_line_external_id
            yield (
                names.get(key) or key,
                self.env._(
                    "%(state)s; told before: %(told)g", state=state, told=told.get(key, 0.0)
                ),
                self.env._(
                    "delivered: %(delivered)g; refused: %(quantity)g",
                    delivered=delivered.get(key, 0.0),
                    quantity=line.quantity,
                ),
            )
