"""What every provider must keep to. A vendor's test is a subclass of ``ProviderConformance``:

class TestMyVendor(ProviderConformance, BaseCase):
    provider_class = MyVendorProvider
    settings = {"account": "test"}
    secret_name = "webhook_secret"

    def signed_request(self, body, secret, topic=None, event_id="event-1"): ...
    def sample(self): ...

Who reads files instead: see ``conformance_files``.
"""

from abc import abstractmethod
from datetime import datetime, timezone
from typing import ClassVar

from ..canonical import CanonicalMessage
from ..providers import (
    AuthenticationError,
    ConnectorError,
    HttpClient,
    MalformedPayloadError,
    Provider,
    ProviderContext,
    RawRequest,
    StoredMessage,
)
from .conformance_declared import DeclaredConformance

SECRET = "conformance-secret-one"
OTHER = "conformance-secret-two"
NOW = datetime(2026, 4, 2, 12, tzinfo=timezone.utc)

HOSTILE = (
    b"",
    b"null",
    b"[]",
    b'"text"',
    b"123",
    b"{",
    b"\xff\xfe\x00",
    b"\xef\xbb\xbf{}",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b"[" * 100_000 + b"]" * 100_000,
    b'{"id": ' + b"9" * 5_000 + b"}",
    b'{"id": 1e999999999}',
    b'{"id": NaN}',
    b'{"id": Infinity}',
    b'{"id": 1, "id": 2}',
    b'{"id": "\\u0000"}',
    b'{"id": "\\ud800"}',
    b'{"\\udfff": 1, "id": 1}',
    b'{"id": true}',
    b'{"id": {"id": []}}',
    b'{"id": -1}',
    b'{"id": 1.5}',
    b"a=1&b=2",
    "{“id”: 1}".encode(),
)

UNAUTHENTIC = ("", " ", "=", "A" * 44, "ÄÖÜ€", "\udcff", "null", "x" * 10_000)


class ProviderConformance(DeclaredConformance):
    """The checks of who is called by webhooks; see the module for what a subclass gives."""

    settings: ClassVar[dict[str, str]] = {}
    secret_name: ClassVar[str]
    signature_header: ClassVar[str]

    @abstractmethod
    def signed_request(
        self, body: bytes, secret: str, topic: str | None = None, event_id: str = "event-1"
    ) -> RawRequest:
        """Return a request as the vendor would send it, signed with a secret."""

    @abstractmethod
    def sample(self) -> tuple[str, bytes]:
        """Return topic and body of a message that is read without complaint."""

    def provider(self, *secrets: str) -> Provider:
        """Return the provider with these valid values of its webhook secret."""
        held = {self.secret_name: secrets} if secrets else {}
        context = ProviderContext(self.settings, held, HttpClient(), lambda: NOW)
        return self.provider_class(context)

    def changed(self, request: RawRequest, **headers: str) -> RawRequest:
        """Return a request with other headers."""
        return RawRequest(
            request.body, {**request.headers, **headers}, request.received_at, request.url
        )

    # Who may speak

    def test_forged_signatures_are_refused(self):
        topic, body = self.sample()
        request = self.signed_request(body, SECRET, topic)
        for signature in UNAUTHENTIC:
            with self.assertRaises(AuthenticationError):
                forged = self.changed(request, **{self.signature_header: signature})
                self.provider(SECRET).verify(forged)

    def test_missing_signature_is_refused(self):
        topic, body = self.sample()
        request = self.signed_request(body, SECRET, topic)
        bare = {k: v for k, v in request.headers.items() if k != self.signature_header}
        with self.assertRaises(AuthenticationError):
            self.provider(SECRET).verify(RawRequest(body, bare, request.received_at))

    def test_another_body_is_refused(self):
        topic, body = self.sample()
        request = self.signed_request(body, SECRET, topic)
        with self.assertRaises(AuthenticationError):
            changed = RawRequest(body + b" ", request.headers, request.received_at, request.url)
            self.provider(SECRET).verify(changed)

    def test_unset_secret_is_never_a_skipped_check(self):
        topic, body = self.sample()
        for secrets in ((), ("",)):
            for secret in (SECRET, ""):
                with self.assertRaises(AuthenticationError):
                    self.provider(*secrets).verify(self.signed_request(body, secret, topic))

    def test_both_secrets_are_valid_while_they_rotate(self):
        topic, body = self.sample()
        for secret in (SECRET, OTHER):
            delivery = self.provider(SECRET, OTHER).verify(self.signed_request(body, secret, topic))
            self.assertTrue(delivery.messages)
        with self.assertRaises(AuthenticationError):
            self.provider(SECRET).verify(self.signed_request(body, OTHER, topic))

    # What is kept

    def test_identity_and_place_are_stable(self):
        topic, body = self.sample()
        request = self.signed_request(body, SECRET, topic)
        first, again = (self.provider(SECRET).verify(request).messages for _ in range(2))
        self.assertEqual(first, again)
        self.assertTrue(all(message.event_id and message.entity_key for message in first))

    def test_signatures_and_secrets_are_not_kept(self):
        topic, body = self.sample()
        request = self.signed_request(body, SECRET, topic)
        for message in self.provider(SECRET).verify(request).messages:
            kept = repr(message.headers)
            self.assertNotIn(SECRET, kept)
            self.assertNotIn(request.header(self.signature_header), kept)

    def test_sample_becomes_canonical(self):
        topic, body = self.sample()
        provider = self.provider(SECRET)
        for message in provider.verify(self.signed_request(body, SECRET, topic)).messages:
            canonical = provider.parse(self.stored(message))
            self.assertIsInstance(canonical, CanonicalMessage)
            self.assertEqual(canonical.kind, message.kind)
            self.assertEqual(canonical.entity_key, message.entity_key)
            again = type(canonical).model_validate_json(canonical.model_dump_json())
            self.assertEqual(again, canonical)
            self.assertEqual(again.content_hash(), canonical.content_hash())

    def test_hostile_bodies_become_messages_that_cannot_be_read(self):
        topic, _body = self.sample()
        provider = self.provider(SECRET)
        for body in HOSTILE:
            with self.subTest(body=body[:40]):
                request = self.signed_request(body, SECRET, topic)
                (message,) = provider.verify(request).messages
                self.assertEqual(message.body, body)
                self.assertTrue(message.event_id and message.entity_key)
                with self.assertRaises(MalformedPayloadError):
                    provider.parse(self.stored(message))

    def test_hostile_bodies_keep_apart(self):
        """What cannot be read has a queue of its own, so that it blocks nobody."""
        topic, _body = self.sample()
        keys = set()
        for index, body in enumerate((b"{", b"[]", b"")):
            request = self.signed_request(body, SECRET, topic, event_id=f"bad-{index}")
            keys.add(self.provider(SECRET).verify(request).messages[0].entity_key)
        self.assertEqual(len(keys), 3)

    def test_unknown_topics_are_kept(self):
        _topic, body = self.sample()
        for topic in ("no/such_topic", "", "ÄÖÜ", "x" * 5_000, "'; DROP TABLE x; --"):
            with self.subTest(topic=topic[:20]):
                request = self.signed_request(body, SECRET, topic)
                for message in self.provider(SECRET).verify(request).messages:
                    self.assertIsNone(message.kind)
                    with self.assertRaises(MalformedPayloadError):
                        self.provider(SECRET).parse(self.stored(message))

    def test_cut_bodies_raise_only_what_they_may(self):
        topic, body = self.sample()
        provider = self.provider(SECRET)
        for end in range(0, len(body), max(len(body) // 40, 1)):
            for message in provider.verify(self.signed_request(body[:end], SECRET, topic)).messages:
                with self.assertRaises(MalformedPayloadError):
                    provider.parse(self.stored(message))

    def test_errors_show_no_content(self):
        topic, body = self.sample()
        try:
            self.provider(SECRET).parse(
                StoredMessage(topic, None, b'{"id": "canary-4111", "x": ' + body, {})
            )
        except ConnectorError as error:
            self.assertNotIn("canary-4111", str(error))
