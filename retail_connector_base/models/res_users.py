from odoo import models
from odoo.exceptions import AccessDenied


class ResUsers(models.Model):
    """Keeps the integration user a machine: it owns what backends make, and never logs in."""

    _inherit = "res.users"

    def _check_credentials(self, credential, env):
        """Override: refuse every way to log in as the integration user, whoever set a password."""
        machine = self.env.ref("retail_connector_base.user_integration", raise_if_not_found=False)
        if machine and self.env.user == machine:
            raise AccessDenied()
        return super()._check_credentials(credential, env)
