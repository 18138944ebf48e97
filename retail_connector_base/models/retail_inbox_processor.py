from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

from odoo import api, models

from ..canonical import CanonicalMessage
from ..decisions.outcome import ImportResult, InboundItem, Outcome
from ..decisions.problem import ItemFailures
from ..fail_points import reach
from ..providers import StoredMessage, read_canonical
from .retail_lane_mixin import RERUN


class RetailInboxProcessor(models.AbstractModel):
    """Imports a chunk: parse, hand to the importers in batches, write what became of each.

    Effects and states commit together, in the transaction of the caller.
    """

    _name = "retail.inbox.processor"
    _description = "Retail Inbox: processing"

    @api.model
    def _process(self, messages):
        """Process locked messages of one backend."""
        backend = messages.backend_id
        messages.fetch()
        wanted = self._leave_out_what_has_no_importer(backend, messages)
        items = self._parse(backend, wanted)
        for kind in dict.fromkeys(item.canonical.kind for item in items):
            self._import(backend, kind, [item for item in items if item.canonical.kind == kind])

    # Before importing

    def _leave_out_what_has_no_importer(self, backend, messages):
        """Return the messages that can be imported; the others are kept as what they are."""
        inactive = set(
            backend.flow_ids.with_context(active_test=False)
            .filtered(lambda flow: flow.direction == "in" and not flow.active)
            .mapped("kind")
        )
        unsupported = messages.filtered(
            lambda message: self._importer(message.kind, backend) is None
        )
        ignored = (messages - unsupported).filtered(lambda message: message.kind in inactive)
        unsupported._finish("unsupported", self.env._("No importer of this kind is installed."))
        ignored._finish("ignored", self.env._("The flow is archived."))
        return messages - unsupported - ignored

    @api.model
    def _importer(self, kind, backend=None):
        """Return a backend's importer of a canonical kind, ``None`` when no addon offers one.

        Without a backend: the one that most backends have.
        """
        name = (backend or self.env["retail.backend"])._importer_name(kind)
        return self.env[name].with_company(self.env.company) if name in self.env else None

    def _parse(self, backend, messages):
        vendor = self.env["retail.backend"]._build_provider(backend.id)
        items = []
        for message in messages:
            try:
                items.append(self._item(message, self._canonical(message, vendor)))
            except Exception as error:  # noqa: BLE001 a provider's bug must not stop its lane
                self._fail(message, error)
        return items

    @api.model
    def _canonical(self, message, vendor) -> CanonicalMessage:
        """Return what a message says. What came through our own API is canonical already.

        Raises ``MalformedPayloadError``.
        """
        parse = read_canonical if message.source == "api" else vendor.parse
        return parse(self._stored(message))

    def _stored(self, message):
        return StoredMessage(
            topic=message.topic,
            kind=message.kind,
            body=message._raw_body(),
            headers=message.headers or {},
        )

    def _item(self, message, canonical: CanonicalMessage) -> InboundItem:
        return InboundItem(
            message_id=message.id,
            canonical=canonical,
            topic=message.topic,
            observed_at=int(message.observed_at or 0),
            content_hash=canonical.content_hash(),
            correlation_id=message.correlation_id,
            authoritative=message.authoritative,
        )

    # Importing

    def _import(self, backend, kind, items):
        """Import items in one batch; what fails is put aside, what cannot be told is split."""
        if not items:
            return
        try:
            with self.env.cr.savepoint():
                results = self._import_batch(backend, kind, items)
        except OperationalError:
            raise
        except UniqueViolation as error:
            if self.env.context.get(RERUN):
                raise
            self._split(backend, kind, items, error)
        except ItemFailures as failed:
            self._import_without(backend, kind, items, failed.failures)
        except Exception as error:  # noqa: BLE001 the job boundary of one message
            self._split(backend, kind, items, error)
        else:
            self._finish(items, results)

    def _import_batch(self, backend, kind, items):
        reach("inbox.importing", (item.canonical.entity_key for item in items))
        user, company = backend.user_id, backend.company_id
        importer = self._importer(kind, backend).with_user(user).sudo().with_company(company)
        context = {"allowed_company_ids": company.ids, "retail_import": True}
        return importer.with_context(**context)._import_batch(backend, items)

    def _import_without(self, backend, kind, items, failures):
        for message_id, error in failures.items():
            self._fail(self.env["retail.inbox.message"].browse(message_id), error)
        rest = [item for item in items if item.message_id not in failures]
        if len(rest) == len(items):
            raise RuntimeError("an importer named failures that were not in its batch")
        self._import(backend, kind, rest)

    def _split(self, backend, kind, items, error):
        if len(items) == 1:
            message = self.env["retail.inbox.message"].browse(items[0].message_id)
            self._fail(message, error)
            return
        middle = len(items) // 2
        self._import(backend, kind, items[:middle])
        self._import(backend, kind, items[middle:])

    # Afterwards

    def _finish(self, items, results: dict[int, ImportResult]):
        """Write the final states, resolve exceptions, and wake what waited for these entities."""
        messages = self.env["retail.inbox.message"]
        messages._write_results(results)
        finished = messages.browse(results)
        self.env["retail.inbox.failure"]._resolve(finished)
        done = [
            item.canonical.entity_key
            for item in items
            if results[item.message_id].outcome is Outcome.DONE
        ]
        messages._release_waiting(finished.backend_id, done)

    def _fail(self, message, error):
        self.env["retail.inbox.failure"]._record(message, error)
