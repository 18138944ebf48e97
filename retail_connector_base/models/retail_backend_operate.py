import secrets

from odoo import fields, models
from odoo.exceptions import UserError

from ..providers import Capability, ConnectorError


class RetailBackend(models.Model):
    """What an administrator does with a backend: test, subscribe, run, pause."""

    _inherit = "retail.backend"

    def _is_processing(self):
        """Tell whether what was received is to be imported now."""
        self.ensure_one()
        ready = self.active and not self.paused and self.state == "running"
        return bool(ready and self._provider_class())

    def action_test_connection(self):
        """Ask the vendor who we are and what we may do; show what it said."""
        self._check_administrator()
        for backend in self:
            backend._test_connection()

    def _test_connection(self):
        try:
            report = self._provider().test_connection()
            problems = list(report.problems)
            values = {"account": report.account, "details": [list(d) for d in report.details]}
            values["warnings"] = list(report.warnings)
        except ConnectorError as error:
            problems, values = [str(error)], {}
        self.write(
            {
                "last_test_at": fields.Datetime.now(),
                "last_test_ok": not problems,
                "last_test_report": {**values, "problems": problems},
            }
        )
        if not problems and self.state == "draft":
            self.state = "connected"

    def action_sync_subscriptions(self):
        """Create and repair the webhook subscriptions at the vendor."""
        self._check_administrator()
        self.ensure_one()
        provider = self._provider()
        if Capability.SUBSCRIPTIONS not in provider.capabilities:
            raise UserError(
                self.env._("%(vendor)s does not manage subscriptions.", vendor=provider.label)
            )
        try:
            report = self._sync_subscriptions()
        except ConnectorError as error:
            raise UserError(str(error)) from error
        return self._notify(
            self.env._(
                "Subscriptions: %(present)s in place, %(created)s created, %(repaired)s repaired, "
                "%(missing)s refused.",
                present=len(report.present),
                created=len(report.created),
                repaired=len(report.repaired),
                missing=len(report.missing),
            )
        )

    def _sync_subscriptions(self):
        """Subscribe to what is wanted now; return the provider's report."""
        report = self._provider().sync_subscriptions(self.webhook_url, self._unheard_kinds())
        self._log_subscriptions(report)
        return report

    def _unheard_kinds(self):
        """Return the kinds whose events the vendor need not send."""
        return frozenset()

    def _log_subscriptions(self, report):
        topics = [*report.present, *report.created, *report.repaired]
        self.write(
            {
                "subscribed_at": fields.Datetime.now(),
                "subscribed_topics": ", ".join(sorted(topics)),
                "missing_topics": ", ".join(sorted(report.missing)),
            }
        )
        self.env["retail.audit"]._log(
            "subscriptions", record=self, backend=self, detail={"topics": topics}
        )

    def action_start(self):
        """Let the backend run: what was received is processed, polls are due."""
        self._check_administrator()
        for backend in self:
            if not backend.last_test_ok:
                raise UserError(self.env._("Test the connection first."))
        self.write({"state": "running", "paused": False})
        self.flow_ids._begin_now()
        self._audit("backend_start")
        self._wake_all()

    def action_pause(self):
        """Stop processing; webhooks are received and kept."""
        self._check_administrator()
        self.paused = True
        self._audit("backend_pause")

    def action_resume(self):
        """Go on with what was kept meanwhile."""
        self._check_administrator()
        self.paused = False
        self._audit("backend_resume")
        self._wake_all()

    def action_new_key(self):
        """Replace the webhook address, e.g. after it leaked; the old one stops working."""
        self._check_administrator()
        self.ensure_one()
        self.key = secrets.token_urlsafe(24)
        self._audit("webhook_key")

    def _check_administrator(self):
        self.check_access("write")

    def _audit(self, action):
        for backend in self:
            self.env["retail.audit"]._log(action, record=backend, backend=backend)

    def _wake_all(self):
        self.env["retail.inbox.sweeper"]._sweep_at(fields.Datetime.now())
