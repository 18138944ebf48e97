"""What every provider of files must keep to. A vendor's test is a subclass:

class TestMyFiles(FileConformance, FolderMixin, BaseCase):
    provider_class = MyFilesProvider

    def provider(self, **settings): ...          # of a folder of this test
    def drop(self, name, data): ...              # as the other side does
    def fetched(self, kind, provider=None): ...  # the messages of one poll
    def left_over(self): ...                     # names of files that nobody put anywhere
    def written(self): ...                       # our files, by their names
    def sample(self): ...
    def sample_command(self): ...
"""

from abc import abstractmethod
from datetime import datetime, timezone

from ..canonical import CanonicalMessage, Command
from ..providers import (
    AuthenticationError,
    ConnectorError,
    MalformedPayloadError,
    RawRequest,
    StoredMessage,
    UnsupportedError,
)
from .conformance import HOSTILE
from .conformance_declared import DeclaredConformance

NOW = datetime(2026, 4, 2, 12, tzinfo=timezone.utc)


class FileConformance(DeclaredConformance):
    """The checks of who reads and writes files; see the module for what a subclass gives."""

    @abstractmethod
    def sample(self) -> tuple[str, str, bytes]:
        """Return kind, name and content of a file that is read without complaint."""

    @abstractmethod
    def sample_command(self) -> Command:
        """Return a command that becomes a file."""

    def messages_of(self, name, data):
        """Return the messages of a file of the sample's kind."""
        kind, _name, _data = self.sample()
        self.drop(name, data)
        return self.fetched(kind)

    # Who may speak

    def test_whoever_calls_is_refused(self):
        _kind, _name, data = self.sample()
        for headers in ({}, {"Authorization": "Bearer x"}):
            with self.assertRaises(AuthenticationError):
                self.provider().verify(RawRequest(data, headers, NOW))

    # What comes

    def test_identity_and_place_are_stable(self):
        _kind, name, data = self.sample()
        first, again = self.places(name, data), self.places(name, data)
        self.assertTrue(first)
        self.assertEqual(first, again)
        self.assertTrue(all(event_id and key for event_id, key, *_rest in first))

    def places(self, name, data):
        """Return what puts the messages of a file into their queues, and what they hold."""
        found = self.messages_of(name, data)
        return [(m.event_id, m.entity_key, m.version, m.topic, m.body) for m in found]

    def test_sample_becomes_canonical(self):
        kind, name, data = self.sample()
        for message in self.messages_of(name, data):
            canonical = self.provider().parse(self.stored(message))
            self.assertIsInstance(canonical, CanonicalMessage)
            self.assertEqual((message.kind, canonical.kind), (kind, kind))
            self.assertEqual(canonical.entity_key, message.entity_key)
            again = type(canonical).model_validate_json(canonical.model_dump_json())
            self.assertEqual(again.content_hash(), canonical.content_hash())

    def test_hostile_files_end_somewhere_and_hinder_nobody(self):
        kind, name, data = self.sample()
        for number, hostile in enumerate(HOSTILE):
            self.drop(name.replace(".", f"{number}."), hostile)
        self.drop(name, data)
        provider, good = self.provider(), 0
        for message in self.fetched(kind, provider):
            self.assertTrue(message.event_id and message.entity_key)
            good += self.is_read(provider, message)
        self.assertTrue(good)
        self.assertEqual(self.left_over(), [])

    def test_cut_files_raise_only_what_they_may(self):
        _kind, name, data = self.sample()
        provider = self.provider()
        for end in range(1, len(data), max(len(data) // 25, 1)):
            for message in self.messages_of(name, data[:end]):
                self.is_read(provider, message)

    def is_read(self, provider, message):
        """Tell whether a message can be read; what else than a refusal is raised is a failure."""
        try:
            canonical = provider.parse(self.stored(message))
        except MalformedPayloadError:
            return False
        self.assertEqual(canonical.entity_key, message.entity_key)
        return True

    def test_hostile_bodies_cannot_be_read(self):
        kind, name, data = self.sample()
        topic = self.messages_of(name, data)[0].topic
        for body in HOSTILE:
            for each in (topic, "no/such_topic", "", "x" * 5_000):
                with self.assertRaises(MalformedPayloadError):
                    self.provider().parse(StoredMessage(each, kind, body, {}))

    def test_errors_show_no_content(self):
        kind, name, data = self.sample()
        topic = self.messages_of(name, data)[0].topic
        try:
            self.provider().parse(StoredMessage(topic, kind, b'{"id": "canary-4111", "x": ', {}))
        except ConnectorError as error:
            self.assertNotIn("canary-4111", str(error))

    def test_what_is_no_kind_of_its_files_is_not_fetched(self):
        with self.assertRaises(UnsupportedError):
            self.fetched("no_such_kind")

    # What goes

    def test_a_command_is_one_file_however_often_it_is_sent(self):
        command = self.sample_command()
        self.assertIsNone(self.provider().look_up(command, "key"))
        self.assertEqual(self.written(), {})
        result = self.provider().send(command, "key")
        written = self.written()
        self.assertEqual(len(written), 1)
        self.assertEqual(self.provider().send(command, "key"), result)
        self.assertEqual(self.provider().look_up(command, "key"), result)
        self.assertEqual(self.written(), written)

    def test_other_commands_of_a_kind_are_other_files(self):
        self.provider().send(self.sample_command(), "one")
        self.provider().send(self.sample_command(), "two")
        self.assertEqual(len(self.written()), 2)
