"""Stands between a client and PostgreSQL, to end connections as a server does that crashes."""

import socket
import struct
from contextlib import suppress
from threading import Thread

WARNING = (b"SWARNING", b"VWARNING", b"C57P02", b"Mterminating connection because of crash", b"")


class Relay:
    """Passes connections on to a PostgreSQL server's ``address`` (a path, or host and port).

    It listens on a Unix socket in ``folder``, under the usual port: there a client notices at once
    that nobody reads any more, while the server's last words still wait for it.
    """

    def __init__(self, address, folder):
        self._address = address
        self._clients = []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(f"{folder}/.s.PGSQL.5432")
        self._listener.listen()
        Thread(target=self._accept, daemon=True).start()

    def crash(self):
        """Warn every client, and close its connection: so ends a session when another crashes."""
        fields = b"\0".join(WARNING) + b"\0"
        for client, server in self._clients:
            with suppress(OSError):
                client.sendall(b"N" + struct.pack("!I", len(fields) + 4) + fields)
            for half in (client, server):
                with suppress(OSError):
                    half.shutdown(socket.SHUT_RDWR)
        self._clients.clear()

    def close(self):
        """Accept no more connections."""
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            server = self._connect()
            self._clients.append((client, server))
            for source, target in ((client, server), (server, client)):
                Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _connect(self):
        if isinstance(self._address, str):
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._address)
            return server
        return socket.create_connection(self._address)

    def _pass_on(self, source, target):
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for half in (source, target):
            with suppress(OSError):
                half.shutdown(socket.SHUT_RDWR)
