from odoo import api, models

from odoo.addons.retail_connector_base.canonical import WarehouseOrderState
from odoo.addons.retail_connector_base.decisions.moment import naive_utc
from odoo.addons.retail_connector_base.decisions.outcome import ImportResult, Outcome
from odoo.addons.retail_connector_base.decisions.problem import (
    ItemFailures,
    MissingParentError,
    Problem,
)
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.release_state import release_state

UNKNOWN = "warehouse_order_state_unknown"


class RetailImporterWarehouseOrder(models.AbstractModel):
    """What becomes of released orders, and answers to what was asked about them.

    An answer counts whatever the state says, and before it: that an order was cancelled because we
    asked for it is no surprise. No goods move: shipments tell of them.
    """

    _name = "retail.importer.warehouse_order"
    _description = "Retail Importer: orders at warehouses"
    _inherit = ["retail.importer"]

    _binding_model = "retail.warehouse.order"

    @api.model
    def _apply(self, backend, pairs):
        """Override: move the releases on."""
        references = list({item.canonical.order_external_id for item, _order in pairs})
        found = self.env["retail.release"].search(
            [("backend_id", "=", backend.id), ("name", "in", references)]
        )
        releases = {release.name: release for release in found}
        unknown = {
            item.message_id: MissingParentError(item.canonical.entity_key)
            for item, _order in pairs
            if item.canonical.order_external_id not in releases
        }
        if unknown:
            raise ItemFailures(unknown)
        return {
            item.message_id: self._apply_one(
                backend, item, order, releases[item.canonical.order_external_id]
            )
            for item, order in pairs
        }

    def _apply_one(self, backend, item, order, release):
        told = item.canonical
        is_former = self._is_former(item, order, release)
        values = self._values(item, release)
        if order:
            order.write(values)
        else:
            ids = {"backend_id": backend.id, "external_id": told.external_id}
            order = order.create({**values, **ids})
        if is_former:
            note = self.env._("It is about a former order of the same release.")
            return ImportResult(Outcome.SUPERSEDED, note, (release._name, release.id))
        unknown = self._take_answers(told, release)
        note = self._take_state(told, release)
        return ImportResult(Outcome.DONE, note or unknown, (release._name, release.id))

    def _is_former(self, item, order, release):
        """Tell whether the warehouse has said something later of the release under another id."""
        others = self.env[self._binding_model].search(
            [("release_id", "=", release.id), ("id", "!=", order.id)]
        )
        return any(other._seen().version > item.version for other in others)

    def _values(self, item, release):
        told = item.canonical
        return {
            **self.env[self._binding_model]._state_values(item),
            "release_id": release.id,
            "state": told.state.value,
            "reason": told.reason,
        }

    def _take_answers(self, told, release):
        """Pass answers to their requests; return a note on those that nobody asked for."""
        unknown = []
        for answer in told.answers:
            request = release.request_ids.filtered(
                lambda one, answer=answer: one.name == answer.request_reference
            )
            request._answer(answer.accepted, answer.reason or "")
            if not request:
                unknown.append(answer.request_reference)
        names = ", ".join(unknown)
        return self.env._("Nothing was asked as %(names)s.", names=names) if unknown else ""

    def _take_state(self, told, release):
        """Move the release on; return a note where the word is not known."""
        has_left = release.state in ("shipped", "delivered")
        state = release_state(told.state, release.state, has_left)
        if told.state is WarehouseOrderState.UNKNOWN:
            self._report_unknown(told, release)
            return self.env._("The state is not known; nothing follows from it.")
        unknown = [f"{UNKNOWN}|{release.name}"]
        self.env["retail.exception"]._solved(release.backend_id, unknown)
        release._take_state(
            state or release.state,
            told.reason or "",
            external_id=told.external_id,
            reason_code=told.reason_code,
            expected_at=naive_utc(told.expected_ship_at),
        )
        return ""

    def _report_unknown(self, told, release):
        problem = Problem(
            error_class=ErrorClass.DATA,
            code=UNKNOWN,
            subject=release.name,
            title=self.env._("%(release)s has a state that is not known", release=release.name),
            cause=self.env._(
                "The warehouse said “%(reason)s”. The release stays as it is. Find out what it "
                "means; what comes next is imported by itself.",
                reason=told.reason or told.reason_code or "?",
            ),
            fix="open_record",
        )
        self.env["retail.exception"]._report(release.backend_id, problem, record=release)
