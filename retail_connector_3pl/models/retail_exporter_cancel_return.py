from odoo import api, models

from odoo.addons.retail_connector_base.canonical import CancelReturn
from odoo.addons.retail_connector_base.decisions.return_state import REFUSED
from odoo.addons.retail_connector_base.providers import Capability

STILL_ANNOUNCED = "return_still_announced"


class RetailExporterCancelReturn(models.AbstractModel):
    """Announced returns that are taken back."""

    _name = "retail.exporter.cancel_return"
    _description = "Retail Exporter: announced returns taken back"
    _inherit = ["retail.exporter"]

    _flow_kind = "announcement"
    _capability = Capability.CANCEL_RETURN

    @api.model
    def _is_wanted(self, command):
        """Override: what was never told need not be taken back, nor what is here by now."""
        record = command._document()
        told = command._siblings().filtered(lambda one: one.kind == "announce_return")
        is_told = any(one.state != "cancelled" for one in told)
        return bool(record and is_told and not record._has_come())


class RetailReturn(models.Model):
    """Tells third parties that an announced return does not come."""

    _inherit = "retail.return"

    def _withdraw(self):
        """Take the announcement of a return back that was called off; once."""
        self.ensure_one()
        for announced in self._announced_to():
            backend = announced.backend_id
            if not self.env["retail.exporter.cancel_return"]._is_offered(backend):
                continue
            bound = self.binding_ids.filtered(lambda one, of=backend: one.backend_id == of)
            command = CancelReturn(
                reference=self.name,
                location_external_id=announced._command().location_external_id,
                announcement_external_id=bound[:1].external_id or None,
            )
            key = f"unreturn:{self.name}"
            self.env["retail.outbox.command"]._put(backend, command, key, self)

    def _announced_to(self):
        """Return the announcements of a return that was called off and is still expected there."""
        announced = self.env["retail.outbox.command"].sudo()
        if self.state not in REFUSED or self._has_come():
            return announced
        over = self.binding_ids.filtered(lambda one: one.state == "cancelled").backend_id
        return announced.search(
            [
                ("kind", "=", "announce_return"),
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("state", "!=", "cancelled"),
                ("backend_id", "not in", over.ids),
            ]
        )

    def _has_come(self):
        return any(self.line_ids.mapped("received_quantity"))

    def _find_troubles(self):
        """Override: a warehouse that cannot be told goes on expecting the goods."""
        found = super()._find_troubles()
        exporter = self.env["retail.exporter.cancel_return"]
        backends = self._announced_to().backend_id
        deaf = backends.filtered(lambda one: not exporter._is_offered(one))
        if deaf:
            found[f"{STILL_ANNOUNCED}|"] = self._problem(
                STILL_ANNOUNCED, "", backend=", ".join(deaf.mapped("name"))
            )
        return found

    def _words(self, code):
        """Override: add these of announcements."""
        if code != STILL_ANNOUNCED:
            return super()._words(code)
        return (
            self.env._("%(name)s was called off, and %(backend)s still expects it"),
            self.env._(
                "This system cannot be told. Write or call the warehouse, then close this. "
                "Should the goods come all the same, they are booked and shown."
            ),
        )
