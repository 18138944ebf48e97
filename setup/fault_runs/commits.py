"""The proxy before PostgreSQL: it knows a COMMIT when it sees one."""

from pathlib import Path

from .proxy import Countdown, Inspect, Link, Proxy
from .wire import Frontend, is_commit


class CommitProxy(Proxy):
    """Loses the answer to those COMMITs that ``lost`` says: committed, and nobody knows."""

    def __init__(self, target: Path) -> None:
        self.lost = Countdown()
        super().__init__(str(target), self._watcher)

    @property
    def environ(self) -> dict[str, str]:
        """How to reach PostgreSQL through this proxy; in plain, so that it can be understood."""
        plain = {"PGSSLMODE": "disable", "PGGSSENCMODE": "disable"}
        return {"PGHOST": "127.0.0.1", "PGPORT": str(self.port), **plain}

    def _watcher(self) -> Inspect:
        frontend = Frontend()

        def inspect(link: Link, data: bytes) -> None:
            commits = [message for message in frontend.feed(data) if is_commit(message)]
            due = [self.lost.is_due() for _ in commits]  # each one is counted
            if any(due):
                link.lose_answer = True

        return inspect
