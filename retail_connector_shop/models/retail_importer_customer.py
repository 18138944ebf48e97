from odoo import models

from odoo.addons.retail_connector_base.canonical import Customer
from odoo.addons.retail_connector_base.decisions.outcome import ImportResult, Outcome

from .customer_need import CustomerNeed


class RetailImporterCustomer(models.AbstractModel):
    """Makes partners of customers, and passes on what the channel changes of them."""

    _name = "retail.importer.customer"
    _description = "Retail Importer: customers"
    _inherit = ["retail.importer"]

    _binding_model = "retail.partner.binding"

    def _apply(self, backend, pairs):
        """Override: import the customers of a batch."""
        importer = self.with_context(**self.env["retail.order.binding"]._quiet(backend))
        new = [item for item, binding in pairs if not binding]
        importer._bind_new(backend, new)
        bindings = importer.env[self._binding_model]._by_external_id(
            backend, [item.canonical.external_id for item, _binding in pairs]
        )
        for item, known in pairs:
            binding = bindings[item.canonical.external_id]
            if known:
                importer._update_partner(binding, item.canonical)
            binding.write(importer._binding_values(item))
        return {
            item.message_id: ImportResult(
                Outcome.DONE,
                record=("res.partner", bindings[item.canonical.external_id].odoo_id.id),
            )
            for item, _binding in pairs
        }

    def _bind_new(self, backend, items):
        needs = [
            CustomerNeed(item.message_id, item.canonical, address=item.canonical.default_address)
            for item in items
        ]
        self.env["retail.customer.resolver"]._partners(backend, needs)

    def _binding_values(self, item):
        customer = item.canonical
        return {
            **self.env[self._binding_model]._state_values(item),
            "email": customer.email,
            "phone": customer.phone,
            "snapshot": customer.model_dump(mode="json"),
        }

    def _update_partner(self, binding, customer):
        """Write what the channel changed, unless somebody changed the same in Odoo."""
        before = binding.snapshot and Customer.model_validate(binding.snapshot)
        partner, values = binding.odoo_id, {}
        for field, attribute in (("name", "display_name"), ("email", "email"), ("phone", "phone")):
            old, new = before and getattr(before, attribute), getattr(customer, attribute)
            untouched = not partner[field] or partner[field] == old
            if new and new != old and untouched:
                values[field] = new
        if values:
            partner.write(values)

    def _on_deleted(self, binding):
        """Leave the partner: orders and invoices are his."""
