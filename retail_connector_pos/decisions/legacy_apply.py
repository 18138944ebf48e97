"""From the rows of one record to its canonical message, or to all that is wrong with it."""

from decimal import Context, localcontext

from pydantic import ValidationError

from odoo.addons.retail_connector_base.canonical import CanonicalMessage, PosClosing, PosTicket

from .legacy_closing import closing_of
from .legacy_layout import HEADER, Layout
from .legacy_reading import Reading, Record, UnreadableError, Values
from .legacy_targets import TARGETS
from .legacy_ticket import ticket_of

_EXACT = Context(prec=100)
_MAKERS = {"pos_ticket": (ticket_of, PosTicket), "pos_closing": (closing_of, PosClosing)}


def apply(layout: Layout, record: Record) -> CanonicalMessage:
    """Return what a record says. Raises ``UnreadableError``, naming everything that is wrong."""
    make, model = _MAKERS[layout.kind]
    with localcontext(_EXACT):
        reading = Reading(layout, record)
        header = reading.header()
        parts = {name: reading.items(name) for name in TARGETS[layout.kind] if name != HEADER}
        reading.stop_if_wrong()
        try:
            return model.model_validate(make(reading, header, parts))
        except ValidationError as error:
            raise UnreadableError(_named(error)) from None
        except ArithmeticError:
            raise UnreadableError(["its figures cannot be computed with"]) from None


def _named(error: ValidationError) -> list[str]:
    entries = error.errors(include_input=False, include_url=False)
    return [f"{'.'.join(map(str, entry['loc'])) or 'record'}: {entry['msg']}" for entry in entries]


def header_values(layout: Layout, record: Record) -> Values:
    """Return what can be read of a header, whatever else is wrong with the record."""
    with localcontext(_EXACT):
        return Reading(layout, record).header()
