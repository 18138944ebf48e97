from datetime import timedelta

from odoo import api, fields, models

from ..canonical.privacy_request import PrivacyRequestType
from ..decisions.outcome import ImportResult, Outcome

TYPES = {
    PrivacyRequestType.REDACT: "erase",
    PrivacyRequestType.SHOP_REDACT: "shop",
    PrivacyRequestType.DATA_REQUEST: "access",
}


class RetailImporterPrivacyRequest(models.AbstractModel):
    """Makes privacy requests of what a channel demands.

    A person is erased by itself where the backend says so (the platforms demand it and know who
    asked). A shop is not: what an app must forget is less than what a company must keep.
    """

    _name = "retail.importer.privacy_request"
    _inherit = ["retail.importer"]
    _description = "Retail Importer: privacy requests"

    _binding_model = None

    @api.model
    def _import_batch(self, backend, items):
        """Override: a request has no version and no binding; each message makes one."""
        return {item.message_id: self._make(backend, item) for item in items}

    def _make(self, backend, item):
        requests = self.env["retail.erasure"].sudo()
        known = requests.search([("message_id", "=", item.message_id)])
        request = known or requests._request(self._request_values(backend, item))
        if not known:
            self._decide(backend, request)
        return ImportResult(Outcome.DONE, record=("retail.erasure", request.id))

    def _request_values(self, backend, item):
        wanted = item.canonical
        now = fields.Datetime.now()
        due = wanted.due_at and wanted.due_at.replace(tzinfo=None)
        return {
            "type": TYPES[wanted.type],
            "source": "webhook",
            "company_id": backend.company_id.id,
            "backend_id": backend.id,
            "email": wanted.email,
            "phone": wanted.phone,
            "customer_external_id": wanted.customer_external_id,
            "order_external_ids": list(wanted.order_external_ids),
            "due_at": due or now + timedelta(days=30),
            "message_id": item.message_id,
        }

    def _decide(self, backend, request):
        if request.type == "erase" and backend.erasure_by_itself:
            days = backend.erasure_after_days
            at = fields.Datetime.now() + timedelta(days=days) if days else None
            request._approve(how="backend", at=at)
        else:
            request._remind()
