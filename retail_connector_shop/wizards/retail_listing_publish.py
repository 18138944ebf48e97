from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class RetailListingPublish(models.TransientModel):
    """Publish products in a channel: shows what speaks against each before anything is sent.

    What the channel has already is managed from Odoo from then on, if an administrator wants that.
    """

    _name = "retail.listing.publish"
    _description = "Publish Products"

    backend_id = fields.Many2one(
        "retail.backend",
        string="Channel",
        required=True,
        default=lambda self: self._only_backend(),
        domain="[('id', 'in', offered_backend_ids)]",
    )
    company_id = fields.Many2one(related="backend_id.company_id")
    offered_backend_ids = fields.Many2many("retail.backend", compute="_compute_offered")
    product_tmpl_ids = fields.Many2many("product.template", string="Products", required=True)
    publish_as = fields.Selection(
        [("active", "On Sale"), ("draft", "Draft")],
        compute="_compute_publish_as",
        store=True,
        readonly=False,
    )
    manage_bound = fields.Boolean(
        string="Manage Those That the Channel Has",
        help="Products that were adopted are written by Odoo from then on, in the fields that are "
        "Odoo's. Without this they are left alone.",
    )
    step = fields.Selection([("choose", "Choose"), ("preview", "Preview")], default="choose")
    listing_ids = fields.Many2many("retail.listing", readonly=True)
    ready_count = fields.Integer(compute="_compute_counts")
    problem_count = fields.Integer(compute="_compute_counts")
    needs_approval = fields.Boolean(related="backend_id.approve_publication")

    @api.model
    def default_get(self, field_names):
        """Override: the products that were selected."""
        values = super().default_get(field_names)
        context = self.env.context
        if "product_tmpl_ids" in field_names and context.get("active_model") in (
            "product.template",
            "product.product",
        ):
            selected = self.env[context["active_model"]].browse(context.get("active_ids", ()))
            if selected._name == "product.product":
                selected = selected.product_tmpl_id
            values["product_tmpl_ids"] = [(6, 0, selected.ids)]
        return values

    def _offered(self):
        backends = self.env["retail.backend"].search([])
        return backends.filtered("publishes_products")

    def _only_backend(self):
        offered = self._offered() if self.env["retail.backend"].has_access("read") else ()
        return offered if len(offered) == 1 else False

    @api.depends("step")
    def _compute_offered(self):
        for wizard in self:
            wizard.offered_backend_ids = wizard._offered()

    @api.depends("backend_id")
    def _compute_publish_as(self):
        for wizard in self:
            wizard.publish_as = wizard.backend_id.listing_state or "active"

    @api.depends("listing_ids.problems")
    def _compute_counts(self):
        for wizard in self:
            bad = wizard.listing_ids.filtered("has_problems")
            wizard.problem_count = len(bad)
            wizard.ready_count = len(wizard.listing_ids) - len(bad)

    # Buttons

    def action_preview(self):
        """Show what the channel would take and what speaks against the rest."""
        self._check_rights()
        if not self.backend_id.publishes_products:
            raise UserError(self.env._("This channel takes no products from Odoo."))
        listings = self.env["retail.listing"].sudo()._ensure(self.backend_id, self.product_tmpl_ids)
        drafts = listings.filtered(lambda listing: listing.state == "draft")
        drafts.publish_as = self.publish_as or self.backend_id.listing_state
        if self.manage_bound:
            new = drafts.filtered(lambda listing: not listing.external_id)
            new.filtered(lambda listing: listing._bound_products())._manage()
        listings._check_rules()
        self.write({"listing_ids": [(6, 0, listings.ids)], "step": "preview"})
        return self._show()

    def action_publish(self):
        """Publish what has no problems."""
        self._check_rights()
        return {**self.listing_ids.action_publish(), "params": self._done()}

    def action_back(self):
        """Choose others."""
        self._check_rights()
        self.step = "choose"
        return self._show()

    def _done(self):
        return {
            "type": "success",
            "message": self.env._("%(count)s products are on their way.", count=self.ready_count),
            "next": {"type": "ir.actions.act_window_close"},
        }

    def _check_rights(self):
        """Operators publish; an administrator decides to take over what a shop made itself."""
        self.ensure_one()
        self.check_access("write")
        self.backend_id.check_access("read")
        self.product_tmpl_ids.check_access("read")
        administrator = self.env.user.has_group("retail_connector_base.group_administrator")
        if self.manage_bound and not administrator:
            raise AccessError(
                self.env._("Only an administrator lets Odoo manage what the channel has already.")
            )

    def _show(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Publish Products"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
