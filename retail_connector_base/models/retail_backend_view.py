import json

from odoo import api, fields, models

from ..providers import Capability

HOURS = 24
BUCKET_HOURS = 2


class RetailBackend(models.Model):
    """What the form and the overview show of a backend, and where their buttons lead."""

    _inherit = "retail.backend"

    setup_steps = fields.Json(
        compute="_compute_setup_steps", string="Set-up", help="What is done and what is next."
    )
    can_subscribe = fields.Boolean(compute="_compute_setup_steps")
    unmapped_count = fields.Integer(compute="_compute_mapping_counts", string="To Map")
    mapping_count = fields.Integer(compute="_compute_mapping_counts", string="Values Known")
    order_count = fields.Integer(compute="_compute_order_count", string="Orders")
    traffic_graph = fields.Text(compute="_compute_traffic_graph", string="Last 24 Hours")

    @api.depends("mapping_ids.state")
    def _compute_mapping_counts(self):
        groups = self.env["retail.mapping"]._read_group(
            [("backend_id", "in", self.ids)], ["backend_id", "state"], ["__count"]
        )
        counts = {(backend.id, state): count for backend, state, count in groups}
        for backend in self:
            backend.unmapped_count = counts.get((backend.id, "unmapped"), 0)
            backend.mapping_count = sum(
                counts.get((backend.id, state), 0) for state in ("mapped", "unmapped", "ignored")
            )

    def _compute_order_count(self):
        groups = self.env["retail.order.binding"]._read_group(
            [("backend_id", "in", self.ids)], ["backend_id"], ["__count"]
        )
        counts = {backend.id: count for backend, count in groups}
        for backend in self:
            backend.order_count = counts.get(backend.id, 0)

    # Set-up

    @api.depends(
        "provider",
        "state",
        "setting_ids.value",
        "last_test_ok",
        "last_test_at",
        "subscribed_at",
        "missing_topics",
        "mapping_ids.state",
    )
    def _compute_setup_steps(self):
        for backend in self:
            provider = backend._provider_class()
            offered = provider.capabilities if provider else ()
            backend.can_subscribe = Capability.SUBSCRIPTIONS in offered
            backend.setup_steps = backend._with_current(
                [step for step in backend._setup_steps(offered) if step]
            )

    def _setup_steps(self, offered):
        """Return the steps of the set-up in order. An addon adds its own by overriding."""
        return [
            self._step_settings(),
            self._step_secrets(),
            self._step_test(),
            self._step_webhooks() if Capability.WEBHOOKS in offered else None,
            self._step_mappings(),
            self._step_start(),
        ]

    @staticmethod
    def _with_current(steps):
        """Mark the first required step that is not done as the one to do now."""
        waiting = [step for step in steps if not step["done"] and not step.get("optional")]
        for step in steps:
            step["current"] = step is (waiting[0] if waiting else None)
        return steps

    def _step_settings(self):
        empty = self.setting_ids.filtered(lambda row: row.required and not row.value)
        return {
            "code": "settings",
            "label": self.env._("Fill in the settings"),
            "hint": self._named(self.env._("Missing: %(names)s."), empty)
            or self.env._("All required settings are filled in."),
            "done": bool(self.setting_ids) and not empty,
        }

    def _step_secrets(self):
        unset = self.sudo().credential_ids.filtered(lambda row: row.required and not row.is_set)
        return {
            "code": "secrets",
            "label": self.env._("Enter the secrets"),
            "hint": self._named(self.env._("Missing: %(names)s."), unset)
            or self.env._("They are stored encrypted; only the last four characters are shown."),
            "done": not unset,
        }

    @staticmethod
    def _named(sentence, rows):
        names = ", ".join(row.label or row.name for row in rows)
        return rows and sentence % {"names": names}

    def _step_test(self):
        failed = self.last_test_at and not self.last_test_ok
        return {
            "code": "test",
            "label": self.env._("Test the connection"),
            "hint": self.env._("The last test failed: see the report below.")
            if failed
            else self.env._("The vendor is asked who we are and what we may do."),
            "done": self.last_test_ok,
            "failed": bool(failed),
            "button": "action_test_connection",
            "button_label": self.env._("Test Connection"),
        }

    def _step_webhooks(self):
        if not self.can_subscribe:
            return {
                "code": "webhooks",
                "label": self.env._("Give the vendor the webhook address"),
                "hint": self.env._("Copy it from “Webhooks” below into the vendor's settings."),
                "done": bool(self.last_message_at),
                "optional": True,
            }
        return {
            "code": "webhooks",
            "label": self.env._("Subscribe to webhooks"),
            "hint": self.env._("The vendor refused: %(topics)s.", topics=self.missing_topics)
            if self.missing_topics
            else self.env._("Subscriptions are created at the vendor and repaired when needed."),
            "done": bool(self.subscribed_at),
            "button": "action_sync_subscriptions",
            "button_label": self.env._("Subscribe"),
            "ready": self.last_test_ok,
        }

    def _step_mappings(self):
        unmapped = self.unmapped_count
        return {
            "code": "mappings",
            "label": self.env._("Map taxes and locations"),
            "hint": self.env._("%(count)s values wait for their meaning in Odoo.", count=unmapped)
            if unmapped
            else self.env._("What is missing shows up by itself with the first orders."),
            "done": bool(self.mapping_count) and not unmapped,
            "optional": True,
            "button": "action_open_mappings",
            "button_label": self.env._("Open Mappings"),
        }

    def _step_start(self):
        return {
            "code": "start",
            "label": self.env._("Start"),
            "hint": self.env._("What was received meanwhile is processed, polls begin."),
            "done": self.state == "running",
            "button": "action_start",
            "button_label": self.env._("Start"),
            "ready": self.last_test_ok,
        }

    def action_prepare(self):
        """Add what the provider declares and is missing here, e.g. after an upgrade."""
        self.check_access("write")
        self._sync_with_provider()
        return True

    # Overview

    def _compute_traffic_graph(self):
        now = fields.Datetime.now()
        counts = self._traffic(now)
        for backend in self:
            values = [
                {
                    "label": self.env._("-%(hours)s h", hours=hours),
                    "value": counts.get((backend.id, hours // BUCKET_HOURS), 0),
                    "type": "past",
                }
                for hours in range(HOURS - BUCKET_HOURS, -1, -BUCKET_HOURS)
            ]
            values[-1] |= {"label": self.env._("Now"), "type": "future"}
            backend.traffic_graph = json.dumps(
                [{"key": self.env._("Messages received"), "values": values}]
            )

    def _traffic(self, now):
        """Return how many messages came, by backend and how many buckets ago."""
        if not self.ids:
            return {}
        self.env.cr.execute(
            """
            SELECT backend_id,
                   floor(extract(epoch FROM %(now)s - received_at) / %(bucket)s)::int, count(*)
              FROM retail_inbox_message
             WHERE backend_id = ANY(%(ids)s)
               AND received_at > %(now)s - %(hours)s * interval '1 hour' AND received_at <= %(now)s
             GROUP BY 1, 2
            """,
            {"ids": self.ids, "now": now, "hours": HOURS, "bucket": BUCKET_HOURS * 3600},
        )
        return {(backend_id, ago): count for backend_id, ago, count in self.env.cr.fetchall()}

    # Where the buttons lead

    def action_open_messages(self):
        """Open the messages of this backend."""
        return self._open("retail_connector_base.retail_inbox_message_action")

    def action_open_backlog(self):
        """Open the messages that wait."""
        return self._open("retail_connector_base.retail_inbox_message_action", queued=1)

    def action_open_dead(self):
        """Open the messages that need a person."""
        return self._open("retail_connector_base.retail_inbox_message_action", needs_person=1)

    def action_open_exceptions(self):
        """Open the exceptions of this backend that wait for somebody."""
        return self._open("retail_connector_base.retail_exception_action", open=1)

    def action_open_mappings(self):
        """Open the mapping tables of this backend."""
        return self._open("retail_connector_base.retail_mapping_action", by_kind=1)

    def action_open_orders(self):
        """Open the orders that came from this backend."""
        return self._open("retail_connector_base.retail_order_binding_action")

    def action_open_audit(self):
        """Open the audit trail of this backend."""
        return self._open("retail_connector_base.retail_audit_action")

    def _open(self, xmlid, **filters):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        chosen = {f"search_default_{name}": value for name, value in filters.items()}
        action["domain"] = [("backend_id", "=", self.id)]
        action["context"] = {"default_backend_id": self.id, **chosen}
        return action
