from decimal import Decimal

from odoo import models

from odoo.addons.retail_connector_base.canonical import minor_unit
from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass


class RetailImporterPosTicket(models.AbstractModel):
    """In which store and at which register a ticket was sold, and in which currency."""

    _inherit = "retail.importer.pos_ticket"

    def _find_places(self, backend, drafts):
        """Find the registers of tickets; archived ones count, what they sold is sold."""
        stores = self._places(
            "retail.pos.store", backend, [draft.ticket.store_external_id for draft in drafts]
        )
        registers = self._places("retail.pos.register", backend, [_key(self, d) for d in drafts])
        for draft in drafts:
            draft.store = stores.get(draft.ticket.store_external_id)
            draft.register = registers.get(_key(self, draft))
            problem = self._place_problem(backend, draft)
            if problem:
                draft.fail(problem)
                continue
            draft.config = draft.register.odoo_id
            draft.currency = draft.config.currency_id
            problem = self._currency_problem(draft)
            if problem:
                draft.fail(problem)

    def _places(self, model, backend, external_ids):
        return (
            self.env[model].with_context(active_test=False)._by_external_id(backend, external_ids)
        )

    def _place_problem(self, backend, draft):
        """Return the problem of a store without warehouse or a register without point of sale."""
        if not draft.store or not draft.store.odoo_id:
            return self._unknown_store_problem(backend, draft)
        if not draft.register or not draft.register.odoo_id:
            return self._unknown_register_problem(backend, draft)
        return None

    def _unknown_store_problem(self, backend, draft):
        ticket = draft.ticket
        return Problem(
            error_class=ErrorClass.MAPPING,
            code="unknown_store",
            subject=ticket.store_external_id,
            title=self.env._("The store “%(store)s” is not known", store=ticket.store_external_id),
            cause=self.env._(
                "Choose the warehouse that it sells from. What waits for it is imported then."
            ),
            fix="open_record",
            fix_values=self._place_values("retail.pos.store", backend, draft),
            amount=ticket.total,
            currency=ticket.currency,
        )

    def _unknown_register_problem(self, backend, draft):
        ticket = draft.ticket
        return Problem(
            error_class=ErrorClass.MAPPING,
            code="unknown_register",
            subject=_key(self, draft),
            title=self.env._(
                "Register “%(register)s” of %(store)s is not known",
                register=ticket.register_external_id,
                store=draft.store.display_name,
            ),
            cause=self.env._(
                "Choose the point of sale that it is in Odoo. What waits for it is imported then."
            ),
            fix="open_record",
            fix_values=self._place_values("retail.pos.register", backend, draft),
            amount=ticket.total,
            currency=ticket.currency,
        )

    def _place_values(self, model, backend, draft):
        """Return the ``fix_values`` by which the place is noted, outside of the failed import."""
        return {
            "res_model": model,
            "backend_id": backend.id,
            "store": draft.ticket.store_external_id,
            "register": draft.ticket.register_external_id,
        }

    def _currency_problem(self, draft):
        """Return the problem of a ticket that the register's point of sale cannot take."""
        code, currency = draft.ticket.currency, draft.currency
        if currency.name != code:
            cause = self.env._(
                "Its point of sale works in %(currency)s. Choose one that works in %(code)s.",
                currency=currency.name,
                code=code,
            )
        elif Decimal(str(currency.rounding)) != minor_unit(code):
            cause = self.env._(
                "It must round to %(unit)s. Correct its rounding factor, then retry.",
                unit=minor_unit(code),
            )
        else:
            return None
        return Problem(
            error_class=ErrorClass.CONFIGURATION,
            code="currency",
            subject=f"{_key(self, draft)} {code}",
            title=self.env._(
                "%(register)s cannot sell in %(code)s",
                register=draft.register.display_name,
                code=code,
            ),
            cause=cause,
            fix="open_record",
            fix_values={"res_model": draft.register._name, "res_id": draft.register.id},
            amount=draft.ticket.total,
            currency=code,
        )


def _key(importer, draft):
    ticket = draft.ticket
    return importer.env["retail.pos.register"]._key(
        ticket.store_external_id, ticket.register_external_id
    )
