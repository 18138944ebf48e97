import random
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.retail_connector_base.decisions.retry import decide_retry
from odoo.addons.retail_connector_base.providers import ConnectorError
from odoo.addons.retail_connector_base.providers.document import fetch_document
from odoo.addons.retail_connector_base.providers.event_delivery import (
    NETWORKS,
    PLAIN_HTTP,
    policy_of,
)


class RetailLabelFetcher(models.AbstractModel):
    """Fetches the documents of labels one by one, outside any transaction; one job per service."""

    _name = "retail.label.fetcher"
    _description = "Retail Connector: fetching labels"
    _inherit = ["retail.lane.mixin"]

    _lane_job = "_job_fetch"

    def _lane_user(self, backend_id):
        return self.env["retail.backend"].browse(backend_id).user_id

    def _lane_title(self, backend_id):
        backend = self.env["retail.backend"].browse(backend_id)
        return self.env._("Fetch labels of %(backend)s", backend=backend.name)

    def _job_fetch(self, backend_id):
        """Fetch what waits, for some seconds; a successor goes on."""
        self._run_chunks(backend_id)

    @api.model
    def _sweep(self):
        """Wake the services whose labels are due."""
        due = self.env["retail.label.request"]._read_group(self._due(), ["backend_id"])
        for (backend,) in due:
            self._wake_after_commit(backend.id)

    def _due(self):
        return [
            ("document_state", "=", "waiting"),
            ("backend_id.active", "=", True),
            "|",
            ("next_attempt_at", "=", False),
            ("next_attempt_at", "<=", fields.Datetime.now()),
        ]

    def _run_chunk(self, backend_id):
        """Override: one document; return whether there was any."""
        wanted = self._step("_begin", backend_id)
        if not wanted:
            return False
        request_id, url, limits = wanted
        try:
            document = self._fetch(url, limits)
        except ConnectorError as error:
            self._step("_note_failure", request_id, error)
        else:
            self._step("_keep", request_id, document)
        return True

    def _step(self, method, *args):
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, self.env.uid, {}, su=True)
            return getattr(env[self._name], method)(*args)

    def _fetch(self, url, limits):
        """Return a document. Addresses within our own network are asked as far as is allowed."""
        return fetch_document(url, policy_of(limits[NETWORKS], limits[PLAIN_HTTP]))

    def _begin(self, backend_id):
        """Take the next label; the try is counted before it is made."""
        requests = self.env["retail.label.request"]
        row = requests.search(
            [("backend_id", "=", backend_id), *self._due()], order="attempts, id", limit=1
        )
        if not row:
            return None
        # A process that dies leaves the row to the sweeper.
        later = fields.Datetime.now() + timedelta(minutes=5)
        row.write({"attempts": row.attempts + 1, "next_attempt_at": later})
        return row.id, row.url, dict(self.env["retail.backend"]._event_limits())

    def _keep(self, request_id, document):
        """Attach the document to the delivery."""
        row = self.env["retail.label.request"].browse(request_id).exists()
        if not row or row.attachment_id:
            return
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"{row.name}.{document.extension}",
                "raw": document.content,
                "mimetype": document.mimetype,
                "res_model": "stock.picking",
                "res_id": row.picking_id.id,
            }
        )
        kept = {"document_state": "kept", "attachment_id": attachment.id, "error": False}
        row.write({**kept, "next_attempt_at": False})
        row._solve_document()

    def _note_failure(self, request_id, error):
        row = self.env["retail.label.request"].browse(request_id).exists()
        if not row:
            return
        retry = decide_retry(error.error_class, row.attempts, random, error.retry_after)
        later = retry and fields.Datetime.now() + timedelta(seconds=retry.seconds)
        row.write(
            {
                "document_state": "waiting" if retry else "failed",
                "next_attempt_at": later or False,
                "error": str(error)[:200],
            }
        )
        if not retry:
            row._report_document(error)
