from odoo import api, models

from odoo.addons.retail_connector_base.decisions.outcome import ImportResult, Outcome


class RetailImporterNotice(models.AbstractModel):
    """Asks a system for what it says has changed.

    A notice says nothing but that: the answer comes through the inbox as a message of its own, in
    the same queue. What is known in that state already is not asked for.
    """

    _name = "retail.importer.notice"
    _inherit = "retail.importer"
    _description = "Retail Importer: notices"

    @api.model
    def _import_batch(self, backend, items):
        """Override: notices have no record, and so no version to guard."""
        known = self._known(backend, items)
        return {item.message_id: self._ask(backend, item, known) for item in items}

    def _known(self, backend, items):
        """Return the versions of bound entities, by kind and external id."""
        found = {}
        for kind in {item.canonical.entity_kind for item in items}:
            model = self._model_of(kind)
            if model is None:
                continue
            names = [i.canonical.external_id for i in items if i.canonical.entity_kind == kind]
            for name, binding in model._by_external_id(backend, names).items():
                found[kind, name] = binding
        return found

    def _model_of(self, kind):
        importer = self.env["retail.inbox.processor"]._importer(kind)
        if importer is None or not importer._binding_model:
            return None
        return self.env[importer._binding_model]

    def _ask(self, backend, item, known):
        notice = item.canonical
        if not self._is_wanted(backend, notice.entity_kind):
            note = self.env._("Nothing of this kind is imported.")
            return ImportResult(Outcome.IGNORED, note)
        if notice.whole_list:
            return self._poll(backend, notice.entity_kind)
        binding = known.get((notice.entity_kind, notice.external_id))
        record = (binding._name, binding.id) if binding else None
        if self._is_known(binding, notice):
            return ImportResult(Outcome.DONE, self.env._("This state is known."), record)
        self.env["retail.poll"]._refetch_after_commit(
            backend, notice.entity_kind, notice.external_id
        )
        return ImportResult(Outcome.DONE, self.env._("The channel is asked for it."), record)

    def _is_known(self, binding, notice):
        """Tell whether the state that changed was applied already."""
        if not binding or not notice.version or notice.is_partial:
            return False
        return binding._seen().version >= notice.version

    def _is_wanted(self, backend, kind):
        """Tell whether there is an importer of the kind, and a flow that is not archived."""
        if self.env["retail.inbox.processor"]._importer(kind) is None:
            return False
        flow = self._flow(backend, kind)
        return not flow or flow.active

    def _flow(self, backend, kind):
        flows = backend.with_context(active_test=False).flow_ids
        return flows.filtered(lambda flow: flow.direction == "in" and flow.kind == kind)[:1]

    def _poll(self, backend, kind):
        """Have the whole list read; changes in between are read by the same run."""
        flow = self._flow(backend, kind)
        if not flow or flow.paused or not flow.can_poll:
            return ImportResult(Outcome.IGNORED, self.env._("It is not read at present."))
        flow._start_after_commit()
        return ImportResult(Outcome.DONE, self.env._("The list is read."))
