from contextlib import suppress
from random import Random

from odoo.tests import tagged

from .outbox import OutboxCase, fulfill
from .sample_provider import SendingProvider

SEEDS = range(20)
STEPS = 25
MANNERS = ("accept", "accept", "lose", "drop", "fail", "garble", "bug", "gate")
REPLIES = ("tell", "tell", "unsure", "fail")
ACTS = ("put", "put", "put_again", "send", "send", "kill", "expire", "stall", "wake", "cancel")
LEGAL = {"pending", "leased", "done", "retry", "unknown", "blocked", "cancelled"}
KILLS = ("_lease", "_store", "_store_failure", "_store_absence", "_put_back", "_known_ids")


class Killed(BaseException):
    """Ends a worker between two of its transactions."""


@tagged("post_install", "-at_install")
class TestOutboxProperty(OutboxCase):
    """Random lives of commands against a model: each key is owed once and has one effect."""

    def test_effects_are_the_distinct_keys_whatever_happens_in_between(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                self._live(Random(seed))

    def _live(self, random):
        self.execute("DELETE FROM retail_outbox_command")
        open(self.ledger.path, "w").close()
        owed, cancelled, self.late = {}, set(), []
        for step in range(STEPS):
            act = random.choice(ACTS)
            SendingProvider.manners = [random.choice(MANNERS) for _ in range(8)]
            SendingProvider.replies = [random.choice(REPLIES) for _ in range(8)]
            if act == "put":
                owed[f"k{step:02}"] = str(random.randrange(3))
                self.put(f"k{step:02}", fulfill(owed[f"k{step:02}"]))
            elif act == "put_again" and owed:
                self.put(random.choice(list(owed)), fulfill(str(random.randrange(3))))
            elif act == "send":
                self.send()
            elif act == "kill":
                self._send_and_die(random)
            elif act == "expire":
                self.lose_leases()
            elif act == "stall":
                self._send_and_stall()
            elif act == "wake" and self.late:
                self._store_late(*self.late.pop(random.randrange(len(self.late))))
            elif act == "cancel":
                cancelled |= self._cancel_one(random)
            self._check(owed, cancelled)
        self._finish(owed, cancelled)

    def _send_and_die(self, random):
        """Run a sender that dies before or after one of its transactions."""
        sender = self.registry["retail.outbox.sender"]
        original, deadly = sender._apart, random.choice(KILLS)
        after = random.random() < 0.5

        def apart(model, backend_id, lane, step, *args):
            if step == deadly and not after:
                raise Killed
            result = original(model, backend_id, lane, step, *args)
            if step == deadly:
                raise Killed
            return result

        sender._apart = apart
        try:
            with suppress(Killed):
                self.send()
        finally:
            sender._apart = original

    def _send_and_stall(self):
        """Run a sender that has its effects, and then does not get on for a long time."""
        with self.committed() as env:
            batch = env["retail.outbox.sender"]._lease(self.backend_id, 0)
        SendingProvider.manners = []
        for lease in batch.leases:
            if not lease.in_doubt:
                self.late.append((lease, batch.provider.send(lease.command, lease.key)))

    def _store_late(self, lease, result):
        """Let a worker that stalled store its result, whoever has the command by now."""
        with self.committed() as env:
            env["retail.outbox.sender"]._store(self.backend_id, 0, lease, result, 0)

    def _cancel_one(self, random):
        """Cancel a command that surely had no effect yet, as a person would."""
        with self.commands() as commands:
            free = commands.filtered(
                lambda command: command.state in ("pending", "retry") and not command.in_doubt
            )
            chosen = free and random.choice(list(free))
            if not chosen:
                return set()
            chosen.action_cancel("the model wants it")
            return {chosen.idempotency_key}

    def _check(self, owed, cancelled):
        """Compare with the model: nothing twice, nothing lost, every row in a legal state."""
        keys = [key for key, _id in self.ledger.effects()]
        self.assertEqual(len(keys), len(set(keys)), "an effect was doubled")
        self.assertEqual(sorted(self.value("idempotency_key")), sorted(owed))
        for entity in "012":
            own = [key for key in keys if owed[key] == entity]
            self.assertEqual(own, sorted(own), "an entity's order was not kept")
        self.assertLessEqual(set(self.command_states()), LEGAL)
        states = dict(zip(self.value("idempotency_key"), self.command_states(), strict=True))
        done = {key for key, state in states.items() if state == "done"}
        self.assertLessEqual(done, set(keys), "something is done that had no effect")
        for key in cancelled:
            self.assertEqual((states[key], key in keys), ("cancelled", False))
        leases = zip(self.command_states(), self.value("leased_until"), strict=True)
        for state, until in leases:
            self.assertEqual(state == "leased", until is not None)

    def _finish(self, owed, cancelled):
        """Let everything come to rest with a vendor in good health and people who retry."""
        for _round in range(12):
            SendingProvider.manners, SendingProvider.replies = [], []
            self.lose_leases()
            with self.commands() as commands:
                commands.filtered(lambda command: command.state == "blocked")._replay()
            self.send()
            with self.committed() as env:
                env["retail.outbox.sender"]._sweep()
        self._check(owed, cancelled)
        self.assertLessEqual(set(self.command_states()), {"done", "cancelled"})
        keys = {key for key, _id in self.ledger.effects()}
        self.assertEqual(keys, set(owed) - cancelled)
