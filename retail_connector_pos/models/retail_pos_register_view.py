from odoo import api, fields, models

from .retail_pos_day import STATES


class RetailPosRegister(models.Model):
    """What is shown of a register, and where its buttons lead."""

    _inherit = "retail.pos.register"

    warehouse_id = fields.Many2one(related="store_id.odoo_id", string="Warehouse")
    code = fields.Char(compute="_compute_code", string="Id", help="As the register sends it.")
    cash_method_id = fields.Many2one(
        "pos.payment.method", compute="_compute_cash_method_id", string="Cash Drawer"
    )
    setup_state = fields.Selection(
        [("setup", "To Set Up"), ("ready", "Ready")], compute="_compute_setup_state", string="State"
    )
    last_date = fields.Date(compute="_compute_last_day", string="Business Day")
    day_state = fields.Selection(STATES, compute="_compute_last_day", string="Its State")

    def _own_name(self):
        """Return what a register is called inside its store."""
        self.ensure_one()
        return self.name or self.code

    @api.depends("external_id", "store_id.external_id")
    def _compute_code(self):
        for register in self:
            store = f"{register.store_id.external_id}:"
            register.code = (register.external_id or "").removeprefix(store)

    @api.depends("odoo_id.payment_method_ids")
    def _compute_cash_method_id(self):
        for register in self.sudo():
            cash = register.odoo_id.payment_method_ids.filtered("is_cash_count")
            register.cash_method_id = cash[:1]

    @api.depends("odoo_id", "store_id.odoo_id")
    def _compute_setup_state(self):
        for register in self:
            ready = register.odoo_id and register.store_id.odoo_id
            register.setup_state = "ready" if ready else "setup"

    def _compute_last_day(self):
        days = self.env["retail.pos.day"]
        groups = days._read_group(
            [("register_id", "in", self.ids)], ["register_id"], ["business_date:max"]
        )
        last = {(register, date) for register, date in groups}
        dates = list({date for _register, date in last})
        found = days.search(
            [("register_id", "in", self.ids), ("business_date", "in", dates)]
        ).filtered(lambda day: (day.register_id, day.business_date) in last)
        by_register = {day.register_id: day for day in found}
        for register in self:
            day = by_register.get(register, days)
            register.last_date, register.day_state = day.business_date, day.state

    def action_open_tickets(self):
        """Open the tickets of this register."""
        return self._open_own("retail_pos_ticket_action")

    def action_open_days(self):
        """Open the business days of this register."""
        return self._open_own("retail_pos_day_action")

    def _open_own(self, name):
        self.ensure_one()
        self.check_access("read")
        xmlid = f"retail_connector_pos.{name}"
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return {**action, "domain": [("register_id", "=", self.id)], "context": {}}
