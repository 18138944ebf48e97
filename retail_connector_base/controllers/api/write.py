"""What other systems post: canonical messages, stored one inbox row per item."""

import logging
from collections import defaultdict

import psycopg2
from psycopg2.extensions import TransactionRollbackError

from odoo import SUPERUSER_ID, api, http
from odoo.http import Response, request

from ...canonical import ROUTES
from ...decisions.api_answer import ItemAnswer, body_of, overall_status
from ...decisions.api_problem import refuse
from ...models.read_committed import read_committed
from ...models.retail_api_request import LEASE_SECONDS
from ..body import MAX_BYTES
from .auth import Caller, authenticated, environment
from .idempotency import claim, key_of
from .items import Checked, Parcel, check_items, read_parcel
from .problems import json_response
from .version import version_headers

_logger = logging.getLogger(__name__)

SHED_RETRY_AFTER = 60
# Two requests may hold each other up; one of them is run again.
TRIES = 3
NAMES = ",".join(f'"{route}"' for route in ROUTES)


class ApiWriteController(http.Controller):
    """Authenticate, check each item, store, commit, answer. No business rule lives here."""

    @http.route(
        f"/retail/v1/<any({NAMES}):route>",
        type="retail",
        auth="none",
        methods=["POST"],
        csrf=False,
        save_session=False,
        readonly=False,
        max_content_length=MAX_BYTES,
    )
    @authenticated("{route}:write")
    def send(self, caller, route):
        """Answer each item: 202 stored, 200 known or kept, 422 not valid."""
        env = environment()
        if env["retail.backend"]._sheds(caller.backend_id, [ROUTES[route].kind]):
            raise refuse("overloaded", retry_after=SHED_RETRY_AFTER)
        key = key_of(request.httprequest)
        parcel = read_parcel(request.httprequest, route)
        if not key:
            return self._work(env, caller, parcel, key, None)
        claimed = claim(env, caller.client_id, key, parcel, {})
        if isinstance(claimed, Response):
            return claimed
        try:
            return self._work(env, caller, parcel, key, claimed)
        except BaseException:
            self._release(env, claimed)
            raise

    def _work(self, env, caller, parcel, key, claimed):
        checked = check_items(parcel, caller.client_id, key)
        headers = dict(version_headers([item.version for item in checked]))
        answers, status, body = self._store(env, caller, parcel, checked, claimed, headers)
        self._wake(env, caller.backend_id, answers)
        return json_response(body, status, headers)

    def _store(self, env, caller, parcel, checked, claimed, headers):
        """Store all items and the answer to the key in one transaction, and commit it."""
        for attempt in range(TRIES):
            try:
                with read_committed(env.registry) as cr:
                    own = api.Environment(cr, SUPERUSER_ID, {})
                    answers = self._store_items(own, caller, parcel, checked)
                    status, body = overall_status(answers), body_of(answers)
                    if not parcel.is_batch and answers[0].href:
                        headers["Location"] = answers[0].href
                    self._keep_answer(own, claimed, status, body, headers)
                return answers, status, body
            except TransactionRollbackError:
                if attempt == TRIES - 1:
                    raise

    def _store_items(self, env, caller: Caller, parcel: Parcel, checked: list[Checked]):
        messages = [item.message for item in checked if item.message]
        lanes = env["retail.backend"]._lane_count_of(caller.backend_id)
        receiver = env["retail.inbox.receiver"]
        receipts = iter(receiver._store_items(caller.backend_id, lanes, messages))
        supported = env["retail.inbox.processor"]._importer(parcel.kind) is not None
        return [
            ItemAnswer(index, next(receipts) if item.message else None, item.problem, supported)
            for index, item in enumerate(checked)
        ]

    def _keep_answer(self, env, claimed, status, body, headers):
        """Keep what is answered; a request that took too long was taken over by another one."""
        if claimed is None:
            return
        kept = {"body": body, "headers": headers}
        if not env["retail.api.request"]._answer(claimed, status, kept):
            raise refuse("in-flight", retry_after=LEASE_SECONDS)

    def _release(self, env, claimed):
        """Let the sender try again at once. What fails here, the lease's end makes good."""
        try:
            env["retail.api.request"]._release(claimed)
        except psycopg2.Error as error:
            _logger.info("a request was not released: %s", type(error).__name__)

    def _wake(self, env, backend_id, answers):
        """Wake the lanes in a new transaction. What fails here the sweeper makes good."""
        lanes = defaultdict(set)
        for answer in answers:
            if answer.receipt and answer.receipt.lane is not None:
                lanes[answer.receipt.lane].add(answer.receipt.kind)
        try:
            # The request's own transaction began before the items were stored.
            env.cr.commit()  # pylint: disable=invalid-commit
            drain = env["retail.inbox.drain"]
            for lane in lanes:
                drain._wake(backend_id, lane, kinds=lanes[lane])
            env.cr.commit()  # pylint: disable=invalid-commit
        except psycopg2.Error as error:
            _logger.info("a lane was not woken: %s", type(error).__name__)
            request.env.cr.rollback()
