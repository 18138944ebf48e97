from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.retail_connector_base.decisions.duties import Act

from ..models.retail_importer_order_lines import variant_key


class RetailProductWizard(models.TransientModel):
    """Say which product a variant of a channel is: a known one, a new one, none in particular.

    Binds the variant, so that its next orders come through, and tries again what waits.
    """

    _name = "retail.product.wizard"
    _description = "Find a Variant's Product"

    exception_id = fields.Many2one(
        "retail.exception", required=True, readonly=True, ondelete="cascade"
    )
    backend_id = fields.Many2one(related="exception_id.backend_id")
    company_id = fields.Many2one(related="exception_id.company_id")
    title = fields.Char(compute="_compute_told", help="The variant's name in the channel.")
    sku = fields.Char(string="SKU", compute="_compute_told")
    price = fields.Char(compute="_compute_told")
    product_id = fields.Many2one(
        "product.product",
        domain="[('sale_ok', '=', True), ('company_id', 'in', (False, company_id))]",
        help="The product in Odoo.",
    )

    @api.depends("exception_id")
    def _compute_told(self):
        for wizard in self:
            told = wizard._told()
            wizard.title, wizard.sku = told.get("title"), told.get("sku")
            wizard.price = told.get("price")

    def _told(self):
        """Return what the channel told of the variant."""
        return self.exception_id.fix_values or {}

    def action_apply(self):
        """Bind the variant to the chosen product."""
        self._check_may_decide()
        if not self.product_id:
            raise UserError(self.env._("Choose the product."))
        return self._bind(self.product_id)

    def action_create_target(self):
        """Create the product from what the channel told, with the user's own rights; bind it."""
        self._check_may_decide()
        return self._bind(self.env["product.product"].create(self._product_values()))

    def action_use_service(self):
        """Bind the variant to the backend's product for custom lines: nothing is delivered."""
        self._check_may_decide()
        product = self.backend_id.custom_product_id
        if not product:
            raise UserError(self.env._("The backend has no product for custom lines: choose one."))
        return self._bind(product)

    def _check_may_decide(self):
        """Raise ``AccessError`` unless the user may fix the exception."""
        self.ensure_one()
        self.check_access("write")
        self.exception_id._check_may(Act.FIX)

    def _product_values(self):
        told = self._told()
        goods = told.get("requires_shipping", True)
        return {
            "name": told.get("title") or told.get("sku"),
            "default_code": told.get("sku"),
            "barcode": told.get("barcode"),
            "list_price": float(told.get("price") or 0),
            "type": "consu" if goods else "service",
            "is_storable": goods,
            "company_id": self.company_id.id,
        }

    def _bind(self, product):
        """Bind the variant and retry. People have no right to write bindings themselves."""
        told, exception = self._told(), self.exception_id.sudo()
        self._check_company_of(product)
        bindings = self.env["retail.product.binding"].sudo()
        key = variant_key(told)
        known = bindings._by_external_id(exception.backend_id, [key]).get(key)
        if known:
            known.odoo_id = product
        else:
            bindings.create(self._binding_values(key, told, product))
        self.env["retail.audit"]._log(
            "product.bound", exception, detail={"variant": key, "to": product.display_name}
        )
        exception._retry(self.env.user)
        return {"type": "ir.actions.act_window_close"}

    def _check_company_of(self, product):
        if product.company_id and product.company_id != self.company_id:
            raise UserError(self.env._("The product belongs to another company."))

    def _binding_values(self, key, told, product):
        return {
            "backend_id": self.backend_id.id,
            "external_id": key,
            "odoo_id": product.id,
            "title": told.get("title"),
            "sku": told.get("sku"),
            "barcode": told.get("barcode"),
            "product_external_id": told.get("product_external_id"),
            "inventory_item_external_id": self._stock_item_of(key),
        }

    def _stock_item_of(self, key):
        """Return what the channel counts stock of, if its product was read: orders do not tell."""
        candidates = self.env["retail.product.candidate"].sudo()
        return candidates.search(
            [("backend_id", "=", self.backend_id.id), ("external_id", "=", key)], limit=1
        ).inventory_item_external_id
