from dataclasses import replace

from odoo import api, models

from ..decisions.erasure import Treatment, began, stripped, traces, treat
from ..providers import ConnectorError
from .retail_erasure_mark import SHOP


class RetailInboxProcessor(models.AbstractModel):
    """All importers pass here: what is about an erased person loses what tells who he is."""

    _inherit = "retail.inbox.processor"

    def _parse(self, backend, messages):
        """Override: take erased persons out of what was read, before any importer sees it."""
        items = super()._parse(backend, messages)
        marks = self.env["retail.erasure.mark"]
        if not items or not marks._exist(backend):
            return items
        told = {item.message_id: traces(item.canonical) for item in items}
        try:
            erased = marks._of(backend, frozenset().union(*told.values()))
        except ConnectorError as error:
            # Without the server's key nobody can tell who was erased: nothing is imported.
            for item in items:
                self._fail(self.env["retail.inbox.message"].browse(item.message_id), error)
            return []
        kept = (self._treated(backend, item, told[item.message_id], erased) for item in items)
        return [item for item in kept if item]

    @api.model
    def _treated(self, backend, item, told, erased):
        """Return the item as it may be imported, ``None`` when it may not."""
        found = {trace: erased[trace] for trace in (*told, SHOP) if trace in erased}
        treatment = treat(item.canonical, item.observed_at, found)
        if treatment is Treatment.KEEP:
            return item
        if treatment is Treatment.RETURN:
            self.env["retail.erasure.mark"]._note_return(backend, told, began(item.canonical))
            return item
        message = self.env["retail.inbox.message"].browse(item.message_id)
        message.is_erased = True
        if treatment is Treatment.IGNORE:
            message._finish("ignored", self.env._("This customer was erased."))
            message._drop_payload("erasure")
            self.env["retail.inbox.failure"]._resolve(message)
            return None
        bare = stripped(item.canonical)
        return replace(item, canonical=bare, content_hash=bare.content_hash())

    def _finish(self, items, results):
        """Override: nothing keeps the bytes of an erased person's message."""
        result = super()._finish(items, results)
        messages = self.env["retail.inbox.message"].browse(results)
        messages.filtered("is_erased")._drop_payload("erasure")
        return result
