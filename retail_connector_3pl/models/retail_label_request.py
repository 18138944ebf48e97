import re
import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

STATES = [
    ("draft", "To Confirm"),
    ("waiting", "Queued"),
    ("bought", "Bought"),
    ("cancelled", "Cancelled"),
]
# What people say of a label before it is bought; all else is the connector's.
SAID = frozenset(
    (
        "backend_id", "picking_id", "parcel", "carrier", "service", "weight", "length_mm",
        "width_mm", "height_mm",
    )
)  # fmt: skip
# Names that services keep are at most so long, and hold nothing that an address could not.
LONGEST = 40


def reference_of(name):
    """Return a name of a parcel that is like no other, in this database or any other."""
    readable = re.sub(r"[^A-Za-z0-9]+", "-", name or "").strip("-")
    return f"{readable[: LONGEST - 17] or 'parcel'}-{secrets.token_hex(8)}"


class RetailLabelRequest(models.Model):
    """A label that is wanted for one parcel of a delivery, and what became of it.

    It is bought once, as an outbox command: while the service is down it waits. Weight in grams,
    sizes in millimetres.
    """

    _name = "retail.label.request"
    _description = "Label"
    _inherit = ["mail.thread", "retail.notice.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Reference", required=True, readonly=True, copy=False, default="parcel",
        help="Under which the service keeps the label, so that it can be found again.",
    )  # fmt: skip
    backend_id = fields.Many2one(
        "retail.backend", string="Service", required=True, index=True, check_company=True,
        ondelete="restrict",
    )  # fmt: skip
    company_id = fields.Many2one(related="picking_id.company_id", store=True, index=True)
    picking_id = fields.Many2one(
        "stock.picking", string="Delivery", required=True, index=True, check_company=True,
        ondelete="restrict",
    )  # fmt: skip
    parcel = fields.Integer(
        string="Parcel No.", default=1, required=True, help="Which of the delivery's parcels."
    )
    carrier = fields.Char(help="In the service's words. Empty: whichever it chooses.")
    service = fields.Char(help="In the service's words, such as GroundAdvantage.")
    weight = fields.Float(string="Weight (g)", digits=(12, 1), required=True)
    length_mm = fields.Float(string="Length (mm)", digits=(12, 1))
    width_mm = fields.Float(string="Width (mm)", digits=(12, 1))
    height_mm = fields.Float(string="Height (mm)", digits=(12, 1))
    state = fields.Selection(
        STATES, required=True, default="draft", readonly=True, index=True, tracking=True, copy=False
    )
    asked_at = fields.Datetime(string="Asked", readonly=True, copy=False)
    bought_at = fields.Datetime(string="Bought on", readonly=True, copy=False)
    command_id = fields.Many2one(
        "retail.outbox.command", readonly=True, copy=False, ondelete="set null",
        index="btree_not_null",
    )  # fmt: skip
    external_id = fields.Char(string="Service's Number", readonly=True, copy=False)
    tracking_number = fields.Char(string="Parcel", readonly=True, copy=False)
    cost = fields.Monetary(readonly=True, copy=False, help="What the service charged.")
    currency_id = fields.Many2one("res.currency", readonly=True, copy=False)
    url = fields.Char(string="Address of the Label", readonly=True, copy=False)
    document_state = fields.Selection(
        [("none", "None"), ("waiting", "To Fetch"), ("kept", "Attached"), ("failed", "Failed")],
        string="Document",
        required=True,
        default="none",
        readonly=True,
        copy=False,
    )
    attachment_id = fields.Many2one("ir.attachment", readonly=True, copy=False)
    attempts = fields.Integer(readonly=True, copy=False, help="How often the document was asked.")
    next_attempt_at = fields.Datetime(readonly=True, copy=False)
    error = fields.Char(readonly=True, copy=False, help="Why the document could not be fetched.")

    _name_unique = models.UniqueIndex("(name)", "A reference names one label.")
    _once = models.UniqueIndex(
        "(picking_id, parcel) WHERE state IN ('waiting', 'bought')",
        "A parcel of a delivery has one label.",
    )
    _document_index = models.Index("(backend_id, next_attempt_at) WHERE document_state = 'waiting'")

    @api.model_create_multi
    def create(self, vals_list):
        """Override: its reference is like no other's."""
        for vals in vals_list:
            self._check_said(vals)
            picking = self.env["stock.picking"].sudo().browse(vals.get("picking_id"))
            vals["name"] = reference_of(picking.name)
        return super().create(vals_list)

    def write(self, vals):
        """Override: what was asked of a service is not changed any more."""
        self._check_said(vals)
        if not self.env.su and any(request.state != "draft" for request in self):
            raise AccessError(self.env._("This label was asked for. Cancel it, ask for another."))
        return super().write(vals)

    def _check_said(self, vals):
        if not self.env.su and not SAID.issuperset(vals):
            names = ", ".join(sorted(set(vals) - SAID))
            raise AccessError(self.env._("%(names)s: only the connector writes this.", names=names))

    @api.constrains("weight", "length_mm", "width_mm", "height_mm", "parcel")
    def _check_measures(self):
        for request in self:
            sizes = (request.length_mm, request.width_mm, request.height_mm)
            if request.weight <= 0 or min(sizes) < 0 or request.parcel < 1:
                raise ValidationError(
                    self.env._("A parcel weighs something. Enter its weight in grams.")
                )
            if any(sizes) and not all(sizes):
                raise ValidationError(self.env._("Enter length, width and height, or none."))

    @api.depends("picking_id", "parcel")
    def _compute_display_name(self):
        for request in self:
            request.display_name = f"{request.sudo().picking_id.name}/{request.parcel}"
