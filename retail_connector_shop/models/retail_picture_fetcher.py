import logging
import random
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.retail_connector_base.decisions.retry import decide_retry
from odoo.addons.retail_connector_base.providers import ConnectorError
from odoo.addons.retail_connector_base.providers.picture import fetch_picture

_logger = logging.getLogger(__name__)


class RetailPictureFetcher(models.AbstractModel):
    """Fetches pictures one by one, outside any transaction; one job per backend."""

    _name = "retail.picture.fetcher"
    _description = "Retail Connector: fetching pictures"
    _inherit = ["retail.lane.mixin"]

    _lane_job = "_job_fetch"

    def _lane_user(self, backend_id):
        return self.env["retail.backend"].browse(backend_id).user_id

    def _lane_title(self, backend_id):
        backend = self.env["retail.backend"].browse(backend_id)
        return self.env._("Fetch pictures of %(backend)s", backend=backend.name)

    def _job_fetch(self, backend_id):
        """Fetch what waits, for some seconds; a successor goes on."""
        self._run_chunks(backend_id)

    @api.model
    def _sweep(self):
        """Wake the backends whose pictures are due; every minute."""
        due = self.env["retail.product.picture"]._read_group(self._due(), ["backend_id"])
        for (backend,) in due:
            self._wake_after_commit(backend.id)

    def _due(self):
        return [
            ("state", "=", "waiting"),
            ("backend_id.active", "=", True),
            "|",
            ("next_attempt_at", "=", False),
            ("next_attempt_at", "<=", fields.Datetime.now()),
        ]

    def _run_chunk(self, backend_id):
        """Override: one picture; return whether there was any."""
        wanted = self._step("_begin", backend_id)
        if not wanted:
            return False
        picture_id, url = wanted
        try:
            picture = self._fetch(url)
        except ConnectorError as error:
            self._step("_note_failure", picture_id, error)
        else:
            self._step("_keep", picture_id, picture)
        return True

    def _step(self, method, *args):
        with self.env.registry.cursor() as cr:
            return getattr(api.Environment(cr, self.env.uid, {}, su=True)[self._name], method)(
                *args
            )

    def _fetch(self, url):
        return fetch_picture(url)

    def _begin(self, backend_id):
        """Take the next picture; the try is counted before it is made."""
        pictures = self.env["retail.product.picture"]
        row = pictures.search(
            [("backend_id", "=", backend_id), *self._due()], order="attempts, id", limit=1
        )
        if not row:
            return None
        # A process that dies leaves the row to the sweeper.
        later = fields.Datetime.now() + timedelta(minutes=5)
        row.write({"attempts": row.attempts + 1, "next_attempt_at": later})
        return row.id, row.url

    def _keep(self, picture_id, picture):
        row = self.env["retail.product.picture"].browse(picture_id).exists()
        try:
            with self.env.cr.savepoint():
                if row:
                    row._place(picture)
        except UserError as error:
            # Odoo cannot read it, or it is larger than Odoo takes.
            row.write({"state": "failed", "error": str(error)[:500]})

    def _note_failure(self, picture_id, error):
        row = self.env["retail.product.picture"].browse(picture_id).exists()
        if not row:
            return
        retry = decide_retry(error.error_class, row.attempts, random, error.retry_after)
        later = retry and fields.Datetime.now() + timedelta(seconds=retry.seconds)
        row.write(
            {
                "state": "waiting" if retry else "failed",
                "next_attempt_at": later or False,
                "error": str(error)[:500],
            }
        )


class RetailInboxSweeper(models.AbstractModel):
    """Looks for pictures that are due as well."""

    _inherit = "retail.inbox.sweeper"

    @api.model
    def _sweep(self):
        """Override: wake what fetches pictures."""
        result = super()._sweep()
        self.env["retail.picture.fetcher"]._sweep()
        return result
