from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.retail_connector_base.providers import Capability, ConnectorError

from ..decisions.warehouse_match import Place, proposed

# A provider with any of these has warehouses.
OF_WAREHOUSES = frozenset(
    {
        Capability.WAREHOUSES,
        Capability.WAREHOUSE_ORDERS_IN,
        Capability.RELEASE_ORDER,
        Capability.RELEASE_READ,
        Capability.RECEIPTS_IN,
        Capability.SNAPSHOTS_IN,
        Capability.INVOICES_IN,
    }
)


class RetailBackend(models.Model):
    """Which warehouses a third party runs, and which warehouse in Odoo each is."""

    _inherit = "retail.backend"

    has_warehouses = fields.Boolean(compute="_compute_has_warehouses")
    lists_warehouses = fields.Boolean(compute="_compute_has_warehouses")
    warehouse_count = fields.Integer(compute="_compute_warehouse_counts", string="Warehouses Known")
    warehouse_setup_count = fields.Integer(compute="_compute_warehouse_counts", string="To Choose")

    @api.depends("provider")
    def _compute_has_warehouses(self):
        for backend in self:
            provider = backend._provider_class()
            offered = provider.capabilities if provider else frozenset()
            backend.has_warehouses = not OF_WAREHOUSES.isdisjoint(offered)
            backend.lists_warehouses = Capability.WAREHOUSES in offered

    @api.depends("warehouse_ids.odoo_id")
    def _compute_warehouse_counts(self):
        houses = self.env["retail.warehouse"]
        domain = [("backend_id", "in", self.ids)]
        known = dict(houses._read_group(domain, ["backend_id"], ["__count"]))
        domain += [("odoo_id", "=", False)]
        unset = dict(houses._read_group(domain, ["backend_id"], ["__count"]))
        for backend in self:
            backend.warehouse_count = known.get(backend, 0)
            backend.warehouse_setup_count = unset.get(backend, 0)

    # Set-up

    def _setup_steps(self, offered):
        """Override: nothing is sent to a warehouse before it is known which one it is."""
        steps = super()._setup_steps(offered)
        if Capability.WAREHOUSES in offered or self.warehouse_ids:
            steps.insert(-1, self._step_warehouses())
        return steps

    def _step_warehouses(self):
        waiting, known = self.warehouse_setup_count, self.warehouse_count
        stepped = self.warehouse_ids.filtered("steps_problem")
        if stepped:
            names = ", ".join(stepped.mapped("name"))
            hint = self.env._("Should work in one step in Odoo: %(names)s.", names=names)
        elif waiting:
            hint = self.env._("%(count)s are no warehouse in Odoo yet.", count=waiting)
        elif known:
            hint = self.env._("Each of them is a warehouse in Odoo.")
        else:
            hint = self.env._("Fetch them, or enter them by hand on the page “Warehouses”.")
        lists = self.lists_warehouses
        return {
            "code": "warehouses",
            "label": self.env._("Choose the warehouses"),
            "hint": hint,
            "done": bool(known) and not waiting and not stepped,
            "optional": True,
            "button": "action_fetch_warehouses" if lists else "action_open_warehouses",
            "button_label": self.env._("Fetch Warehouses") if lists else self.env._("Warehouses"),
            "ready": self.last_test_ok if lists else True,
        }

    def action_fetch_warehouses(self):
        """Ask the third party which warehouses it runs; propose which each is in Odoo."""
        self.ensure_one()
        self._check_administrator()
        if not self.lists_warehouses:
            raise UserError(
                self.env._("%(name)s cannot list its warehouses: add them below.", name=self.name)
            )
        try:
            found = self._provider().warehouses()
        except ConnectorError as error:
            raise UserError(str(error)) from error
        added = self._take_warehouses([place for place in found if place.active])
        self.env["retail.audit"]._log(
            "fetch_warehouses", record=self, backend=self, detail={"added": added.mapped("name")}
        )
        return self._notify(
            self.env._(
                "%(added)s warehouses added; %(empty)s to choose in Odoo.",
                added=len(added),
                empty=len(self.warehouse_ids.filtered(lambda house: not house.odoo_id)),
            )
        )

    def _take_warehouses(self, found):
        """Create the warehouses that are missing, rename the others; return the new ones."""
        houses = self.env["retail.warehouse"].sudo().with_context(active_test=False)
        known = houses._by_external_id(self, [place.external_id for place in found])
        for place in found:
            house = known.get(place.external_id)
            if house and house.name != place.name:
                house.name = place.name
        missing = [place for place in found if place.external_id not in known]
        choices = self._proposed_warehouses(missing)
        return houses.create(
            [
                {
                    "backend_id": self.id,
                    "external_id": place.external_id,
                    "name": place.name,
                    "odoo_id": choices.get(place.external_id),
                }
                for place in missing
            ]
        )

    def _proposed_warehouses(self, places):
        """Return the id of the warehouse in Odoo that each place surely is, by external id.

        What a third party runs already is not proposed again.
        """
        ours = self.env["stock.warehouse"].search([("company_id", "=", self.company_id.id)])
        run = self.env["retail.warehouse"].sudo().search([("odoo_id", "in", ours.ids)]).odoo_id
        return proposed(
            [Place(place.external_id, place.external_id, place.name) for place in places],
            [Place(house.id, house.code, house.name) for house in ours - run],
        )

    def action_open_warehouses(self):
        """Open the warehouses of this account."""
        return self._open("retail_connector_3pl.retail_warehouse_action")
