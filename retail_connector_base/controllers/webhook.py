import json
import logging
from collections import defaultdict
from datetime import datetime, timezone

import psycopg2
from werkzeug.exceptions import HTTPException, NotFound, ServiceUnavailable, Unauthorized

from odoo import SUPERUSER_ID, http
from odoo.http import Response, request

from ..decisions.receipt import Receipt, ReceiptStatus
from ..fail_points import reach
from ..providers import ConnectorError, Delivery, RawRequest
from .body import MAX_BYTES, read_body
from .problem import RETRY_AFTER, problem_response

_logger = logging.getLogger(__name__)

# A backlog takes longer to shrink than a failure to pass.
SHED_RETRY_AFTER = 60


class WebhookController(http.Controller):
    """Takes vendors' webhooks: authenticate, store, commit, answer. No business rule lives here."""

    @http.route(
        "/retail/v1/hooks/<string:key>",
        type="retail",
        auth="none",
        methods=["POST"],
        csrf=False,
        save_session=False,
        readonly=False,
        max_content_length=MAX_BYTES,
    )
    def receive(self, key, **_params):
        """Answer 202 for what is stored, 200 for what is known; never 2xx for what is not kept."""
        try:
            response = self._receive(key)
        except psycopg2.Error as error:
            _logger.warning("a webhook could not be stored: %s", type(error).__name__)
            response = problem_response(ServiceUnavailable(retry_after=RETRY_AFTER))
        except HTTPException as error:
            response = problem_response(error)
        # All that is kept was committed before. Odoo commits once more after us: with nothing to
        # commit, what is stored is acknowledged though PostgreSQL goes away at this very moment.
        self._rollback()
        return response

    def _receive(self, key):
        env = self._environment()
        backend_id = env["retail.backend"]._id_of_key(key)
        if not backend_id:
            raise NotFound()
        provider = self._provider(env, backend_id)
        raw = self._raw_request(provider)
        delivery = self._verify(provider, raw)
        self._check_pressure(env, backend_id, delivery)
        lanes = env["retail.backend"]._lane_count_of(backend_id)
        receipts = self._store(env, backend_id, lanes, delivery)
        self._wake(env, backend_id, receipts)
        return self._answer(delivery, receipts)

    def _provider(self, env, backend_id):
        """Return the provider; while it is not configured, senders are asked to come back."""
        try:
            return env["retail.backend"]._build_provider(backend_id)
        except ConnectorError as error:
            _logger.error("backend %s cannot receive: %s", backend_id, error)
            raise ServiceUnavailable(retry_after=RETRY_AFTER) from error

    def _environment(self):
        """Return a superuser environment; 503 where our tables cannot be reached."""
        if not request.db or "retail.backend" not in request.env:
            raise ServiceUnavailable(retry_after=RETRY_AFTER)
        return request.env(user=SUPERUSER_ID, su=True)

    def _raw_request(self, provider):
        httprequest = request.httprequest
        return RawRequest(
            body=read_body(httprequest, provider.accepts_forms),
            headers={name.lower(): value for name, value in httprequest.headers.items()},
            received_at=datetime.now(timezone.utc),
            url=httprequest.url,
        )

    def _verify(self, provider, raw) -> Delivery:
        try:
            return provider.verify(raw)
        except ConnectorError as error:
            raise Unauthorized() from error

    def _check_pressure(self, env, backend_id, delivery):
        """Refuse while too much waits, payments last. Nothing is asked of the database here."""
        kinds = [message.kind for message in delivery.messages]
        if env["retail.backend"]._sheds(backend_id, kinds):
            raise ServiceUnavailable(retry_after=SHED_RETRY_AFTER)

    def _store(self, env, backend_id, lanes, delivery) -> list[Receipt]:
        receiver = env["retail.inbox.receiver"]
        receipts = []
        for message in delivery.messages:
            receipts.append(receiver._store(backend_id, lanes, message, "webhook"))
            # Commit errors must be seen here: only what is on disk may be acknowledged.
            env.cr.commit()  # pylint: disable=invalid-commit
            reach("webhook.committed")
        return receipts

    def _wake(self, env, backend_id, receipts):
        """Wake the lanes in a new transaction. What fails here the sweeper makes good."""
        lanes = defaultdict(set)
        for receipt in receipts:
            if receipt.http_status == 202:
                lanes[receipt.lane].add(receipt.kind)
        try:
            drain = env["retail.inbox.drain"]
            enqueued = [drain._wake(backend_id, lane, kinds=lanes[lane]) for lane in lanes]
            if any(enqueued):
                env.cr.commit()  # pylint: disable=invalid-commit
        except psycopg2.Error as error:
            _logger.info("a lane was not woken: %s", type(error).__name__)
            self._rollback()

    def _answer(self, delivery, receipts):
        wanted = delivery.acknowledgement
        status = max((receipt.http_status for receipt in receipts), default=200)
        body = wanted.body
        if body is None:
            body = json.dumps({"messages": [self._item(receipt) for receipt in receipts]})
        return Response(body, status=wanted.status or status, content_type=wanted.content_type)

    def _item(self, receipt):
        return {
            "id": receipt.message_id,
            "duplicate": receipt.status is ReceiptStatus.DUPLICATE,
        }

    def _rollback(self):
        if not request.env:
            return
        try:
            request.env.cr.rollback()
        except psycopg2.Error:
            _logger.info("the connection is gone")
