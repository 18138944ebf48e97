from odoo import models
from odoo.exceptions import UserError

from odoo.addons.retail_connector_base.providers import ConnectorError

from ..decisions.estate_list import ListError, read_list
from ..decisions.estate_match import Named, matches, short_code, tender_kind, words_of
from .retail_pos_setup_tender import TENDER_KINDS

KINDS = {kind for kind, _label in TENDER_KINDS}


class RetailPosSetup(models.TransientModel):
    """Where the estate is known from, and what is proposed for it."""

    _inherit = "retail.pos.setup"

    def _propose(self):
        """Throw the lines away and propose them anew; nobody's choice is guessed."""
        self.store_ids.unlink()
        self.register_ids.unlink()
        self.tender_ids.unlink()
        self.staff_ids.unlink()
        stores, registers = self._estate()
        houses = self._propose_stores(stores)
        self._propose_registers(stores, registers, houses)
        self._propose_tenders()
        self._propose_staff()

    # What is known

    def _estate(self):
        """Return ``{store id: facts}`` and ``{(store id, register id): name}`` of all sources."""
        stores, registers = {}, {}
        for store in self.backend_id.pos_store_ids:
            stores[store.external_id] = {"name": store.name, "tz": store.tz}
        for register in self.backend_id.pos_register_ids:
            registers[register.store_id.external_id, register.code] = register.name
        for source in (self._told_by_estate, self._told_by_list):
            source(stores, registers)
        return stores, registers

    def _told_by_estate(self, stores, registers):
        """Ask the estate, where it can list; what it answers is newer than what we hold."""
        self.source_problem = False
        if not self.backend_id.lists_registers:
            return
        try:
            told = self.backend_id.sudo()._provider().stores()
        except ConnectorError as error:
            self.source_problem = str(error)
            return
        for store in told:
            stores.setdefault(store.external_id, {}).update(name=store.name, tz=store.timezone)
            for register in store.registers:
                registers[store.external_id, register.external_id] = register.name

    def _told_by_list(self, stores, registers):
        for row in self._pasted_rows():
            facts = stores.setdefault(row.store, {"name": "", "tz": None})
            facts["name"] = row.store_name or facts["name"]
            facts["house"] = row.warehouse or facts.get("house", "")
            if row.register:
                key = row.store, row.register
                registers[key] = row.register_name or registers.get(key) or ""

    def _pasted_rows(self):
        try:
            return read_list(self.pasted or "")
        except ListError as error:
            raise UserError(self._list_problem(error)) from error

    def _list_problem(self, error):
        if error.reason == "too_long":
            return self.env._("The list has more than %(count)s lines.", count=error.line - 1)
        if error.reason == "no_store":
            return self.env._("Line %(line)s of the list names no store.", line=error.line)
        return self.env._("Line %(line)s of the list cannot be read.", line=error.line)

    def _known_store(self, external_id):
        """Return the store's record, empty when it is not known yet."""
        stores = self.env["retail.pos.store"].sudo().with_context(active_test=False)
        domain = [("backend_id", "=", self.backend_id.id), ("external_id", "=", external_id)]
        return stores.search(domain, limit=1)

    # Stores

    def _propose_stores(self, stores):
        """Make a line for each store without a warehouse; return ``{store id: warehouse}``."""
        bound = self.backend_id.pos_store_ids.filtered("odoo_id")
        houses = {store.external_id: store.odoo_id for store in bound}
        missing = {key: facts for key, facts in stores.items() if key not in houses}
        free = self._warehouses() - bound.odoo_id
        found = matches(
            [_named_store(key, facts) for key, facts in missing.items()],
            [Named(house.id, (house.name,), (house.code,)) for house in free],
        )
        every = self.env["stock.warehouse"].sudo().with_context(active_test=False)
        own = every.search([("company_id", "=", self.company_id.id)])
        taken = {code.upper() for code in own.mapped("code")}
        values = []
        for key, facts in missing.items():
            house = free.browse(found.get(key) or [])
            houses[key] = house
            values.append(self._store_values(key, facts, house, key in found, taken))
        self.env["retail.pos.setup.store"].create(values)
        return houses

    def _warehouses(self):
        houses = self.env["stock.warehouse"].sudo()
        return houses.search([("company_id", "=", self.company_id.id)])

    def _store_values(self, key, facts, house, seen, taken):
        name = facts.get("name") or key
        return {
            "setup_id": self.id,
            "external_id": key,
            "name": name,
            "tz": facts.get("tz") or False,
            # Several fit: that is for a person to say.
            "what": "existing" if seen else "new",
            "warehouse_id": house.id,
            "warehouse_name": name,
            "code": short_code(facts.get("house") or name, taken),
        }

    # Registers

    def _propose_registers(self, stores, registers, houses):
        bound = self.backend_id.pos_register_ids.filtered("odoo_id")
        known = {(each.store_id.external_id, each.code) for each in bound}
        missing = {key: name for key, name in registers.items() if key not in known}
        taken = self.env["retail.pos.register"].sudo().with_context(active_test=False)
        used = taken.search([("odoo_id", "!=", False)]).odoo_id
        configs = self.env["pos.config"].sudo()
        free = configs.search([("company_id", "=", self.company_id.id)]) - used
        found = self._match_registers(missing, stores, houses, free)
        self.env["retail.pos.setup.register"].create(
            [self._register_values(key, name, stores, found, free) for key, name in missing.items()]
        )

    def _match_registers(self, missing, stores, houses, free):
        """Match the registers of each store with the points of sale of its warehouse.

        Where a store's warehouse is not known, the full name has to say which one it is.
        """
        found, by_house = {}, free.grouped(lambda config: config.picking_type_id.warehouse_id)
        for store in {store for store, _register in missing}:
            house = houses.get(store)
            known = by_house.get(house) if house else None
            own = {key: name for key, name in missing.items() if key[0] == store}
            if not known:
                continue
            found |= matches(
                [_named_register(key, name, stores) for key, name in own.items()],
                [_named_config(config, house) for config in known],
            )
        return found

    def _register_values(self, key, name, stores, found, free):
        store, register = key
        title = (stores.get(store) or {}).get("name") or store
        return {
            "setup_id": self.id,
            "store_external_id": store,
            "store_name": title,
            "external_id": register,
            "name": name or register,
            "what": "existing" if key in found else "new",
            "config_id": free.browse(found.get(key) or []).id,
            "config_name": _full_name(title, name or register),
        }

    # Tenders and staff

    def _propose_tenders(self):
        rows = self._unmapped("pos_tender")
        kinds = {row: self._kind_of(row) for row in rows}
        methods = self.env["pos.payment.method"].sudo()
        own = methods.search(
            [("company_id", "=", self.company_id.id), ("is_cash_count", "=", False)]
        )
        found = matches(
            [Named(row, (row.external_label,)) for row in rows if kinds[row] != "cash"],
            [Named(method.id, (method.name,)) for method in own],
        )
        journal = self._bank_journal()
        self.env["retail.pos.setup.tender"].create(
            [
                {
                    "setup_id": self.id,
                    "word": row.external_label,
                    "kind": kinds[row],
                    "what": _what_of_tender(kinds[row], row in found, bool(journal)),
                    "method_id": found.get(row) or False,
                    "method_name": row.external_label,
                    "journal_id": journal.id,
                }
                for row in rows
            ]
        )

    def _kind_of(self, row):
        told = (row.context or {}).get("tender_kind")
        kind = tender_kind(row.external_label, told)
        return kind if kind in KINDS else "other"

    def _propose_staff(self):
        rows = self._unmapped("pos_staff")
        users = self.env["res.users"].sudo()
        people = users.search([("company_ids", "in", self.company_id.ids), ("share", "=", False)])
        found = matches(
            [Named(row, (row.external_label,), (row.external_label,)) for row in rows],
            [Named(user.id, (user.name,), (user.login, user.email or "")) for user in people],
        )
        self.env["retail.pos.setup.staff"].create(
            [
                {
                    "setup_id": self.id,
                    "word": row.external_label,
                    "user_id": found.get(row) or False,
                }
                for row in rows
            ]
        )

    def _unmapped(self, kind):
        rows = self.env["retail.mapping"].sudo()
        return rows.search(
            [
                ("backend_id", "=", self.backend_id.id),
                ("kind", "=", kind),
                ("state", "=", "unmapped"),
            ]
        )

    def _bank_journal(self):
        """Return where money by card probably arrives: the company's first bank journal."""
        journals = self.env["account.journal"].sudo()
        return journals.search(
            [("company_id", "=", self.company_id.id), ("type", "=", "bank")], limit=1
        )

    def _drawer(self):
        """Return a drawer of the estate: which one does not matter, each register has its own."""
        methods = self.backend_id.sudo().pos_register_ids.odoo_id.payment_method_ids
        return methods.filtered("is_cash_count")[:1]


def _named_store(key, facts):
    names = tuple(name for name in (facts.get("name"), facts.get("house")) if name)
    codes = tuple(code for code in (key, facts.get("house")) if code)
    return Named(key, names, codes)


def _named_register(key, name, stores):
    store, register = key
    title = (stores.get(store) or {}).get("name") or store
    own = name or register
    return Named(key, (own, _full_name(title, own), f"{store} {register}"))


def _named_config(config, house):
    return Named(config.id, (config.name, _full_name(house.name, config.name)))


def _full_name(store, register):
    """Return a register's name with its store's, which it may have in it already."""
    inside = set(words_of(store)) <= set(words_of(register))
    return register if inside else f"{store} {register}"


def _what_of_tender(kind, seen, has_journal):
    if kind == "cash":
        return "drawer"
    if seen:
        return "existing"
    if kind == "on_account":
        return "new"
    return "new" if kind == "card" and has_journal else "later"
