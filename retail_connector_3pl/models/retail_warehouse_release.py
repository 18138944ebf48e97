from datetime import time, timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from odoo.addons.retail_connector_base.providers import Capability

from ..decisions.cutoff import Rhythm, dates_of, promise

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class RetailWarehouse(models.Model):
    """When and what is released to a third party's warehouse."""

    _inherit = "retail.warehouse"

    auto_release = fields.Boolean(
        string="Release by Itself",
        default=True,
        help="Deliveries that are ready are released; else somebody does it on the delivery.",
    )
    release_since = fields.Datetime(
        default=lambda self: self.env.cr.now(),
        help="Deliveries that were made before are released by hand only: the old way of telling "
        "the warehouse may have told it of them.",
    )
    release_delay = fields.Integer(
        string="Delay (minutes)",
        default=0,
        help="How long a delivery that is ready may still be changed or cancelled without asking.",
    )
    ship_policy = fields.Selection(
        [("complete", "Whole Deliveries"), ("available", "What Is There")],
        string="Release",
        required=True,
        default="complete",
        help="What is there: the rest becomes a delivery of its own. An order that is to be sent "
        "as a whole is released as a whole.",
    )
    names_lots = fields.Boolean(
        string="Dictate Lots", help="The warehouse is told which lots and serial numbers to send."
    )
    await_acceptance = fields.Boolean(
        default=True,
        help="A shipment waits until the warehouse has accepted its order, where it tells that.",
    )
    cutoff = fields.Float(
        string="Cut-off",
        help="Local time: what is released before leaves the same day. 0:00 is the end of the day.",
    )
    closed_on = fields.Text(
        string="Closed on", help="Days off, like 2026-12-24, 2026-12-25; separated by commas."
    )
    works_monday = fields.Boolean(string="Monday", default=True)
    works_tuesday = fields.Boolean(string="Tuesday", default=True)
    works_wednesday = fields.Boolean(string="Wednesday", default=True)
    works_thursday = fields.Boolean(string="Thursday", default=True)
    works_friday = fields.Boolean(string="Friday", default=True)
    works_saturday = fields.Boolean(string="Saturday")
    works_sunday = fields.Boolean(string="Sunday")
    priority_ids = fields.One2many(
        "retail.release.priority", "warehouse_id", string="Priorities", copy=True
    )

    _delay_positive = models.Constraint("CHECK (release_delay >= 0)", "A delay cannot be negative.")
    _cutoff_in_day = models.Constraint(
        "CHECK (cutoff >= 0 AND cutoff < 24)", "A cut-off is a time of the day."
    )

    @api.constrains("closed_on", *(f"works_{day}" for day in DAYS))
    def _check_rhythm(self):
        """A warehouse works on some day, and its days off are dates."""
        for warehouse in self:
            try:
                warehouse._promise(fields.Datetime.now())
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "Write days off like 2026-12-24, 2026-12-25, and choose a working day at "
                        "least (%(error)s).",
                        error=error,
                    )
                ) from None

    def _rhythm(self):
        """Return when the warehouse works."""
        self.ensure_one()
        minutes = round(self.cutoff * 60)
        return Rhythm(
            zone=self._timezone(),
            cutoff=time(minutes // 60 % 24, minutes % 60) if minutes else None,
            days=frozenset(n for n, day in enumerate(DAYS) if self[f"works_{day}"]),
            closed=dates_of(self.closed_on),
        )

    def _promise(self, told_at):
        """Return (cut-off, ship by), naive UTC, of what the warehouse is told at a moment."""
        found = promise(told_at.replace(tzinfo=timezone.utc), self._rhythm())
        return found.cutoff_at.replace(tzinfo=None), found.ship_by.replace(tzinfo=None)

    def _due_at(self, ready_at):
        """Return when a delivery that is ready at a moment is released (naive UTC)."""
        return ready_at + timedelta(minutes=self.release_delay)

    def _priority_of(self, picking):
        """Return the priority of a delivery: that of the first rule that fits, 0 without one."""
        self.ensure_one()
        urgent = 1 if picking.priority == "1" else 0
        return next((rule.priority for rule in self.priority_ids if rule._fits(picking)), urgent)

    def _offers(self, capability):
        """Tell whether the third party's system can do a thing."""
        provider = self.backend_id._provider_class()
        return bool(provider and capability in provider.capabilities)

    def _reads_by_itself(self):
        """Tell whether the warehouse fetches its orders: then nothing is sent to it."""
        return self._offers(Capability.RELEASE_READ) and not self._offers(Capability.RELEASE_ORDER)

    @api.model
    def _of_stock(self, stock_warehouses):
        """Return the third parties' warehouses that these are, of backends that are in use."""
        if not stock_warehouses:
            return self.browse()
        return self.sudo().search([("odoo_id", "in", stock_warehouses.ids)])

    @api.model
    @ormcache()
    def _stock_ids(self):
        """Return the ids of the warehouses in Odoo that third parties run; cached: moves ask."""
        found = self.sudo().search([("odoo_id", "!=", False)])
        return frozenset(found.odoo_id.ids)

    @api.model
    @ormcache()
    def _stock_ids_ever(self):
        """Return the same with those of archived warehouses, which may still have deliveries."""
        found = self.sudo().with_context(active_test=False).search([("odoo_id", "!=", False)])
        return frozenset(found.odoo_id.ids)

    @api.model_create_multi
    def create(self, vals_list):
        """Override: moves ask which warehouses third parties run."""
        warehouses = super().create(vals_list)
        self.env.registry.clear_cache()
        return warehouses

    def write(self, vals):
        """Override: another policy may make something due.

        Deliveries that were made before the warehouse was chosen are not released by themselves.
        """
        if vals.get("odoo_id") and "release_since" not in vals:
            vals = {**vals, "release_since": self.env.cr.now()}
        result = super().write(vals)
        if not {"odoo_id", "active"}.isdisjoint(vals):
            self.env.registry.clear_cache()
        for warehouse in self.filtered("odoo_id"):
            self.env["retail.releaser"]._wake_after_commit(warehouse.id)
        return result
