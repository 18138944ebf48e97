from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class RetailPosDay(models.Model):
    """Which days tie a store to its warehouse, and a register to its point of sale."""

    _inherit = "retail.pos.day"

    @api.model
    def _open_with_tickets(self, domain):
        """Return one of these days that is not closed and holds orders; empty if there is none."""
        own = Domain("ticket_ids.odoo_id", "!=", False)
        late = Domain("posted_ticket_ids.odoo_id", "!=", False)
        wanted = Domain(domain) & Domain("state", "!=", "closed") & (own | late)
        return self.sudo().search(wanted, limit=1)


class RetailPosStore(models.Model):
    """What follows when a store sells from another warehouse."""

    _inherit = "retail.pos.store"

    def write(self, vals):
        """Override: what waited for the warehouse is tried again; open days keep theirs."""
        moved = self.browse()
        if "odoo_id" in vals:
            moved = self.filtered(lambda store: store.odoo_id.id != (vals["odoo_id"] or False))
            moved._check_may_move()
        result = super().write(vals)
        moved._follow_warehouse()
        if {"odoo_id", "active"} & vals.keys():
            self._retry_what_waited()
        return result

    def _check_may_move(self):
        bound = self.filtered("odoo_id")
        day = self.env["retail.pos.day"]._open_with_tickets([("store_id", "in", bound.ids)])
        if day:
            raise UserError(
                self.env._(
                    "%(store)s has tickets on %(day)s, which is not closed: they move the goods of "
                    "its warehouse. Close the day first, then change the warehouse.",
                    store=day.sudo().store_id.display_name,
                    day=day.business_date,
                )
            )

    def _follow_warehouse(self):
        """Let the points of sale of the registers sell from the store's new warehouse."""
        for store in self.sudo().filtered("odoo_id"):
            house = store.odoo_id
            configs = store.with_context(active_test=False).register_ids.odoo_id
            wrong = configs.filtered(lambda c, house=house: c.picking_type_id != house.pos_type_id)
            if wrong:
                wrong.write({"warehouse_id": house.id, "picking_type_id": house.pos_type_id.id})

    def _retry_what_waited(self):
        ready = self.filtered(lambda store: store.active and store.odoo_id)
        self.env["retail.exception"]._retry_about(ready)


class RetailPosRegister(models.Model):
    """What follows when a register becomes another point of sale."""

    _inherit = "retail.pos.register"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: what the estate takes as money is taken at its point of sale."""
        registers = super().create(vals_list)
        registers._check_warehouse()
        registers._take_methods()
        return registers

    def write(self, vals):
        """Override: what waited for the point of sale is tried again; open days keep theirs."""
        moved = self.browse()
        if "odoo_id" in vals:
            moved = self.filtered(lambda each: each.odoo_id.id != (vals["odoo_id"] or False))
            moved._check_may_move()
        result = super().write(vals)
        moved._check_warehouse()
        moved._take_methods()
        if {"odoo_id", "active"} & vals.keys():
            self._retry_what_waited()
        return result

    def _check_may_move(self):
        bound = self.filtered("odoo_id")
        day = self.env["retail.pos.day"]._open_with_tickets([("register_id", "in", bound.ids)])
        if day:
            raise UserError(
                self.env._(
                    "%(register)s has tickets on %(day)s, which is not closed: they are in a "
                    "session of its point of sale. Close the day first, then change it.",
                    register=day.sudo().register_id.display_name,
                    day=day.business_date,
                )
            )

    def _check_warehouse(self):
        """Raise ``UserError`` if a point of sale sells from another warehouse than its store."""
        for register in self.sudo():
            house, config = register.store_id.odoo_id, register.odoo_id
            other = config.picking_type_id.warehouse_id
            if house and other and other != house:
                raise UserError(
                    self.env._(
                        "“%(config)s” sells from %(other)s, but %(store)s sells from %(house)s. "
                        "Choose another point of sale, or change its operation type.",
                        config=config.name,
                        other=other.name,
                        store=register.store_id.display_name,
                        house=house.name,
                    )
                )

    def _take_methods(self, methods=None):
        """Offer the estate's payment methods at the points of sale of these registers.

        Odoo refuses a payment by a method that its point of sale does not have. Cash is each
        register's own, and what is in another currency cannot be taken there.
        """
        for register in self.sudo().filtered("odoo_id"):
            config = register.odoo_id
            wanted = register._estate_methods() if methods is None else methods
            missing = wanted.filtered(lambda m, c=config: _fits(m, c)) - config.payment_method_ids
            if missing:
                open_too = config.with_context(bypass_payment_method_ids_forbidden_change=True)
                open_too.payment_method_ids |= missing
                self.env["retail.exception"]._retry_about(register)

    def _estate_methods(self):
        mappings = self.env["retail.mapping"].sudo()
        found = mappings.search(
            [("backend_id", "=", self.backend_id.id), ("kind", "=", "pos_tender")]
        )
        return found.pos_payment_method_id

    def _retry_what_waited(self):
        ready = self.filtered(lambda register: register.active and register.odoo_id)
        self.env["retail.exception"]._retry_about(ready)


def _fits(method, config):
    currency = method.journal_id.currency_id
    own = method.company_id == config.company_id
    return own and not method.is_cash_count and (not currency or currency == config.currency_id)
