import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..providers import Capability, ConnectorError

_logger = logging.getLogger(__name__)


class RetailBackend(models.Model):
    """Where a backend keeps stock, and which location in Odoo each place is."""

    _inherit = "retail.backend"

    location_binding_ids = fields.One2many("retail.location.binding", "backend_id", copy=False)
    publishes_stock = fields.Boolean(compute="_compute_publishes_stock")
    stock_difference_count = fields.Integer(compute="_compute_stock_difference_count")

    _stock_buffer_positive = models.Constraint(
        "CHECK (stock_buffer >= 0)", "A buffer is kept back: it cannot be negative."
    )

    @api.depends("provider")
    def _compute_publishes_stock(self):
        for backend in self:
            provider = backend._provider_class()
            backend.publishes_stock = bool(provider) and not {
                Capability.LOCATIONS,
                Capability.STOCK_OUT,
            }.isdisjoint(provider.capabilities)

    def _compute_stock_difference_count(self):
        groups = self.env["retail.stock.state"]._read_group(
            [("backend_id", "in", self.ids), ("differs", "=", True)], ["backend_id"], ["__count"]
        )
        counts = {backend.id: count for backend, count in groups}
        for backend in self:
            backend.stock_difference_count = counts.get(backend.id, 0)

    def write(self, vals):
        """Override: another buffer is another quantity of every product."""
        result = super().write(vals)
        if "stock_buffer" in vals:
            self._compare_stock_again()
        return result

    def _compare_stock_again(self):
        """Compare all stock once more, at once where it is published."""
        flows = self.sudo().flow_ids.filtered(lambda flow: flow._is_stock_out())
        flows.full_at = False
        for flow in flows.filtered(lambda flow: flow._is_running_out()):
            self.env["retail.projection.stock"]._wake_after_commit(flow.backend_id.id)

    # Hearing of changes

    def _unheard_kinds(self):
        """Override: where no stock is published, its changes are no news."""
        publishes = self.flow_ids.filtered(lambda flow: flow._is_stock_out() and not flow.paused)
        unheard = super()._unheard_kinds()
        return unheard if publishes else unheard | {"stock_level"}

    def _hear_of_stock(self):
        """Subscribe to changes of stock as well, where the shop was subscribed to at all.

        Without it they are noticed later: a shop that does not answer hinders nobody.
        """
        for backend in self.filtered("subscribed_at"):
            try:
                backend._sync_subscriptions()
            except ConnectorError as error:
                _logger.info("%s: no word of stock: %s", backend, type(error).__name__)

    # Locations

    def action_fetch_locations(self):
        """Ask the channel where it keeps stock; propose the location in Odoo where it is clear."""
        self._check_administrator()
        self.ensure_one()
        if not self.publishes_stock:
            raise UserError(self.env._("%(name)s takes no stock.", name=self.name))
        try:
            found = self._provider().locations()
        except ConnectorError as error:
            raise UserError(str(error)) from error
        added = self._take_locations([place for place in found if place.active])
        self.env["retail.audit"]._log(
            "fetch_locations", record=self, backend=self, detail={"added": added.mapped("name")}
        )
        empty = self.location_binding_ids.filtered(lambda place: not place.odoo_id)
        return self._notify(
            self.env._(
                "%(added)s locations added; %(empty)s without a location in Odoo.",
                added=len(added),
                empty=len(empty),
            )
        )

    def _take_locations(self, found):
        """Create the places that are missing, rename the others; return the new ones."""
        places = self.env["retail.location.binding"].sudo()
        known = places._by_external_id(self, [place.external_id for place in found])
        for place in found:
            binding = known.get(place.external_id)
            if binding and binding.name != place.name:
                binding.name = place.name
        missing = [place for place in found if place.external_id not in known]
        added = places.browse()
        for place in missing:
            added |= places.create(
                {
                    "backend_id": self.id,
                    "external_id": place.external_id,
                    "name": place.name,
                    "odoo_id": self._proposed_location(place, len(found)).id,
                }
            )
        return added

    def _proposed_location(self, place, count):
        """Return the stock of the warehouse of that name, or of the only one for the only place.

        What another place of the channel offers already is not proposed: it would be sold twice.
        """
        warehouses = self.env["stock.warehouse"].search([("company_id", "=", self.company_id.id)])
        name = place.name.strip().casefold()
        chosen = warehouses.filtered(lambda house: house.name.strip().casefold() == name)
        if not chosen and count == 1:
            chosen = warehouses
        stock = chosen.lot_stock_id if len(chosen) == 1 else self.env["stock.location"]
        return stock - self.location_binding_ids.odoo_id

    def action_open_locations(self):
        """Open the places where this channel keeps stock."""
        return self._open("retail_connector_base.retail_location_binding_action")

    def action_open_stock(self):
        """Open what was published of stock; what differs, if anything does."""
        differs = {"differs": 1} if self.stock_difference_count else {}
        return self._open("retail_connector_base.retail_stock_state_action", **differs)
