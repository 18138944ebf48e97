from odoo.tests import tagged

from ..providers import RejectedError, TransientError, UnknownOutcomeError
from .common import offer_sample_provider
from .outbox import OutboxCase, fulfill
from .sample_provider import SendingProvider


class BatchingProvider(SendingProvider):
    """Takes three fulfilments as one request; ``sizes`` are those of the requests."""

    batches = {"fulfill": 3}
    sizes: list[int] = []
    answers = None

    def send_many(self, commands):
        """Answer each as ``send`` does; a lost answer is lost for all."""
        self.sizes.append(len(commands))
        answers = []
        for command, key in commands:
            try:
                answers.append(self.send(command, key))
            except UnknownOutcomeError:
                raise
            except (RejectedError, TransientError) as error:
                answers.append(error)
        return answers if self.answers is None else answers[: self.answers]


@tagged("post_install", "-at_install")
class TestOutboxTogether(OutboxCase):
    """Commands that go out as one request, on real cursors."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(offer_sample_provider(cls.registry, BatchingProvider))

    def setUp(self):
        super().setUp()
        BatchingProvider.ledger = self.ledger
        BatchingProvider.sizes, BatchingProvider.answers = [], None
        BatchingProvider.manners, BatchingProvider.replies = [], []
        for number in range(1, 5):
            self.put(f"k{number}", fulfill(order=str(number)))

    def keys(self):
        """Return the keys of all effects in order."""
        return [key for key, _made in self.ledger.effects()]

    def test_each_gets_its_own_result(self):
        self.send()
        self.assertEqual(BatchingProvider.sizes, [3])
        self.assertEqual(self.command_states(), ["done"] * 4)
        self.assertEqual(self.value("external_ids"), [["F1"], ["F2"], ["F3"], ["F4"]])

    def test_a_no_to_one_is_no_no_to_the_others(self):
        BatchingProvider.manners = ["accept", "reject", "fail"]
        BatchingProvider.replies = ["tell"]
        self.send()
        self.assertEqual(self.command_states(), ["done", "blocked", "retry", "done"])

    def test_a_lost_answer_leaves_all_in_doubt_and_each_is_asked_about(self):
        BatchingProvider.manners = ["accept", "lose"]
        self.send()
        self.assertEqual(self.command_states(), ["unknown"] * 3 + ["done"])
        self.send()
        self.send()
        self.assertEqual(self.command_states(), ["done"] * 4)
        self.assertEqual(sorted(self.keys()), ["k1", "k2", "k3", "k4"])

    def test_answers_that_belong_to_nobody_are_no_answers(self):
        BatchingProvider.answers = 2
        self.send()
        self.assertEqual(self.command_states(), ["unknown"] * 3 + ["done"])
        BatchingProvider.answers = None
        self.send()
        self.assertEqual(self.command_states(), ["done"] * 4)
        self.assertEqual(sorted(self.keys()), ["k1", "k2", "k3", "k4"])

    def test_commands_of_one_entity_never_go_out_together(self):
        with self.commands() as commands:
            commands.write({"entity_key": "order:1"})
        self.send()
        self.assertEqual(BatchingProvider.sizes, [])
        self.assertEqual(self.keys(), ["k1", "k2", "k3", "k4"])
