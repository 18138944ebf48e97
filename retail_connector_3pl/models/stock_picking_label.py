from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers import ErrorClass

from .retail_label_view import OPERATOR


class StockPicking(models.Model):
    """The labels of a delivery's parcels."""

    _inherit = "stock.picking"

    retail_label_ids = fields.One2many(
        "retail.label.request", "picking_id", string="Labels", readonly=True, copy=False,
        groups="retail_connector_base.group_operator,retail_connector_base.group_auditor",
    )  # fmt: skip
    retail_may_buy_label = fields.Boolean(compute="_compute_retail_may_buy_label")

    @api.depends("state", "picking_type_code", "company_id")
    def _compute_retail_may_buy_label(self):
        sells = {company: self._retail_label_services(company) for company in self.company_id}
        for picking in self:
            going = picking.picking_type_code == "outgoing" and picking.state in (
                "assigned",
                "done",
            )
            picking.retail_may_buy_label = bool(going and sells.get(picking.company_id))

    def _retail_label_services(self, company):
        """Return the company's services that sell labels."""
        backends = self.env["retail.backend"].sudo()
        found = backends.search([("company_id", "=", company.id), ("state", "=", "running")])
        return found.filtered(self.env["retail.exporter.buy_label"].sudo()._is_offered)

    def action_buy_label(self):
        """Ask which label is to be bought for the delivery's next parcel."""
        self.ensure_one()
        if not self.env.user.has_group(OPERATOR):
            raise AccessError(self.env._("Only an operator buys labels."))
        self.check_access("read")
        if not self.retail_may_buy_label:
            raise UserError(self.env._("No service sells a label for this delivery."))
        values = self.sudo()._retail_label_values()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Buy Label"),
            "res_model": "retail.label.request",
            "view_mode": "form",
            "views": [
                (self.env.ref("retail_connector_3pl.retail_label_request_view_dialog").id, "form")
            ],
            "target": "new",
            "context": {f"default_{name}": value for name, value in values.items()},
        }

    def _retail_label_values(self):
        """Return what is known of the label of the next parcel."""
        mapping = self._retail_label_mapping()
        services = self._retail_label_services(self.company_id)
        word = mapping.external_label or mapping.external_key or ""
        carrier, _slash, service = word.partition("/")
        taken = self._retail_labels_asked_for().mapped("parcel")
        return {
            "picking_id": self.id,
            "backend_id": (mapping.backend_id or services[:1]).id,
            "parcel": max(taken, default=0) + 1,
            "carrier": carrier.strip() or False,
            "service": service.strip() or False,
            "weight": self.env["retail.label.request"]._weight_of(self),
        }

    def _retail_labels_asked_for(self):
        """Return the labels that parcels have, or will have."""
        return self.retail_label_ids.filtered(lambda label: label.state in ("waiting", "bought"))

    def _retail_label_mapping(self):
        """Return what a service calls the delivery's carrier, empty where none has a word."""
        mappings = self.env["retail.mapping"]
        if not self.carrier_id:
            return mappings
        services = self._retail_label_services(self.company_id)
        return mappings.search(
            [
                ("backend_id", "in", services.ids),
                ("kind", "=", "carrier"),
                ("carrier_id", "=", self.carrier_id.id),
            ],
            order="backend_id, id",
            limit=1,
        )

    # By itself

    def _action_done(self):
        """Override: deliveries of mapped carriers get their labels when they leave."""
        result = super()._action_done()
        left = self.sudo().filtered(lambda picking: picking.state == "done")
        for picking in left.filtered(lambda picking: picking._retail_wants_label()):
            picking._retail_buy_label()
        return result

    def _retail_wants_label(self):
        """Tell whether a delivery that leaves needs a label that nobody else makes."""
        return (
            self.picking_type_code == "outgoing"
            and self.carrier_id
            and not self.carrier_tracking_ref
            and not self._retail_labels_asked_for()
            and not self._retail_is_sent_by_others()
            and self._retail_label_mapping().backend_id.buy_labels == "automatic"
        )

    def _retail_is_sent_by_others(self):
        """Tell whether a third party's warehouse sends it, with labels of its own."""
        warehouse = self.picking_type_id.warehouse_id
        theirs = [("odoo_id", "=", warehouse.id)]
        return bool(warehouse and self.env["retail.warehouse"].search_count(theirs, limit=1))

    def _retail_buy_label(self):
        """Ask for a delivery's label; what hinders it is shown, and stops no delivery."""
        values = self._retail_label_values()
        try:
            with self.env.cr.savepoint():
                self.env["retail.label.request"].create(values)._ask()
        except UserError as error:
            backend = self.env["retail.backend"].browse(values["backend_id"])
            self.env["retail.exception"]._report(backend, self._retail_no_label(error), record=self)

    def _retail_no_label(self, error):
        return Problem(
            error_class=ErrorClass.DATA,
            code="label_not_asked",
            subject=str(self.id),
            title=self.env._("No label for %(delivery)s", delivery=self.name),
            cause=self.env._("%(error)s Then buy the label on the delivery.", error=error),
            fix="open_record",
        )
