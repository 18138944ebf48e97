"""Delivering an event to a subscriber: Standard Webhooks, https://www.standardwebhooks.com."""

from datetime import datetime

from standardwebhooks import Webhook
from standardwebhooks.webhooks import EmptyWebhookSecretError

from ..canonical import DeliverEvent
from .errors import ConfigurationError, ConnectorError, RejectedError, TransientError
from .http_client import HttpClient
from .outbound import CommandResult
from .provider import ProviderContext
from .safe_address import AddressPolicy, cut_after, pinned_session, read_networks

CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
# Seconds; a receiver acknowledges first and works afterwards.
CONNECT, READ, DEADLINE = 5.0, 15.0, 20.0
# Of an answer only the status counts.
ANSWER_BYTES = 65_536

# Settings and secrets of a backend, by what they are of.
NETWORKS = "event_networks"
PLAIN_HTTP = "event_plain_http"


def name_of(subscription: int) -> str:
    """Return under which name a subscription's address and its secrets are known."""
    return f"subscription:{subscription}"


def policy_of(networks: str, plain_http: str) -> AddressPolicy:
    """Read what administrators allow. Raises ``ConfigurationError`` for what is no network."""
    try:
        allowed = read_networks(networks)
    except ValueError as error:
        text = f"The system parameter retail_connector.event_networks: {error}."
        raise ConfigurationError(text) from None
    return AddressPolicy(networks=allowed, plain_http=plain_http.lower() in ("1", "true"))


def signed_headers(
    secrets: tuple[str, ...], message_id: str, now: datetime, body: bytes
) -> dict[str, str]:
    """Return the headers of Standard Webhooks: one signature for each secret that is valid now."""
    text = body.decode()
    try:
        signatures = [Webhook(secret).sign(message_id, now, text) for secret in secrets]
    except (ValueError, EmptyWebhookSecretError):
        # Somebody typed one in instead of letting Odoo make it; its value stays out of the text.
        raise ConfigurationError("The signing secret is none: rotate it.") from None
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
        "Content-Type": CONTENT_TYPE,
        "User-Agent": "Retail-Connector/1.0 (Standard-Webhooks)",
    }


def deliver(
    context: ProviderContext, command: DeliverEvent, key: str, policy: AddressPolicy | None = None
) -> CommandResult:
    """Post an event; ``key`` is the delivery's identity, by which a receiver tells duplicates.

    At least once: what got no answer is sent again, never asked about. So every failure raises an
    error that says nothing of doubt, with the ``status`` that was answered.
    """
    name = name_of(command.subscription)
    secrets = tuple(context.secrets.get(name) or ())
    if not secrets:
        raise ConfigurationError("The subscription has no signing secret.")
    policy = policy or policy_of(
        context.settings.get(NETWORKS, ""), context.settings.get(PLAIN_HTTP, "")
    )
    url, body = context.setting(name), command.event.body()
    policy.check_url(url)
    session = pinned_session(policy)
    client = HttpClient(
        correlation_id=context.http.correlation_id,
        connect_timeout=CONNECT,
        read_timeout=READ,
        deadline=DEADLINE,
        max_bytes=ANSWER_BYTES,
        session=session,
    )
    headers = signed_headers(secrets, key, context.now(), body)
    try:
        with cut_after(session, DEADLINE):
            answer = client.request("POST", url, headers=headers, data=body, idempotent=True)
    except ConnectorError as error:
        raise _in_words(error) from error
    return CommandResult(status=answer.status)


def _in_words(error: ConnectorError) -> ConnectorError:
    """Return an error whose text is the same for every event: failures are grouped by it."""
    if error.status is None:
        return error
    kind = TransientError if error.status >= 500 or error.status == 429 else RejectedError
    text = f"The receiver answered {error.status}."
    if 300 <= error.status < 400:
        text += " Redirects are not followed."
    found = kind(text, error.retry_after)
    found.status = error.status
    return found
