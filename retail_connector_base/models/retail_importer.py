from odoo import api, models

from ..decisions.outcome import ImportResult, Outcome
from ..decisions.version import Verdict, judge


class RetailImporter(models.AbstractModel):
    """What every importer does before its own work: the version guard, over a whole batch.

    An importer of a kind is named ``retail.importer.<kind>``, names its binding's model in
    ``_binding_model`` and implements ``_apply``. Business rules change by overriding its methods.
    """

    _name = "retail.importer"
    _description = "Retail Importer"

    _binding_model = None

    @api.model
    def _import_batch(self, backend, items):
        """Import items of one backend and kind; at most one item per entity is in a batch.

        Returns ``{message id: ImportResult}``. Raises ``ItemFailures`` naming the items that
        cannot be imported; the caller rolls back and runs the others again.
        """
        bindings = self.env[self._binding_model]._by_external_id(
            backend, [item.canonical.external_id for item in items]
        )
        kind, external_ids = items[0].canonical.kind, {item.canonical.external_id for item in items}
        dead = self.env["retail.tombstone"]._dead(backend, kind, external_ids)
        left_out = self.env["retail.left.out"]._of(backend, kind, external_ids - bindings.keys())
        results, wanted = {}, []
        for item in items:
            external_id = item.canonical.external_id
            binding, other = bindings.get(external_id), left_out.get(external_id)
            verdict = self._judge(item, binding, external_id in dead, other)
            if verdict is Verdict.REFETCH and not self._can_ask(backend, kind):
                # Messages of an entity are imported in order of arrival: this one came later.
                verdict = Verdict.APPLY
            if verdict is Verdict.APPLY:
                wanted.append((item, binding or self.env[self._binding_model]))
            else:
                results[item.message_id] = self._result_of(verdict, backend, item, binding)
        if wanted:
            results |= self._apply(backend, wanted)
            self._note_left_out(backend, wanted, results, left_out)
        return results

    def _judge(self, item, binding, is_dead, left_out=None):
        """Compare with what was applied last or, of an entity without binding, left out last."""
        seen = binding or left_out
        verdict = judge(seen._seen() if seen else None, item.seen(), 0 if is_dead else None)
        # What was left out may be wanted by now: the configuration decides, not the version.
        return Verdict.APPLY if verdict is Verdict.SAME and not binding else verdict

    def _can_ask(self, backend, kind):
        """Tell whether the channel can be asked which of two states holds.

        Systems that speak the canonical API cannot. Of two states with one version the one that was
        observed later holds then, and where neither says when that was, the one that came later.
        """
        provider = backend._provider_class()
        return provider is not None and provider.can_fetch(kind)

    def _note_left_out(self, backend, pairs, results, left_out):
        """Remember what has no binding because it is left out; forget what was imported."""
        unbound = [item for item, binding in pairs if not binding]
        ignored = [i for i in unbound if results[i.message_id].outcome is Outcome.IGNORED]
        self.env["retail.left.out"]._remember(backend, ignored)
        done = [i for i in unbound if results[i.message_id].outcome is Outcome.DONE]
        known = [left_out[i.canonical.external_id].id for i in done
                 if i.canonical.external_id in left_out]  # fmt: skip
        self.env["retail.left.out"].browse(known).unlink()

    def _result_of(self, verdict, backend, item, binding):
        """Return the result of an item that changes nothing; ask the source where it must say."""
        record = (binding._name, binding.id) if binding else None
        if verdict is Verdict.SAME:
            if binding:
                binding._observe(item)
            return ImportResult(Outcome.DONE, self.env._("This state was applied before."), record)
        if verdict is Verdict.STALE:
            note = self.env._("A newer state was applied, or the entity was deleted.")
            return ImportResult(Outcome.SUPERSEDED, note, record)
        self.env["retail.poll"]._refetch_after_commit(
            backend, item.canonical.kind, item.canonical.external_id
        )
        note = self.env._("Two states share one version: the channel is asked which holds.")
        return ImportResult(Outcome.SUPERSEDED, note, record)

    @api.model
    def _apply(self, backend, pairs):
        """Apply (item, binding) pairs, the binding empty for a new entity; return their results."""
        raise NotImplementedError

    @api.model
    def _on_deleted(self, binding):
        """React when the channel deleted a bound entity. The record stays unless overridden."""
