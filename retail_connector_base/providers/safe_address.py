"""Addresses that users type in: connected to only where they lead out of our own network.

The name is resolved once, every address it has is checked, and the connection is made to the one
that was checked: a name that answers differently the second time (DNS rebinding) gains nothing. TLS
still asks for the name. No redirects, no proxies.
"""

import ipaddress
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from .errors import ConfigurationError, TransientError

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver = Callable[[str, int], Sequence[str]]

# What Python calls global, and still is not a stranger's host: ways to wrap an IPv4 address into
# another (mapped, compatible, NAT64, 6to4 and its relay, Teredo), site-local addresses, and the
# public address under which one cloud answers its machines.
REFUSED: tuple[IPNetwork, ...] = tuple(
    ipaddress.ip_network(network)
    for network in (
        "::/96",
        "::ffff:0:0/96",
        "::ffff:0:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/32",
        "2002::/16",
        "fec0::/10",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "168.63.129.16/32",
    )
)


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a name, as the system resolves it. Raises ``OSError``."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def read_networks(text: str) -> tuple[IPNetwork, ...]:
    """Read networks separated by commas or spaces. Raises ``ValueError`` for one that is none."""
    return tuple(ipaddress.ip_network(word) for word in text.replace(",", " ").split())


@dataclass(frozen=True)
class AddressPolicy:
    """Where requests may go: to the whole outside world, and to ``networks`` of our own.

    ``plain_http`` allows http to loopback addresses, which ``networks`` has to name as well.
    """

    networks: tuple[IPNetwork, ...] = ()
    plain_http: bool = False
    resolve: Resolver = resolve

    def allows(self, address: str) -> bool:
        """Tell whether one numerical address may be connected to."""
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self.networks) or is_outside(found)

    def check_url(self, url: str) -> None:
        """Raise ``ConfigurationError`` for an address that can be refused without a resolver."""
        try:
            parts = urlsplit(url)
            host, _port = parts.hostname, parts.port
        except ValueError:
            raise ConfigurationError("The address cannot be read.") from None
        if parts.scheme not in (("https", "http") if self.plain_http else ("https",)):
            raise ConfigurationError("The address must begin with https://.")
        if not host or parts.username is not None or parts.password is not None:
            raise ConfigurationError("The address must have a host, and no user or password.")
        if is_number(host) and not self.allows(host):
            raise ConfigurationError(INSIDE)

    def pin(self, host: str, port: int) -> str:
        """Return the address to connect to. Raises ``ConfigurationError`` for one within.

        A name that has any forbidden address is refused as a whole.
        """
        try:
            found = self.resolve(host, port)
        except (OSError, UnicodeError):
            raise TransientError("The name of the host is not known.") from None
        if not found:
            raise TransientError("The name of the host is not known.")
        if not all(self.allows(address) for address in found):
            raise ConfigurationError(INSIDE)
        return found[0]


INSIDE = (
    "The address leads into our own network. An administrator can allow networks by the system "
    "parameter retail_connector.event_networks."
)


def is_number(host: str) -> bool:
    """Tell whether a host is a numerical address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_outside(address: IPAddress) -> bool:
    """Tell whether an address belongs to the public Internet, and to one host."""
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not any(address in network for network in REFUSED)
    )


class PinnedAdapter(HTTPAdapter):
    """Connects to the address that was checked, and asks its certificate for the name."""

    def __init__(self, policy: AddressPolicy) -> None:
        self._policy = policy
        self._lines: list[socket.socket] = []
        super().__init__(max_retries=0)

    def get_connection_with_tls_context(self, request, verify, proxies=None, cert=None):
        """Override: resolve and check here, once; what is connected to is a number."""
        self._policy.check_url(request.url)
        where, options = self.build_connection_pool_key_attributes(request, verify, cert)
        host = str(where["host"])
        name = host.strip("[]")
        port = where.get("port") or (443 if where["scheme"] == "https" else 80)
        if where["scheme"] == "https":
            options = {**options, "server_hostname": name, "assert_hostname": name}
        # The number stands in the connection's address only; the receiver is asked by his name.
        request.headers["Host"] = urlsplit(request.url).netloc
        pinned = self._policy.pin(name, int(port))
        if where["scheme"] == "http" and not ipaddress.ip_address(pinned).is_loopback:
            raise ConfigurationError("The address must begin with https://.")
        pool = self.poolmanager.connection_from_host(
            **{**where, "host": pinned}, pool_kwargs=options
        )
        pool.ConnectionCls = _noted(type(pool).ConnectionCls, self._lines)
        return pool

    def cut(self) -> None:
        """Break all connections: whoever reads from them gets an error."""
        for line in self._lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Override: forget the connections."""
        while self._lines:
            self._lines.pop().close()
        return super().close()


def _noted(connection, lines: list[socket.socket]):
    """Return a class of connections that notes its sockets.

    As duplicates: TLS takes the socket itself away, and what shuts one down shuts down both.
    """

    class Noted(connection):
        def _new_conn(self):
            found = super()._new_conn()
            lines.append(found.dup())
            return found

    return Noted


def pinned_session(policy: AddressPolicy) -> requests.Session:
    """Return a session whose every connection the policy checks, without proxies or ``.netrc``."""
    session = requests.Session()
    session.trust_env = False
    session.proxies = {}
    for scheme in ("https://", "http://"):
        session.mount(scheme, PinnedAdapter(policy))
    return session


@contextmanager
def cut_after(session: requests.Session, seconds: float) -> Iterator[None]:
    """Break a pinned session's connections after some seconds.

    Timeouts are for one piece of an answer: who sends a byte now and then would hold us for hours.
    """
    adapters = [found for found in session.adapters.values() if isinstance(found, PinnedAdapter)]
    timer = threading.Timer(seconds, lambda: [adapter.cut() for adapter in adapters])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        session.close()
