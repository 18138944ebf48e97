from odoo import api, fields, models

from ..decisions.api_scope import SCOPES


class RetailApiScope(models.Model):
    """One thing that an API client may be allowed: a domain in one direction."""

    _name = "retail.api.scope"
    _description = "Retail API Scope"
    _order = "direction desc, code"
    _rec_name = "label"
    _rec_names_search = ["label", "code"]

    code = fields.Char(required=True, readonly=True, help="As it is named to the other side.")
    label = fields.Char(readonly=True, string="Allows to", translate=True)
    direction = fields.Selection(
        [("write", "Send"), ("read", "Read")], required=True, readonly=True
    )

    _code_unique = models.UniqueIndex("(code)", "A scope exists once.")

    @api.model
    def _sync_routes(self):
        """Create the scopes of all routes; called with every installation and upgrade."""
        known = set(self.search([]).mapped("code"))
        self.create(
            [
                {"code": code, "label": label, "direction": code.rpartition(":")[2]}
                for code, label in SCOPES.items()
                if code not in known
            ]
        )

    @api.model
    def _of(self, codes):
        """Return the records of scopes."""
        return self.search([("code", "in", list(codes))])
