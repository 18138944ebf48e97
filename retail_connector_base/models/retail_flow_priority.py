from odoo import api, models
from odoo.tools import ormcache

from ..decisions.lane import DEFAULT_PRIORITY, job_priority

CACHED = {"tier", "priority", "active", "paused", "backend_id", "kind", "direction"}


class RetailFlow(models.Model):
    """What goes first: the tier, then the priority within it. And what of flows is cached."""

    _inherit = "retail.flow"

    @api.model
    @ormcache("backend_id", "direction")
    def _job_priorities(self, backend_id: int, direction: str = "in") -> dict[str, int]:
        """Return the priority of jobs by the flow's kind; cached: webhooks and stock moves ask."""
        flows = self.sudo().search([("backend_id", "=", backend_id), ("direction", "=", direction)])
        return {flow.kind: flow._job_priority() for flow in flows}

    def _job_priority(self) -> int:
        self.ensure_one()
        return job_priority(int(self.tier), self.priority)

    @api.model
    def _most_urgent(self, backend_id: int, kinds) -> int:
        """Return the priority of jobs of the most urgent of these kinds."""
        known = self._job_priorities(backend_id)
        return min((known.get(kind, DEFAULT_PRIORITY) for kind in kinds), default=DEFAULT_PRIORITY)

    # Overrides: the priorities, and which flows run, are cached

    @api.model_create_multi
    def create(self, vals_list):
        flows = super().create(vals_list)
        self.env.registry.clear_cache()
        return flows

    def write(self, vals):
        result = super().write(vals)
        if not CACHED.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
