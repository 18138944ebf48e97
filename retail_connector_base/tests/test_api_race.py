import threading
from datetime import timedelta
from uuid import uuid4

import requests

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tests.common import HOST

from ..models.retail_api_request import Claim
from .api import create_client, customer, offer_importers
from .common import CommittedCase

AT_ONCE = 8


@tagged("post_install", "-at_install")
class TestApiRace(CommittedCase):
    """Requests at the same moment: real cursors, real HTTP, one winner."""

    def setUp(self):
        super().setUp()
        self.startPatcher(offer_importers(self.registry))
        with self.committed() as env:
            client, self.token = create_client(
                env, backend_id=self.backend_id, name=f"Race {uuid4()}"
            )
            self.client_id, self.token_id = client.id, client.token_ids.id

    def _at_once(self, call, count=AT_ONCE):
        """Call from several threads that start together; return what each got."""
        start, results = threading.Barrier(count), []

        def run(number):
            start.wait(timeout=20)
            results.append(call(number))

        threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        self.assertEqual(len(results), count)
        return results

    def _post(self, body, **headers):
        return requests.post(
            f"http://{HOST}:{HttpCase.http_port()}/retail/v1/customers",
            json=body,
            headers={"Authorization": f"Bearer {self.token}", **headers},
            timeout=30,
        )

    def _model(self, env):
        return env["retail.api.request"]

    def test_of_two_requests_with_one_key_one_works(self):
        batch = [customer(str(number)) for number in range(50)]
        answers = self._at_once(lambda n: self._post(batch, **{"Idempotency-Key": "one"}))
        worked = [a for a in answers if a.status_code == 202 and not _replayed(a)]
        self.assertEqual(len(worked), 1, [a.status_code for a in answers])
        for answer in answers:
            if answer not in worked:
                self.assertTrue(answer.status_code == 409 or _replayed(answer), answer.text)
        self.assertEqual(len(self.states()), 50)

    def test_of_two_claims_of_one_key_one_is_won(self):
        def claim(_number):
            with self.committed() as env:
                return self._model(env)._claim(self.client_id, "k", "d", "customers")

        claims = self._at_once(claim)
        self.assertEqual(sum(isinstance(each, Claim) for each in claims), 1)

    def test_of_two_who_take_over_a_dead_workers_request_one_wins(self):
        with self.committed() as env:
            first = self._model(env)._claim(self.client_id, "k", "d", "customers")
            env.cr.execute("UPDATE retail_api_request SET lease_until = now() - interval '1 day'")

        def take_over(_number):
            with self.committed() as env:
                return self._model(env)._claim(self.client_id, "k", "d", "customers")

        found = self._at_once(take_over)
        winners = [each for each in found if isinstance(each, Claim)]
        self.assertEqual([each.fence for each in winners], [first.fence + 1])
        with self.committed() as env:
            # The one that was thought dead is not, but its word does not count any more.
            self.assertFalse(self._model(env)._answer(first, 202, {}))
            self.assertTrue(self._model(env)._answer(winners[0], 202, {}))

    def test_the_same_items_at_once_are_stored_once(self):
        batch = [customer(str(number)) for number in range(30)]
        answers = self._at_once(lambda n: self._post(batch[::-1] if n % 2 else batch))
        for answer in answers:
            self.assertIn(answer.status_code, (200, 202, 207), answer.text)
        words = [item["status"] for answer in answers for item in answer.json()["items"]]
        self.assertEqual((words.count("stored"), len(words)), (30, 30 * AT_ONCE))
        self.assertEqual(len(self.states()), 30)

    def test_an_allowance_is_shared_by_all_workers(self):
        with self.committed() as env:
            client = env["retail.api.client"].browse(self.client_id)
            client.write({"rate_per_minute": 1, "burst": 5})
        answers = self._at_once(lambda n: self._post({}), count=12)
        codes = [answer.status_code for answer in answers]
        self.assertEqual((codes.count(422), codes.count(429)), (5, 7))

    def test_a_locked_token_holds_nobody_up(self):
        with self.committed() as env:
            env["retail.api.token"].browse(self.token_id).write(
                {"last_used_at": fields.Datetime.now() - timedelta(hours=1)}
            )
            env.flush_all()
            self.assertEqual(self._post({}).status_code, 422)


def _replayed(answer):
    return answer.headers.get("Idempotency-Replayed") == "true"
