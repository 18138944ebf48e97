from odoo import models

# Whoever closes a day changes its row: he waits for us, or we see that it is shut and run again.
KEEP_OPEN = "SELECT FROM retail_pos_day WHERE id = ANY(%s) ORDER BY id FOR SHARE"


class RetailImporterPosTicket(models.AbstractModel):
    """On which business day a ticket counts, and in which session it is posted."""

    _inherit = "retail.importer.pos_ticket"

    def _find_days(self, backend, drafts):
        """Find or open days and sessions, once for each; voided tickets need no session."""
        days = self.env["retail.pos.day"]
        found = days._of({_pair(draft) for draft in drafts})
        for draft in drafts:
            draft.day = found[_pair(draft)]
        sold = [draft for draft in drafts if not draft.is_void]
        posting = days.union(*(draft.day for draft in sold))._posting_days()
        posted = days.union(*posting.values())
        self.env.cr.execute(KEEP_OPEN, [posted.ids])
        sessions = posted._sessions()
        for draft in sold:
            draft.posted_day = posting[draft.day]
            draft.session = sessions[draft.posted_day]


def _pair(draft):
    return draft.register, draft.ticket.business_date
