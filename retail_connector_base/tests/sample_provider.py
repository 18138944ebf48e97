"""A vendor that exists for tests only: small, but signed and parsed like a real one."""

import base64
import hashlib
import hmac
import json

from ..canonical import Deletion, version_of
from ..providers import (
    Acknowledgement,
    AuthenticationError,
    Capability,
    CommandResult,
    ConnectionReport,
    CredentialSpec,
    Delivery,
    Direction,
    FlowSpec,
    GateClosedError,
    MalformedPayloadError,
    Page,
    Provider,
    ReceivedMessage,
    RejectedError,
    SettingSpec,
    TransientError,
    UnknownOutcomeError,
    UnsupportedError,
)

SECRET = "sample-secret-of-tests-9f3c"


def sign(body: bytes, secret: str = SECRET) -> str:
    """Return the signature that the sample vendor puts in its header."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def headers(body: bytes, event_id: str, topic: str = "things/delete", secret: str = SECRET) -> dict:
    """Return the headers of a signed request."""
    return {
        "Content-Type": "application/json",
        "X-Sample-Signature": sign(body, secret),
        "X-Sample-Event": event_id,
        "X-Sample-Topic": topic,
    }


def deletion(external_id: str, second: int = 0, kind: str = "thing") -> bytes:
    """Return the body of a deletion, ``second`` seconds after 2026-01-01 UTC."""
    moment = f"2026-01-01T00:{second // 60:02}:{second % 60:02}Z"
    return json.dumps({"id": external_id, "kind": kind, "at": moment}).encode()


class SampleProvider(Provider):
    """Tells of deletions: their effect, a tombstone, is the simplest that is real."""

    code = "sample"
    label = "Sample Vendor"
    capabilities = frozenset({Capability.WEBHOOKS})
    credentials = (CredentialSpec("secret", "Webhook secret"),)
    settings = (SettingSpec("account", "Account", default="test"),)
    flows = (FlowSpec("deletion", topics=("things/delete",)),)
    pages: tuple[Page, ...] = ()

    def verify(self, request):
        """Compare bytes: a header may hold any character."""
        given = request.header("x-sample-signature").encode("utf-8", "replace")
        secrets = self.context.secrets.get("secret", ())
        if not any(hmac.compare_digest(sign(request.body, s).encode(), given) for s in secrets):
            raise AuthenticationError("The signature is wrong.")
        topic = request.header("x-sample-topic")
        message = ReceivedMessage(
            event_id=request.header("x-sample-event"),
            topic=topic,
            kind="deletion" if topic.endswith("/delete") else None,
            body=request.body,
            entity_key=self._entity_key(request),
        )
        return Delivery((message,), Acknowledgement())

    def _entity_key(self, request):
        try:
            content = json.loads(request.body)
            return f"{content['kind']}:{content['id']}"
        except (ValueError, KeyError, TypeError, RecursionError):
            return f"event:{request.header('x-sample-event')}"

    def parse(self, message):
        """Read the JSON of a deletion."""
        try:
            content = json.loads(message.body)
            return Deletion(
                external_id=content["id"], deleted_kind=content["kind"], updated_at=content["at"]
            )
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise MalformedPayloadError(f"not a deletion: {type(error).__name__}") from error

    def test_connection(self):
        """Say who we are."""
        return ConnectionReport(account=self.context.setting("account"))

    def fetch(self, kind, cursor, since=None):
        """Yield the pages that a test prepared."""
        yield from self.pages[int(cursor or 0) :]


def received(external_id: str, event_id: str | None = None, second: int = 0) -> ReceivedMessage:
    """Return a deletion as the provider would hand it to the inbox."""
    canonical = Deletion(
        external_id=external_id, deleted_kind="thing", updated_at="2026-01-01T00:00:00Z"
    )
    return ReceivedMessage(
        event_id=event_id or f"event-{external_id}",
        topic="things/delete",
        kind="deletion",
        body=deletion(external_id, second),
        entity_key=canonical.entity_key,
        version=version_of(canonical.updated_at),
    )


class Ledger:
    """What the sending vendor's side knows, kept in a file: worker processes share it.

    Each line is (key, external id), once per effect, however often the vendor was asked for it.
    """

    def __init__(self, path):
        self.path = path

    def effects(self) -> list[tuple[str, str]]:
        """Return all effects in order."""
        with open(self.path) as file:
            return [tuple(line.split("\t")) for line in file.read().splitlines()]

    def note(self, key: str) -> str:
        """Have an effect, whether or not there was one of this key; return its id."""
        number = len(self.effects()) + 1
        with open(self.path, "a") as file:
            file.write(f"{key}\tF{number}\n")
        return f"F{number}"

    def find(self, key: str, known=()) -> str | None:
        """Return the id that a key had an effect as."""
        found = [one for name, one in self.effects() if name == key and one not in known]
        return found[0] if found else None


class SendingProvider(SampleProvider):
    """Takes commands. Without keys of its own: what is sent twice has two effects.

    ``manners`` says how each call is answered, in their order: ``accept``, ``lose`` (effect, then
    no answer), ``drop`` (no effect, no answer), ``fail`` (a clear no for now), ``reject``,
    ``garble`` (effect, then an answer nobody understands), ``bug``, ``gate``. Looking up takes
    from ``replies``: ``tell``, ``unsure`` or ``fail``.
    """

    capabilities = SampleProvider.capabilities | {
        Capability.FULFILL,
        Capability.UPDATE_TRACKING,
        Capability.CANCEL_FULFILLMENT,
    }
    flows = (*SampleProvider.flows, FlowSpec("fulfillment", direction=Direction.OUT))
    ledger: Ledger
    manners: list[str] = []
    replies: list[str] = []
    calls: list[tuple[str, str]] = []

    def send(self, command, key, known=None):
        """Answer as the next of ``manners`` says."""
        manner = self.manners.pop(0) if self.manners else "accept"
        self.calls.append((manner, key))
        if manner in ("accept", "lose", "garble"):
            made = self.ledger.note(key)
        errors = {
            "lose": UnknownOutcomeError("The connection broke."),
            "drop": UnknownOutcomeError("The connection broke."),
            "fail": TransientError("Come back later."),
            "reject": RejectedError("Nothing is left to fulfil."),
            "garble": KeyError("id"),
            "bug": ZeroDivisionError(),
            "gate": GateClosedError("Held back.", retry_after=5),
        }
        if manner in errors:
            raise errors[manner]
        return CommandResult(external_ids=(made,))

    def look_up(self, command, key, known=()):
        """Answer as the next of ``replies`` says."""
        reply = self.replies.pop(0) if self.replies else "tell"
        self.calls.append((f"look_up:{reply}", key))
        if reply == "unsure":
            raise UnknownOutcomeError("Not yet visible.")
        if reply == "fail":
            raise TransientError("Come back later.")
        if reply == "unable":
            raise UnsupportedError("Nobody can tell.")
        found = self.ledger.find(key, known)
        return CommandResult(external_ids=(found,)) if found else None
