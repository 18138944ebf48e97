from odoo import models
from odoo.exceptions import AccessError

from odoo.addons.retail_connector_base.providers import Capability


class RetailBackend(models.Model):
    """The gateways of a backend are part of its set-up."""

    _inherit = "retail.backend"

    def _setup_steps(self, offered):
        """Override: what reports payments needs accounts, before or after it starts."""
        steps = super()._setup_steps(offered)
        if Capability.PAYMENTS_IN in offered:
            steps.insert(-1, self._step_gateways())
        return steps

    def _step_gateways(self):
        gateways = self.env["retail.gateway"].search([("backend_id", "=", self.id)])
        unset = gateways.filtered(lambda gateway: gateway.booking == "unset")
        if unset:
            hint = self.env._("To decide: %(names)s.", names=", ".join(unset.mapped("name")))
        elif gateways:
            hint = self.env._("Every gateway has its accounts, or is booked elsewhere.")
        else:
            hint = self.env._("Journal and accounts of what it reports; payments are kept anyway.")
        return {
            "code": "gateways",
            "label": self.env._("Set up the gateway"),
            "hint": hint,
            "done": bool(gateways) and not unset,
            "optional": True,
            "button": "action_set_up_gateways",
            "button_label": self.env._("Set Up Accounts"),
        }

    def action_set_up_gateways(self):
        """Open the set-up of the gateways that nothing was decided of; make the own one if none."""
        self.ensure_one()
        self.check_access("read")
        gateways = self.env["retail.gateway"]
        if not gateways._may_set_up():
            raise AccessError(
                self.env._("Gateways are set up by an accountant or an administrator.")
            )
        found = gateways.search([("backend_id", "=", self.id)])
        if not found:
            found = gateways.sudo()._of(self, [None])[None].with_env(self.env)
        unset = found.filtered(lambda gateway: gateway.booking == "unset")
        return self.env["retail.gateway.setup"]._open(unset or found)
