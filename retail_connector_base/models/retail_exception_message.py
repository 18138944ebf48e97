from odoo import models


class RetailInboxMessage(models.Model):
    """What exceptions ask of messages, over and over: which of them still wait."""

    _inherit = "retail.inbox.message"

    _open_exception_index = models.Index(
        "(exception_id) WHERE exception_id IS NOT NULL "
        "AND state NOT IN ('done', 'superseded', 'ignored')"
    )
