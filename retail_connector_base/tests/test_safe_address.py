import socket
import ssl
import threading
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv6Address
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..providers import ConfigurationError, HttpClient, TransientError
from ..providers.safe_address import AddressPolicy, pinned_session, read_networks
from .receiver import Receiver, ToLoopback

LOOPBACK = read_networks("127.0.0.0/8")
INSIDE = (
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "168.63.129.16",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:10.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001::1",
    "2001:db8::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
)
OUTSIDE = ("8.8.8.8", "93.184.216.34", "2606:2800:220:1::1", "2a00:1450:4001::1")
# How attackers write an address of ours into a link.
HOSTILE = (
    "http://receiver.example.com/",
    "ftp://receiver.example.com/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_",
    "https://",
    "https:///x",
    "https://user:pass@receiver.example.com/",
    "https://@receiver.example.com/",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://[::ffff:169.254.169.254]/",
    "https://169.254.169.254/latest/meta-data",
    "https://receiver.example.com:99999/",
    "https://[nonsense/",
    "",
    "receiver.example.com",
)


def answering(*answers):
    """Return a resolver that gives these answers in turn, and counts."""
    left = list(answers)

    def resolver(_host, _port):
        resolver.asked += 1
        found = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(found, Exception):
            raise found
        return found

    resolver.asked = 0
    return resolver


@tagged("post_install", "-at_install")
class TestSafeAddress(BaseCase):
    """Attack 12: an address that leads into our own network."""

    def test_addresses_within_are_refused(self):
        for address in INSIDE:
            with self.subTest(address=address):
                self.assertFalse(AddressPolicy().allows(address))
                with self.assertRaises(ConfigurationError):
                    AddressPolicy(resolve=answering([address])).pin("x.example.com", 443)

    def test_addresses_outside_are_allowed(self):
        for address in OUTSIDE:
            with self.subTest(address=address):
                policy = AddressPolicy(resolve=answering([address]))
                self.assertEqual(policy.pin("x.example.com", 443), address)

    def test_an_administrator_may_allow_networks_but_nothing_else(self):
        policy = AddressPolicy(networks=read_networks("10.1.0.0/16, fd00::/8"))
        self.assertTrue(policy.allows("10.1.2.3") and policy.allows("fd00::1"))
        self.assertFalse(policy.allows("10.2.0.1") or policy.allows("::ffff:10.1.2.3"))

    def test_one_forbidden_address_forbids_the_name(self):
        policy = AddressPolicy(resolve=answering(["8.8.8.8", "10.0.0.1"]))
        with self.assertRaises(ConfigurationError):
            policy.pin("x.example.com", 443)

    def test_hostile_urls_are_refused_before_anything_is_resolved(self):
        policy = AddressPolicy(resolve=answering(["8.8.8.8"]))
        for url in HOSTILE:
            with self.subTest(url=url), self.assertRaises(ConfigurationError):
                policy.check_url(url)
        self.assertEqual(policy.resolve.asked, 0)

    def test_numbers_in_disguise_are_resolved_and_refused(self):
        for host in ("2130706433", "0x7f000001", "127.1", "0177.0.0.1", "localhost"):
            with self.subTest(host=host), self.assertRaises((ConfigurationError, TransientError)):
                AddressPolicy().pin(host, 443)

    def test_a_name_that_is_not_known_is_tried_again(self):
        for failure in (socket.gaierror("no"), UnicodeError("no")):
            with self.assertRaises(TransientError):
                AddressPolicy(resolve=answering(failure)).pin("x.example.com", 443)

    @given(st.ip_addresses(v=4))
    def test_wrapping_an_address_never_helps(self, address):
        number = int(address)
        for prefix in ("::", "::ffff:0:0", "64:ff9b::"):
            wrapped = IPv6Address(int(IPv6Address(prefix)) | number)
            self.assertFalse(AddressPolicy().allows(str(wrapped)))
        relayed = IPv6Address((0x2002 << 112) | number << 80)
        self.assertFalse(AddressPolicy().allows(str(relayed)))

    @given(st.ip_addresses(v=4).filter(lambda address: not address.is_global))
    def test_nothing_private_is_allowed(self, address):
        self.assertFalse(AddressPolicy().allows(str(address)))


@tagged("post_install", "-at_install")
class TestPinned(ToLoopback, BaseCase):
    """What was checked is what is connected to."""

    def setUp(self):
        super().setUp()
        self.receiver = Receiver()
        self.addCleanup(self.receiver.close)

    def _post(self, url, policy):
        client = HttpClient(session=pinned_session(policy))
        return client.request("POST", url, data=b"{}", idempotent=True)

    def test_a_name_is_resolved_once_and_the_receiver_sees_the_name(self):
        resolver = answering(["127.0.0.1"], ["10.0.0.1"])
        policy = AddressPolicy(networks=LOOPBACK, plain_http=True, resolve=resolver)
        url = f"http://localhost:{self.receiver.port}/events"
        self.assertEqual(self._post(url, policy).status, 200)
        self.assertEqual(resolver.asked, 1)
        _path, headers, _body = self.receiver.seen[0]
        self.assertEqual(headers["Host"], f"localhost:{self.receiver.port}")

    def test_a_name_that_answers_differently_the_second_time_is_refused(self):
        resolver = answering(["127.0.0.1"], ["10.0.0.1"])
        policy = AddressPolicy(networks=LOOPBACK, plain_http=True, resolve=resolver)
        session = pinned_session(policy)
        url = f"http://localhost:{self.receiver.port}/events"
        HttpClient(session=session).request("POST", url, data=b"{}", idempotent=True)
        with self.assertRaises(ConfigurationError):
            HttpClient(session=session).request("POST", url, data=b"{}", idempotent=True)
        self.assertEqual(len(self.receiver.seen), 1)

    def test_without_permission_nothing_reaches_this_machine(self):
        for policy in (
            AddressPolicy(),
            AddressPolicy(plain_http=True),
            AddressPolicy(networks=LOOPBACK),
        ):
            for host in ("127.0.0.1", "localhost"):
                with self.subTest(policy=policy), self.assertRaises(ConfigurationError):
                    self._post(f"http://{host}:{self.receiver.port}/events", policy)
        self.assertEqual(self.receiver.seen, [])

    def test_plain_http_stays_on_this_machine(self):
        policy = AddressPolicy(plain_http=True, resolve=answering(["8.8.8.8"]))
        with self.assertRaises(ConfigurationError):
            self._post("http://localhost/events", policy)

    def test_redirects_are_not_followed(self):
        self.receiver.misbehave("redirect")
        policy = AddressPolicy(networks=LOOPBACK, plain_http=True)
        with self.assertRaises(Exception) as caught:
            self._post(self.receiver.url, policy)
        self.assertEqual(caught.exception.status, 302)
        self.assertEqual([path for path, _headers, _body in self.receiver.seen], ["/events"])


class _Quiet(BaseHTTPRequestHandler):
    def do_POST(self):
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args):
        """Be silent."""


@tagged("post_install", "-at_install")
class TestPinnedTls(ToLoopback, BaseCase):
    """The certificate must be that of the name, though a number is connected to."""

    def setUp(self):
        super().setUp()
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.certificate = Path(folder.name, "cert.pem")
        key = Path(folder.name, "key.pem")
        self._make_certificate("receiver.example.com", self.certificate, key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self.asked = []
        context.sni_callback = lambda _socket, name, _context: self.asked.append(name)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _Quiet)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    @staticmethod
    def _make_certificate(name, path, key_path):
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.now(timezone.utc)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(hours=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        key_path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )

    def _post(self, host, trusted=True):
        policy = AddressPolicy(networks=LOOPBACK, resolve=answering(["127.0.0.1"]))
        session = pinned_session(policy)
        if trusted:
            adapter = session.get_adapter("https://")
            adapter.poolmanager.connection_pool_kw["ca_certs"] = str(self.certificate)
            verify = type(adapter).build_connection_pool_key_attributes

            def with_our_authority(request, _verify, cert=None):
                return verify(adapter, request, str(self.certificate), cert)

            adapter.build_connection_pool_key_attributes = with_our_authority
            adapter.cert_verify = lambda *arguments: None
        client = HttpClient(session=session)
        url = f"https://{host}:{self.server.server_port}/events"
        return client.request("POST", url, data=b"{}", idempotent=True)

    def test_the_name_is_asked_for_and_checked(self):
        self.assertEqual(self._post("receiver.example.com").status, 204)
        self.assertEqual(self.asked, ["receiver.example.com"])

    def test_another_name_is_refused(self):
        with self.assertRaises(TransientError):
            self._post("other.example.com")

    def test_a_certificate_of_nobody_is_refused(self):
        with self.assertRaises(TransientError):
            self._post("receiver.example.com", trusted=False)
