from odoo import models


class RetailInboxMessage(models.Model):
    """Finds what the API stored about one entity."""

    _inherit = "retail.inbox.message"

    # Partial: webhooks, which are many more, do not pay for it.
    _api_entity_index = models.Index("(backend_id, entity_key, id) WHERE source = 'api'")
