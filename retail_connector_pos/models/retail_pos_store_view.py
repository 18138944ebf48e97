from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

ESTATE_STATES = [
    ("setup", "To Set Up"),
    ("different", "Does Not Tie"),
    ("open", "Open"),
    ("closed", "Closed"),
    ("quiet", "No Day Yet"),
]


class RetailPosStore(models.Model):
    """What the estate's page shows of a store: its last business day, register by register."""

    _inherit = "retail.pos.store"

    register_count = fields.Integer(compute="_compute_estate", string="Registers")
    setup_count = fields.Integer(compute="_compute_estate", string="Registers to Set Up")
    estate_state = fields.Selection(ESTATE_STATES, compute="_compute_estate", string="State")
    last_date = fields.Date(compute="_compute_estate", string="Business Day")
    register_states = fields.Json(compute="_compute_estate", help="The day of each register.")
    day_count = fields.Integer(compute="_compute_estate", string="Days")
    closed_count = fields.Integer(compute="_compute_estate", string="Closed")
    different_count = fields.Integer(
        compute="_compute_estate", string="Days That Do Not Tie", help="Of any date."
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    ticket_count = fields.Integer(compute="_compute_tickets", string="Tickets")
    ticket_total = fields.Monetary(
        compute="_compute_tickets",
        string="Sales",
        help="What the tickets of the last business day in the company's currency come to.",
    )
    stock_waiting_count = fields.Integer(compute="_compute_tickets", string="Goods to Move")
    exception_count = fields.Integer(compute="_compute_exception_count", string="Exceptions")

    @api.depends("odoo_id", "register_ids.odoo_id", "register_ids.active", "register_ids.name")
    def _compute_estate(self):
        days = self._last_days()
        wrong = self._count_days([("state", "=", "different")])
        for store in self:
            own = days.get(store, self.env["retail.pos.day"])
            registers = store.register_ids.filtered("active")
            store.register_count = len(registers)
            store.setup_count = len(registers.filtered(lambda each: not each.odoo_id))
            store.last_date = own[:1].business_date
            store.day_count = len(own)
            store.closed_count = len(own.filtered(lambda day: day.state == "closed"))
            store.different_count = wrong.get(store, 0)
            store.register_states = store._states_of(registers, own)
            store.estate_state = store._estate_state(own)

    def _estate_state(self, days):
        if not self.odoo_id or self.setup_count:
            return "setup"
        if self.different_count:
            return "different"
        if not days:
            return "quiet"
        return "closed" if self.closed_count == self.day_count else "open"

    def _states_of(self, registers, days):
        """Return what is drawn of each register: its name, its day's state, and that in words."""
        words = dict(days._fields["state"]._description_selection(self.env))
        by_register = {day.register_id: day for day in days}
        rows = []
        for register in registers:
            day = by_register.get(register)
            state = day.state if day else "none" if register.odoo_id else "setup"
            said = words.get(state) or (
                self.env._("No day") if register.odoo_id else self.env._("No point of sale")
            )
            rows.append(
                {"id": register.id, "name": register._own_name(), "state": state, "said": said}
            )
        return rows

    def _last_days(self):
        """Return ``{store: days}`` of each store's last business day."""
        days = self.env["retail.pos.day"]
        groups = days._read_group(
            [("store_id", "in", self.ids)], ["store_id"], ["business_date:max"]
        )
        wanted = Domain.OR(
            Domain("store_id", "=", store.id) & Domain("business_date", "=", last)
            for store, last in groups
        )
        return days.search(wanted).grouped("store_id") if groups else {}

    def _count_days(self, domain):
        wanted = [("store_id", "in", self.ids), *domain]
        return dict(self.env["retail.pos.day"]._read_group(wanted, ["store_id"], ["__count"]))

    @api.depends("odoo_id")
    def _compute_tickets(self):
        tickets, days = self.env["retail.pos.ticket"], self._last_days()
        of_day = [("day_id", "in", self.env["retail.pos.day"].union(*days.values()).ids)]
        counted = [*of_day, ("voided", "=", False)]
        groups = tickets._read_group(
            counted, ["store_id", "currency_id"], ["__count", "amount_total:sum"]
        )
        waiting = [("store_id", "in", self.ids), ("stock_state", "in", ("waiting", "failed"))]
        moving = dict(tickets._read_group(waiting, ["store_id"], ["__count"]))
        for store in self:
            own = [row for row in groups if row[0] == store]
            store.ticket_count = sum(row[2] for row in own)
            store.ticket_total = sum(row[3] for row in own if row[1] == store.currency_id)
            store.stock_waiting_count = moving.get(store, 0)

    def _compute_exception_count(self):
        found = self._open_exceptions()
        for store in self:
            store.exception_count = len(found.get(store, ()))

    def _open_exceptions(self):
        """Return ``{store: open exceptions}`` about stores, their registers, days and tickets."""
        about = ("retail.pos.register", "retail.pos.day", "retail.pos.ticket")
        exceptions = self.env["retail.exception"].search(
            [
                ("state", "=", "open"),
                ("backend_id", "in", self.backend_id.ids),
                ("res_model", "in", (self._name, *about)),
            ]
        )
        found = {}
        for name, own in exceptions.grouped("res_model").items():
            records = self.env[name].browse(own.mapped("res_id")).exists()
            stores = {each.id: each if name == self._name else each.store_id for each in records}
            for exception in own.filtered(lambda each, known=stores: each.res_id in known):
                store = stores[exception.res_id]
                found[store] = found.get(store, exceptions.browse()) | exception
        return found

    # Where the buttons lead

    def action_set_up_stores(self):
        """Open the wizard for the estate of the chosen stores, or for the only one there is."""
        self.check_access("read")
        backends = self.backend_id
        if not self:
            every = self.env["retail.backend"].search([])
            backends = every.filtered("takes_tickets")
            # What has stores already is meant before what could have some.
            backends = backends.filtered("pos_store_count") or backends
        if len(backends) != 1:
            raise UserError(
                self.env._("There are several estates: choose stores of one, or open its backend.")
                if backends
                else self.env._("Connect the system of your registers as a backend first.")
            )
        return backends.action_set_up_stores()

    def action_open_registers(self):
        """Open the registers of this store."""
        return self._open_own("retail_pos_register_action", default_store_id=self.id)

    def action_open_tickets(self):
        """Open the tickets of this store."""
        return self._open_own("retail_pos_ticket_action")

    def action_open_days(self):
        """Open the business days of this store."""
        return self._open_own("retail_pos_day_action")

    def action_open_exceptions(self):
        """Open what waits for somebody about this store."""
        self.ensure_one()
        self.check_access("read")
        xmlid = "retail_connector_base.retail_exception_action"
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        found = self._open_exceptions().get(self, self.env["retail.exception"])
        return {**action, "domain": [("id", "in", found.ids)], "context": {}}

    def _open_own(self, name, **context):
        self.ensure_one()
        self.check_access("read")
        xmlid = f"retail_connector_pos.{name}"
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return {**action, "domain": [("store_id", "=", self.id)], "context": context}
