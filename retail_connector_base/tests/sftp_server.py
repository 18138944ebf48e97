"""A real SFTP server on the loopback interface, over a folder of the test."""

import os
import socket
import threading
from pathlib import Path

import paramiko

USER, PASSWORD = "till", "sftp-password-of-tests"


class Door(paramiko.ServerInterface):
    """Lets one user in, by password or by key."""

    def __init__(self, user_key):
        self.user_key = user_key

    def get_allowed_auths(self, username):
        return "password,publickey"

    def check_auth_password(self, username, password):
        good = (username, password) == (USER, PASSWORD)
        return paramiko.AUTH_SUCCESSFUL if good else paramiko.AUTH_FAILED

    def check_auth_publickey(self, username, key):
        good = username == USER and key == self.user_key
        return paramiko.AUTH_SUCCESSFUL if good else paramiko.AUTH_FAILED

    def check_channel_request(self, kind, chanid):
        return paramiko.OPEN_SUCCEEDED


class Handle(paramiko.SFTPHandle):
    """An open file."""

    def stat(self):
        return paramiko.SFTPAttributes.from_stat(os.fstat(self.readfile.fileno()))


class Folder(paramiko.SFTPServerInterface):
    """The files below a folder; like OpenSSH's, renaming onto a file fails but for POSIX's."""

    root = Path()

    def _real(self, path):
        return self.root / self.canonicalize(path).lstrip("/")

    def _done(self, call, *args):
        try:
            call(*args)
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)
        return paramiko.SFTP_OK

    def list_folder(self, path):
        try:
            return [self._attributes(each) for each in sorted(self._real(path).iterdir())]
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)

    def _attributes(self, path):
        found = paramiko.SFTPAttributes.from_stat(path.lstat())
        found.filename = path.name
        return found

    def stat(self, path):
        try:
            return self._attributes(self._real(path))
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)

    lstat = stat

    def open(self, path, flags, attr):
        try:
            descriptor = os.open(self._real(path), flags, 0o600)
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)
        handle = Handle(flags)
        mode = "wb" if flags & os.O_WRONLY else "r+b" if flags & os.O_RDWR else "rb"
        file = os.fdopen(descriptor, mode)
        handle.readfile = handle.writefile = file
        return handle

    def remove(self, path):
        return self._done(os.remove, self._real(path))

    def rename(self, oldpath, newpath):
        if self._real(newpath).exists():
            return paramiko.SFTP_FAILURE
        return self._done(os.rename, self._real(oldpath), self._real(newpath))

    def posix_rename(self, oldpath, newpath):
        return self._done(os.replace, self._real(oldpath), self._real(newpath))

    def mkdir(self, path, attr):
        return self._done(os.mkdir, self._real(path))

    def rmdir(self, path):
        return self._done(os.rmdir, self._real(path))

    def chattr(self, path, attr):
        return paramiko.SFTP_OK


class SftpServer:
    """Serves a folder until it is stopped."""

    def __init__(self, root):
        self.folder = type("Root", (Folder,), {"root": Path(root)})
        self.host_key = paramiko.ECDSAKey.generate()
        self.user_key = paramiko.ECDSAKey.generate()
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.transports = []
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    @property
    def public_key(self):
        """The server's key as it is declared."""
        return f"{self.host_key.get_name()} {self.host_key.get_base64()}"

    def _serve(self):
        while True:
            try:
                connection, _address = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._greet, args=(connection,), daemon=True).start()

    def _greet(self, connection):
        transport = paramiko.Transport(connection)
        transport.add_server_key(self.host_key)
        transport.set_subsystem_handler("sftp", paramiko.SFTPServer, self.folder)
        self.transports.append(transport)
        try:
            transport.start_server(server=Door(self.user_key))
        except (paramiko.SSHException, EOFError):
            transport.close()

    def stop(self):
        """End all connections, once."""
        if not self.thread.is_alive():
            return
        # Closing alone does not wake who waits in ``accept``: one more would be let in.
        self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.socket.close()
        for transport in self.transports:
            transport.close()
