from markupsafe import Markup

from odoo import api, fields, models

from odoo.addons.retail_connector_base.decisions.listing_difference import OWNED_FIELDS
from odoo.addons.retail_connector_base.decisions.ownership_table import group_of

LABELS = [(name, group_of("product", name).fields[name]) for name in OWNED_FIELDS]


class RetailListing(models.Model):
    """What people see of a listing: what is different, and why."""

    _inherit = "retail.listing"

    image_128 = fields.Image(related="product_tmpl_id.image_128")
    problem_text = fields.Text(compute="_compute_problem_text", string="Problems")
    has_problems = fields.Boolean(compute="_compute_problem_text")
    difference_html = fields.Html(compute="_compute_difference", string="Differences")
    difference_text = fields.Char(compute="_compute_difference", string="Different")
    may_approve = fields.Boolean(compute="_compute_may_approve")
    binding_count = fields.Integer(compute="_compute_binding_count", string="Bound Variants")

    @api.depends("problems")
    @api.depends_context("lang")
    def _compute_problem_text(self):
        for listing in self:
            listing.problem_text = "\n".join(listing._problem_texts()) or False
            listing.has_problems = bool(listing.problems)

    @api.depends("state", "requested_by_id")
    @api.depends_context("uid")
    def _compute_may_approve(self):
        administrator = self.env.user.has_group("retail_connector_base.group_administrator")
        for listing in self:
            own = listing.requested_by_id == self.env.user
            listing.may_approve = listing.state == "to_approve" and administrator and not own

    def _compute_binding_count(self):
        for listing in self:
            listing.binding_count = (
                len(listing.sudo()._channel_bindings()) if listing.external_id else 0
            )

    @api.depends("desired", "acknowledged", "backend_id.ownership_ids.owner")
    @api.depends_context("lang")
    def _compute_difference(self):
        for listing in self:
            rows = listing._difference_rows()
            listing.difference_html = rows and listing._difference_table(rows)
            listing.difference_text = ", ".join(label for label, *_row, differs in rows if differs)

    def _difference_rows(self):
        """Return rows of label, desired, acknowledged, why and whether it differs."""
        labels = {**dict(LABELS), "variants": self.env._("Variants")}
        desired, acknowledged = self.desired or {}, self.acknowledged or {}
        owned = self.sudo().backend_id._owned_fields()
        rows = []
        for name, label in labels.items():
            if name in OWNED_FIELDS and name not in owned:
                rows.append((label, "", "", self.env._("The channel's to write"), False))
            elif name in desired:
                ours, theirs = desired[name], acknowledged.get(name)
                differs = ours != theirs
                why = self._why(name in acknowledged) if differs else ""
                told = self._state_told if name == "state" else _told
                rows.append((label, told(ours), told(theirs), why, differs))
        return rows

    def _state_told(self, value):
        words = {
            "active": self.env._("On Sale"),
            "draft": self.env._("Draft"),
            "archived": self.env._("Archived"),
        }
        return words.get(value) or _told(value)

    def _why(self, was_told):
        if self.verdict == "refused":
            return self.env._("Refused")
        return self.env._("Changed in Odoo") if was_told else self.env._("Not told yet")

    def _difference_table(self, rows):
        """Render the rows. Every cell is escaped: texts are people's."""
        head = Markup("<tr><th></th><th>%s</th><th>%s</th><th>%s</th></tr>") % (
            self.env._("Odoo"),
            self.env._("Acknowledged by the Channel"),
            self.env._("Why"),
        )
        line = Markup('<tr class="%s"><th>%s</th><td>%s</td><td>%s</td><td>%s</td></tr>')
        body = Markup().join(
            line % ("table-warning" if differs else "", label, ours, theirs, why)
            for label, ours, theirs, why, differs in rows
        )
        return Markup(
            '<table class="table table-sm o_retail_differences"><thead>%s</thead>'
            "<tbody>%s</tbody></table>"
        ) % (head, body)

    def action_open_bindings(self):
        """Open the bound variants."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "retail_connector_base.retail_product_binding_action"
        )
        return {**action, "domain": [("id", "in", self.sudo()._channel_bindings().ids)]}


def _told(value):
    """Return a field's content in a few words."""
    if value is None:
        return "–"
    if isinstance(value, dict):
        return "; ".join(sorted(_variant_told(variant) for variant in value.values()))
    if isinstance(value, list):
        return ", ".join(str(part)[:12] for part in value)
    return str(value)[:200]


def _variant_told(variant):
    options = " / ".join(option["value"] for option in variant.get("options", ()))
    parts = (variant.get("sku"), options, variant.get("barcode"), variant.get("weight_grams"))
    return " ".join(str(part) for part in parts if part)
