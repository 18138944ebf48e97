"""The one place through which every outbound HTTP call goes."""

import ipaddress
import json as json_module
import logging
import math
import time
import uuid
from collections.abc import Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests

from .errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectorError,
    RateLimitedError,
    RejectedError,
    TransientError,
    UnknownOutcomeError,
)
from .gate import Gate, OpenGate
from .http_response import HttpResponse
from .redaction import redact_url

_logger = logging.getLogger(__name__)

_IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
_MAX_RETRY_AFTER = 3600.0
_CHUNK = 65_536


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine: only there may plain http be spoken."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def retry_after_seconds(value: str | None, now: datetime | None = None) -> float | None:
    """Read a ``Retry-After`` header (RFC 9110: seconds or a date), capped at an hour."""
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, TypeError):
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=timezone.utc)
        seconds = (moment - (now or datetime.now(timezone.utc))).total_seconds()
    return None if math.isnan(seconds) else min(max(seconds, 0.0), _MAX_RETRY_AFTER)


class HttpClient:
    """Timeouts, TLS, bounded answers, no redirects, error classes, correlation id; no retries.

    Times are in seconds; ``deadline`` bounds the whole call, so that an answer that drips in byte
    by byte cannot hold a worker. Of a call only method, address, status and duration are logged.
    ``gate`` is passed by every request, and told how it ended.
    """

    def __init__(
        self,
        *,
        correlation_id: str | None = None,
        connect_timeout: float = 5.0,
        read_timeout: float = 30.0,
        deadline: float = 60.0,
        max_bytes: int = 32 * 1024 * 1024,
        session: requests.Session | None = None,
        gate: Gate | None = None,
    ) -> None:
        self.gate: Gate = gate or OpenGate()
        self.correlation_id = correlation_id or uuid.uuid4().hex
        self._timeout = (connect_timeout, read_timeout)
        self._deadline = deadline
        self._max_bytes = max_bytes
        self._session = session

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        data: Mapping[str, str] | bytes | None = None,
        idempotent: bool | None = None,
        cost: float = 1.0,
    ) -> HttpResponse:
        """Send a request and return its 2xx answer; anything else raises a ``ConnectorError``.

        ``idempotent`` tells that sending twice does no harm (by default what HTTP says of the
        method): an unknown outcome is then a plain ``TransientError``. ``cost`` is what the gate
        takes for it; while the gate is closed ``GateClosedError`` is raised and nothing is sent.
        """
        self._check_address(url)
        self.gate.enter(cost)
        try:
            answer = self._send(method, url, headers, params, json, data, idempotent)
        except ConnectorError as error:
            self.gate.leave(error)
            raise
        self.gate.leave(None)
        return answer

    def _send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        params: Mapping[str, str] | None,
        json: Any,
        data: Mapping[str, str] | bytes | None,
        idempotent: bool | None,
    ) -> HttpResponse:
        harmless = method.upper() in _IDEMPOTENT if idempotent is None else idempotent
        sent = {**(headers or {}), "X-Correlation-Id": self.correlation_id}
        if json is not None:
            data = json_module.dumps(json, separators=(",", ":")).encode()
            sent.setdefault("Content-Type", "application/json")
        started = time.monotonic()
        try:
            response = self._open().request(
                method,
                url,
                headers=sent,
                params=params,
                data=data,
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
                verify=True,
            )
            with response:
                body = self._read(response, started)
        except (requests.ConnectTimeout, requests.exceptions.SSLError) as error:
            raise TransientError(f"No connection to {redact_url(url)}.") from error
        except requests.RequestException as error:
            raise self._broken(error, url, harmless) from error
        answer = HttpResponse(
            response.status_code, {k.lower(): v for k, v in response.headers.items()}, body
        )
        self._log(method, url, answer, started)
        try:
            self._raise_for_status(answer, url, harmless)
        except ConnectorError as error:
            error.status = answer.status
            raise
        return answer

    def _open(self) -> requests.Session:
        if self._session is None:
            self._session = requests.Session()
            # A .netrc of the machine must not replace our credentials.
            self._session.trust_env = False
        return self._session

    @staticmethod
    def _check_address(url: str) -> None:
        try:
            parts = urlsplit(url)
            host = parts.hostname or ""
        except ValueError:
            raise ConfigurationError("The address cannot be read.") from None
        allowed = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
        if not host or not allowed or parts.username or parts.password:
            raise ConfigurationError(f"The address {redact_url(url)} must begin with https://.")

    def _read(self, response: requests.Response, started: float) -> bytes:
        content = bytearray()
        for chunk in response.iter_content(_CHUNK):
            content += chunk
            if len(content) > self._max_bytes:
                raise RejectedError(f"The answer is larger than {self._max_bytes} bytes.")
            if time.monotonic() - started > self._deadline:
                raise requests.ReadTimeout("deadline")
        return bytes(content)

    @staticmethod
    def _broken(error: requests.RequestException, url: str, harmless: bool) -> TransientError:
        """A failure after the connection stood may have had its effect; one before it has not."""
        text = repr(error)
        never_sent = isinstance(error, requests.ConnectionError) and (
            "NewConnectionError" in text or "NameResolutionError" in text
        )
        if never_sent:
            return TransientError(f"No connection to {redact_url(url)}.")
        kind = TransientError if harmless else UnknownOutcomeError
        return kind(f"No complete answer from {redact_url(url)} ({type(error).__name__}).")

    def _log(self, method: str, url: str, answer: HttpResponse, started: float) -> None:
        _logger.debug(
            "%s %s: %s, %s bytes, %.0f ms, correlation %s",
            method,
            redact_url(url),
            answer.status,
            len(answer.body),
            (time.monotonic() - started) * 1000,
            self.correlation_id,
        )

    @staticmethod
    def _raise_for_status(answer: HttpResponse, url: str, harmless: bool) -> None:
        """Turn a status into the class that decides what happens next. Bodies stay out of texts."""
        status, where = answer.status, redact_url(url)
        if 200 <= status < 300:
            return
        wait = retry_after_seconds(answer.headers.get("retry-after"))
        if status == 429:
            raise RateLimitedError(f"{where} asks us to slow down.", retry_after=wait)
        if status in (401, 403):
            raise AuthenticationError(f"{where} refused our credentials ({status}).")
        if status == 503 or (status >= 500 and harmless):
            raise TransientError(f"{where} failed for now ({status}).", retry_after=wait)
        if status >= 500:
            raise UnknownOutcomeError(f"{where} failed while it worked ({status}).", wait)
        if status == 409 and not harmless:
            # Perhaps a conflict with ourselves: it may be there already.
            raise UnknownOutcomeError(f"{where} says that it conflicts.", retry_after=wait)
        if status == 409:
            raise TransientError(f"{where} is busy with it ({status}).", retry_after=wait)
        if status == 408:
            raise TransientError(f"{where} did not wait for our request.", retry_after=wait)
        raise RejectedError(f"{where} refused the request ({status}).")
