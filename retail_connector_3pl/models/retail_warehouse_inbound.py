from odoo import fields, models

from odoo.addons.retail_connector_base.canonical import Condition
from odoo.addons.retail_connector_base.decisions.problem import ImportProblem, Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

# What may be sold; what nobody looked at is as the supplier sent it.
SELLABLE = (Condition.SELLABLE.value, Condition.UNKNOWN.value)


class RetailWarehouse(models.Model):
    """What a warehouse is told of deliveries that come to it, and what becomes of what arrives."""

    _inherit = "retail.warehouse"

    announces_receipts = fields.Boolean(
        string="Announce Deliveries",
        default=True,
        help="Tell the warehouse of purchases and transfers that come to it, where it takes that.",
    )
    announcement_change = fields.Selection(
        [("replace", "Take back and announce again"), ("ask", "Ask a person")],
        string="When a Delivery Changes",
        default="replace",
        required=True,
        help="What happens when quantities of an announced delivery change in Odoo.",
    )
    receipt_tolerance = fields.Float(
        string="More Than Announced (%)",
        default=0.0,
        help="How much more than announced may arrive of an item before a person is told. "
        "What arrived is in stock in any case.",
    )
    receipt_short = fields.Selection(
        [("close", "Does not come any more"), ("keep", "Is still expected")],
        string="What Is Missing",
        default="close",
        required=True,
        help="When the warehouse closes a receipt and less has come than was announced. A person "
        "is told in any case.",
    )
    damaged_policy = fields.Selection(
        [("location", "Goes to a location"), ("scrap", "Is scrapped"), ("stock", "Is sold")],
        string="What Arrives Damaged",
        default="location",
        required=True,
    )
    damaged_location_id = fields.Many2one(
        "stock.location",
        string="Damaged Goods Lie in",
        check_company=True,
        domain=[("usage", "=", "internal")],
        ondelete="restrict",
        help="A location whose stock is not sold.",
    )

    _tolerance_positive = models.Constraint(
        "CHECK (receipt_tolerance >= 0)", "A tolerance cannot be negative."
    )

    def _shelf_of(self, condition):
        """Return where goods of a condition lie. Raises ``ImportProblem`` where nobody said."""
        self.ensure_one()
        if condition in SELLABLE or self.damaged_policy != "location":
            return self.odoo_id.lot_stock_id
        if not self.damaged_location_id:
            raise ImportProblem(self._no_shelf_problem())
        return self.damaged_location_id

    def _is_scrapped(self, condition):
        """Tell whether goods of a condition are thrown away."""
        return condition not in SELLABLE and self.damaged_policy == "scrap"

    def _no_shelf_problem(self):
        return Problem(
            error_class=ErrorClass.CONFIGURATION,
            code="warehouse_damaged_location",
            subject=self.external_id,
            title=self.env._("Where do damaged goods lie in %(name)s?", name=self.name),
            cause=self.env._(
                "Goods arrived that cannot be sold. Choose the location of damaged goods on the "
                "warehouse, or another policy, then retry."
            ),
            fix="open_record",
            fix_values={"res_model": self._name, "res_id": self.id},
        )

    def _check_is_chosen(self):
        """Raise ``ImportProblem`` unless it is known which warehouse in Odoo this is."""
        if self.odoo_id:
            return
        raise ImportProblem(
            Problem(
                error_class=ErrorClass.CONFIGURATION,
                code="warehouse_not_chosen",
                subject=self.external_id,
                title=self.env._("Which warehouse in Odoo is %(name)s?", name=self.name),
                cause=self.env._("Choose it on the warehouse, then retry."),
                fix="open_record",
                fix_values={"res_model": self._name, "res_id": self.id},
            )
        )

    def _known_in(self, backend, external_id=None):
        """Return the warehouse that a message is about; the only one where it names none.

        Raises ``ImportProblem`` where none is known.
        """
        found = self.search([("backend_id", "=", backend.id)])
        named = found.filtered(lambda house: house.external_id == external_id)
        if external_id is None and len(found) == 1:
            named = found
        if not named:
            raise ImportProblem(self._unknown_problem(backend, external_id))
        named._check_is_chosen()
        return named

    def _unknown_problem(self, backend, external_id):
        return Problem(
            error_class=ErrorClass.CONFIGURATION,
            code="unknown_warehouse",
            subject=external_id or "",
            title=self.env._("No warehouse “%(name)s” is known", name=external_id or "?"),
            cause=self.env._(
                "A message is about a warehouse that is not set up. Open the backend, fetch its "
                "warehouses or enter it with this id, then retry."
            ),
            fix="open_backend",
            fix_values={"res_model": backend._name, "res_id": backend.id},
        )
