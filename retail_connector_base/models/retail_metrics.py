from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.openmetrics.exposition import generate_latest

from odoo import api, fields, models

from odoo.addons.queue_job.jobrunner.runner import PG_ADVISORY_LOCK_ID

# Each is (name, meaning, labels, query). Queries take a company and return labels and a number;
# each reads an index of what is open, whatever the tables' history.
GAUGES = (
    (
        "retail_inbox_messages",
        "Messages that are not at rest, and those that need a person",
        ("backend", "state"),
        """
        SELECT backend.name, message.state, count(*) FROM retail_backend backend
          JOIN retail_inbox_message message ON message.backend_id = backend.id
         WHERE backend.company_id = %s AND message.state IN
               ('received', 'retry', 'waiting', 'blocked', 'quarantined', 'conflict', 'unsupported')
         GROUP BY 1, 2
        """,
    ),
    (
        "retail_inbox_oldest_seconds",
        "Age of the oldest message that waits to be imported",
        ("backend",),
        """
        SELECT backend.name,
               extract(epoch FROM now() AT TIME ZONE 'UTC' - min(message.received_at))
          FROM retail_backend backend
          JOIN retail_inbox_message message ON message.backend_id = backend.id
         WHERE backend.company_id = %s AND message.state IN ('received', 'retry', 'waiting')
         GROUP BY 1
        """,
    ),
    (
        "retail_outbox_commands",
        "Commands that are owed to other systems",
        ("backend", "state"),
        """
        SELECT backend.name, command.state, count(*) FROM retail_backend backend
          JOIN retail_outbox_command command ON command.backend_id = backend.id
         WHERE backend.company_id = %s AND command.state NOT IN ('done', 'cancelled')
         GROUP BY 1, 2
        """,
    ),
    (
        "retail_exceptions_open",
        "Open exceptions",
        ("backend", "class"),
        """
        SELECT backend.name, exception.error_class, count(*) FROM retail_backend backend
          JOIN retail_exception exception ON exception.backend_id = backend.id
         WHERE backend.company_id = %s AND exception.state = 'open' GROUP BY 1, 2
        """,
    ),
    (
        "retail_exceptions_amount",
        "Amount at risk of open exceptions, in the company's currency",
        ("backend",),
        """
        SELECT backend.name, sum(exception.amount_at_risk) FROM retail_backend backend
          JOIN retail_exception exception ON exception.backend_id = backend.id
         WHERE backend.company_id = %s AND exception.state = 'open' GROUP BY 1
        """,
    ),
    (
        "retail_flow_failing",
        "1 for a flow whose last attempt failed",
        ("backend", "flow", "direction"),
        """
        SELECT backend.name, flow.kind, flow.direction,
               max((flow.last_error_at > coalesce(flow.last_success_at, '-infinity'))::int)
          FROM retail_backend backend JOIN retail_flow flow ON flow.backend_id = backend.id
         WHERE backend.company_id = %s AND flow.active AND flow.last_error_at IS NOT NULL
         GROUP BY 1, 2, 3
        """,
    ),
)
RUNNER = """
    SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND (classid::bigint << 32) | objid::bigint = %s
"""
SWEEP_MINUTES = 5


class RetailMetrics(models.AbstractModel):
    """Figures for monitoring: what waits, what failed, and whether the machinery runs."""

    _name = "retail.metrics"
    _description = "Retail Connector: metrics"

    @api.model
    def _exposition(self, company_id) -> bytes:
        """Return the figures of a company in the OpenMetrics text format."""
        registry = CollectorRegistry()
        for name, meaning, labels, query in GAUGES:
            gauge = Gauge(name, meaning, labels, registry=registry)
            self.env.cr.execute(query, [company_id])
            for *values, number in self.env.cr.fetchall():
                gauge.labels(*values).set(float(number or 0))
        healthy = Gauge("retail_healthy", "1 for a part that works", ("part",), registry=registry)
        for part, works in self._health().items():
            healthy.labels(part).set(works)
        return generate_latest(registry)

    @api.model
    def _health(self):
        """Return whether each part that everything depends on works."""
        return {"runner": self._has_runner(), "sweeper": self._sweeps()}

    def _has_runner(self):
        """Tell whether a job runner holds this database's lock."""
        self.env.cr.execute(RUNNER, [PG_ADVISORY_LOCK_ID])
        return bool(self.env.cr.rowcount)

    def _sweeps(self):
        cron = self.env.ref("retail_connector_base.cron_sweep", raise_if_not_found=False)
        if not cron or not cron.active:
            return False
        last = cron.lastcall or cron.create_date
        return (fields.Datetime.now() - last).total_seconds() < SWEEP_MINUTES * 60
