"""What an importer says when it cannot go on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from ..providers.errors import ConnectorError, ErrorClass


@dataclass(frozen=True)
class Problem:
    """Something a person must know or decide.

    ``code`` and ``subject`` make its fingerprint: all messages that fail for the same reason share
    one exception. ``fix`` names a fix of ``retail.exception`` and ``fix_values`` (JSON) what it
    needs; ``res_model`` and ``res_id`` in it name the document that it is about. ``amount`` is the
    money at risk, in ``currency``. ``comparison`` are rows of (what, theirs, ours) that are shown
    side by side, with what was there before as a fourth part where it is known.
    """

    error_class: ErrorClass
    code: str
    subject: str
    title: str
    cause: str
    fix: str | None = None
    fix_values: Mapping[str, object] = field(default_factory=dict)
    amount: Decimal | None = None
    currency: str | None = None
    comparison: tuple[tuple[str, ...], ...] = ()

    @property
    def fingerprint(self) -> str:
        """The identity of the problem within its backend."""
        return f"{self.code}|{self.subject}"


class ImportProblem(ConnectorError):
    """A message cannot be applied until a person decides."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.title)
        self.problem = problem
        self.error_class = problem.error_class


class MissingParentError(ConnectorError):
    """A message must wait for the entity it belongs to."""

    error_class = ErrorClass.TRANSIENT

    def __init__(self, entity_key: str) -> None:
        super().__init__(f"waits for {entity_key}")
        self.entity_key = entity_key


class ItemFailures(Exception):
    """Some items of a batch failed, by message id; the batch is run again without them."""

    def __init__(self, failures: Mapping[int, Exception]) -> None:
        super().__init__(f"{len(failures)} items failed")
        self.failures = dict(failures)
