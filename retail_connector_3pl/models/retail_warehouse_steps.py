from odoo import api, fields, models

from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers import ErrorClass

CODE = "warehouse_steps"
# What a third party tells of: goods that arrived on the shelf, goods that left the house.
ONE_STEP = {"delivery_steps": "ship_only", "reception_steps": "one_step"}


class RetailWarehouse(models.Model):
    """A third party's warehouse has one step in Odoo: what it does inside is its own business.

    With more, somebody has to validate in Odoo what nobody told of: deliveries wait for their
    picking, and received goods wait in an input location.
    """

    _inherit = "retail.warehouse"

    steps_problem = fields.Text(compute="_compute_steps_problem", string="Steps")

    @api.depends("odoo_id.delivery_steps", "odoo_id.reception_steps", "active")
    def _compute_steps_problem(self):
        for house in self:
            house.steps_problem = house.active and house._words_on_steps()

    def _words_on_steps(self):
        """Return what is wrong with the steps of the warehouse in Odoo and how to mend it."""
        stock = self.sudo().odoo_id
        wrong = [name for name, step in ONE_STEP.items() if stock and stock[name] != step]
        if not wrong:
            return ""
        names = [stock._fields[name]._description_string(self.env) for name in wrong]
        return self.env._(
            "%(warehouse)s works in several steps in Odoo (%(fields)s). A third party tells only "
            "what arrived and what left: deliveries are not released before somebody has validated "
            "their earlier steps, and received goods cannot be sold before somebody has put them "
            "away. Choose one step on the warehouse (Inventory → Configuration → Warehouses). "
            "Transfers that exist already keep their steps: validate them once.",
            warehouse=stock.name,
            fields=", ".join(names),
        )

    def _check_steps(self):
        """Show warehouses of several steps to an administrator; close what is right now."""
        exceptions = self.env["retail.exception"].sudo()
        for house in self.sudo():
            words = house.steps_problem
            if words:
                exceptions._report(
                    house.backend_id, house._steps_problem(words), record=house.odoo_id
                )
            else:
                exceptions._solved(house.backend_id, [f"{CODE}|{house.external_id}"])

    def _steps_problem(self, words):
        return Problem(
            error_class=ErrorClass.CONFIGURATION,
            code=CODE,
            subject=self.external_id,
            title=self.env._("%(name)s should work in one step", name=self.odoo_id.name),
            cause=words,
            fix="open_record",
            fix_values={"res_model": self.odoo_id._name, "res_id": self.odoo_id.id},
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Override: see ``_check_steps``."""
        houses = super().create(vals_list)
        houses.filtered("odoo_id")._check_steps()
        return houses

    def write(self, vals):
        """Override: see ``_check_steps``."""
        result = super().write(vals)
        if not {"odoo_id", "active"}.isdisjoint(vals):
            self._check_steps()
        return result


class StockWarehouse(models.Model):
    """Warehouses whose steps somebody changes while a third party runs them."""

    _inherit = "stock.warehouse"

    def write(self, vals):
        """Override: see ``retail.warehouse._check_steps``."""
        result = super().write(vals)
        if not ONE_STEP.keys().isdisjoint(vals):
            self.env["retail.warehouse"]._of_stock(self)._check_steps()
        return result
