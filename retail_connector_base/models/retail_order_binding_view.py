from odoo import api, fields, models

from ..decisions.order_process import RULES, Step


class RetailOrderBinding(models.Model):
    """What the form shows of an order, and where its buttons lead."""

    _inherit = "retail.order.binding"

    process_steps = fields.Json(compute="_compute_process_steps", compute_sudo=True, string="Steps")
    all_hold_ids = fields.One2many(
        "retail.order.hold",
        "binding_id",
        string="Holds, Lifted Ones as Well",
        context={"active_test": False},
    )
    exception_count = fields.Integer(compute="_compute_exception_count", string="Exceptions")
    sale_amount_total = fields.Monetary(related="odoo_id.amount_total", string="Total in Odoo")
    sale_amount_tax = fields.Monetary(related="odoo_id.amount_tax", string="Taxes in Odoo")
    amounts_differ = fields.Boolean(compute="_compute_amounts_differ")

    @api.depends("amount_total", "sale_amount_total", "odoo_id.currency_id")
    def _compute_amounts_differ(self):
        for binding in self:
            same = binding.odoo_id.currency_id == binding.currency_id
            binding.amounts_differ = not same or bool(
                binding.currency_id.compare_amounts(binding.amount_total, binding.sale_amount_total)
            )

    @api.depends("process_log", "odoo_id.order_line.qty_delivered", "odoo_id.invoice_status")
    def _compute_process_steps(self):
        labels = self._step_labels()
        for binding in self:
            noted = {entry["step"]: entry for entry in binding.process_log or ()}
            binding.process_steps = [
                {
                    "code": step.value,
                    "label": labels[step],
                    "state": state.value,
                    "at": noted.get(step.value, {}).get("at", ""),
                    "note": noted.get(step.value, {}).get("note", ""),
                    "compensation": RULES[step].compensation,
                }
                for step, state in binding._progress().items()
            ]

    def _step_labels(self):
        return {
            Step.VALIDATED: self.env._("Validated"),
            Step.PAID: self.env._("Paid"),
            Step.RESERVED: self.env._("Reserved"),
            Step.RELEASED: self.env._("Released"),
            Step.SHIPPED: self.env._("Shipped"),
            Step.INVOICED: self.env._("Invoiced"),
            Step.SETTLED: self.env._("Settled"),
        }

    def _entity_domain(self):
        keys = [f"{binding._canonical_kind}:{binding.external_id}" for binding in self]
        return [("backend_id", "in", self.backend_id.ids), ("entity_key", "in", keys)]

    def _compute_exception_count(self):
        for binding in self:
            groups = self.env["retail.inbox.message"]._read_group(
                [*binding._entity_domain(), ("exception_id.state", "=", "open")],
                [],
                ["exception_id:count_distinct"],
            )
            binding.exception_count = groups[0][0]

    # Where the buttons lead

    def action_open_messages(self):
        """Open the messages about this order."""
        self.ensure_one()
        return self.backend_id.action_open_messages() | {"domain": self._entity_domain()}

    def action_open_exceptions(self):
        """Open the exceptions that messages about this order wait for."""
        self.ensure_one()
        messages = self.env["retail.inbox.message"].search(self._entity_domain())
        action = self.backend_id.action_open_exceptions()
        return action | {"domain": [("id", "in", messages.exception_id.ids)]}

    def action_open_sale_order(self):
        """Open the sale order."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.odoo_id.id,
            "view_mode": "form",
        }
