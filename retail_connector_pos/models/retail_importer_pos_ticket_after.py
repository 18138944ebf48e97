from odoo import models


class RetailImporterPosTicket(models.AbstractModel):
    """What imported tickets mean for their days and registers."""

    _inherit = "retail.importer.pos_ticket"

    def _after_import(self, backend, drafts):
        """Override: compare reported days again once this is committed; look at the clocks."""
        result = super()._after_import(backend, drafts)
        days = self.env["retail.pos.day"].union(*(draft.day or draft.binding.day_id
                                                  for draft in drafts))  # fmt: skip
        if any(day.report_id and day.state != "closed" for day in days):
            self.env["retail.pos.closer"]._wake_after_commit(backend.id)
        self.env["retail.pos.offline"]._check_clocks(drafts)
        return result
