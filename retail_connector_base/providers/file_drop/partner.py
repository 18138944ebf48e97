"""What providers share whose partner reads the files that we write, and writes files for us."""

from abc import abstractmethod
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from ...canonical import Command
from ..errors import AuthenticationError, ConnectorError
from ..outbound import CommandResult
from ..provider import Provider
from ..request import Delivery, RawRequest
from .address import address_of
from .commands import CommandFiles
from .store import Store, opened, token


class FilePartner(Provider):
    """A partner that sends nothing here, and takes commands as files.

    ``commands`` are the kinds of commands that become files, each in one file, once.
    """

    commands: ClassVar[frozenset[str]] = frozenset()

    @abstractmethod
    def outgoing(self, store: Store) -> CommandFiles[Any]:
        """Return who writes our files. Raises ``ConfigurationError`` for unusable settings."""

    def verify(self, request: RawRequest) -> Delivery:
        """Refuse: such a partner is read, it sends nothing here."""
        raise AuthenticationError("This partner drops files; it sends nothing.")

    def send(
        self, command: Command, key: str, known: Collection[str] | None = None
    ) -> CommandResult:
        """Write a command as a file of its own."""
        if command.kind not in self.commands:
            return super().send(command, key, known)
        (answer,) = self.send_many([(command, key)])
        if isinstance(answer, ConnectorError):
            raise answer
        return answer

    def send_many(
        self, commands: Sequence[tuple[Command, str]]
    ) -> list[CommandResult | ConnectorError]:
        """Write commands of one kind as one file."""
        with self.opened() as store:
            return self.outgoing(store).send(commands)

    def look_up(
        self, command: Command, key: str, known: Collection[str] = ()
    ) -> CommandResult | None:
        """Tell whether a command's file was handed over; if not, it is withdrawn."""
        if command.kind not in self.commands:
            return super().look_up(command, key, known)
        with self.opened() as store:
            return self.outgoing(store).look_up(command, key)

    @contextmanager
    def opened(self) -> Iterator[Store]:
        """Lend the folder that both sides share."""
        with opened(address_of(self.context)) as store:
            yield store

    def try_changes(self, store: Store) -> None:
        """Write, rename and remove a file: raises what the folder does not allow."""
        name = f".retail-{token(self.context.now())}.tmp"
        store.put(b"retail connector\n", name)
        store.move((name,), ("claimed", name))
        store.remove("claimed", name)
