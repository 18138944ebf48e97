from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.retail_connector_base.providers import Capability


class RetailBackend(models.Model):
    """What the form and the overview show of an estate, and where their buttons lead."""

    _inherit = "retail.backend"

    takes_tickets = fields.Boolean(compute="_compute_takes_tickets")
    lists_registers = fields.Boolean(compute="_compute_takes_tickets")
    pos_store_count = fields.Integer(compute="_compute_pos_counts", string="Stores Known")
    pos_setup_count = fields.Integer(compute="_compute_pos_counts", string="To Set Up")
    pos_different_count = fields.Integer(
        compute="_compute_pos_counts", string="Days That Do Not Tie"
    )
    pos_open_count = fields.Integer(compute="_compute_pos_counts", string="Days Open")
    pos_stock_waiting_count = fields.Integer(
        compute="_compute_pos_counts", string="Tickets Whose Goods Wait"
    )

    @api.depends("provider")
    def _compute_takes_tickets(self):
        for backend in self:
            provider = backend._provider_class()
            offered = provider.capabilities if provider else ()
            backend.takes_tickets = Capability.TICKETS_IN in offered
            backend.lists_registers = Capability.REGISTERS in offered

    @api.depends("pos_store_ids.odoo_id", "pos_register_ids.odoo_id")
    def _compute_pos_counts(self):
        stores = self._pos_counts("retail.pos.store", [])
        unset = self._pos_counts("retail.pos.store", [("odoo_id", "=", False)])
        registers = self._pos_counts("retail.pos.register", [("odoo_id", "=", False)])
        days = self._pos_counts("retail.pos.day", [("state", "!=", "closed")], "state")
        tickets = self._pos_counts(
            "retail.pos.ticket", [("stock_state", "in", ("waiting", "failed"))]
        )
        for backend in self:
            backend.pos_store_count = stores.get(backend, 0)
            backend.pos_setup_count = unset.get(backend, 0) + registers.get(backend, 0)
            by_state = days.get(backend, {})
            backend.pos_different_count = by_state.get("different", 0)
            backend.pos_open_count = sum(by_state.values())
            backend.pos_stock_waiting_count = tickets.get(backend, 0)

    def _pos_counts(self, name, domain, by=None):
        """Return counts of records by backend; by backend and value of a field if ``by`` is one."""
        wanted = [("backend_id", "in", self.ids), *domain]
        fields_ = ["backend_id", by] if by else ["backend_id"]
        groups = self.env[name]._read_group(wanted, fields_, ["__count"])
        if not by:
            return dict(groups)
        found = {}
        for backend, value, count in groups:
            found.setdefault(backend, {})[value] = count
        return found

    # Set-up

    def _setup_steps(self, offered):
        """Override: tickets wait until their stores and registers are known."""
        steps = super()._setup_steps(offered)
        if Capability.TICKETS_IN in offered:
            steps.insert(-1, self._step_stores())
        return steps

    def _step_stores(self):
        waiting, known = self.pos_setup_count, self.pos_store_count
        if waiting:
            hint = self.env._(
                "%(count)s stores and registers wait for their place in Odoo.", count=waiting
            )
        elif known:
            hint = self.env._("Every store has its warehouse, every register its point of sale.")
        else:
            hint = self.env._("They can be listed before, or show up with the first tickets.")
        return {
            "code": "stores",
            "label": self.env._("Set up the stores"),
            "hint": hint,
            "done": bool(known) and not waiting,
            "optional": True,
            "button": "action_set_up_stores",
            "button_label": self.env._("Set Up Stores"),
        }

    def action_set_up_stores(self):
        """Open the wizard that proposes what stores, registers, tenders and staff are in Odoo."""
        self.ensure_one()
        return self.env["retail.pos.setup"]._open(self)

    def _check_may_set_up_stores(self):
        """Raise ``AccessError`` unless the user may say what an estate is in Odoo."""
        self.check_access("read")
        roles = ("administrator", "accountant")
        groups = (f"retail_connector_base.group_{role}" for role in roles)
        if not (self.env.su or any(self.env.user.has_group(group) for group in groups)):
            raise AccessError(
                self.env._("Stores are set up by an administrator, tenders by an accountant, too.")
            )

    # Where the buttons lead

    def action_open_stores(self):
        """Open the stores of this estate."""
        return self._open("retail_connector_pos.retail_pos_store_action")

    def action_open_registers(self):
        """Open the registers of this estate."""
        return self._open("retail_connector_pos.retail_pos_register_action", by_store=1)

    def action_open_tickets(self):
        """Open the tickets of this estate."""
        return self._open("retail_connector_pos.retail_pos_ticket_action")

    def action_open_pos_days(self):
        """Open the business days of this estate that are not closed."""
        return self._open("retail_connector_pos.retail_pos_day_action")

    def action_open_pos_mappings(self):
        """Open what registers call tenders, taxes and people."""
        action = self.action_open_mappings()
        kinds = ("pos_tender", "pos_staff", "tax")
        return {**action, "domain": [*action["domain"], ("kind", "in", kinds)]}
