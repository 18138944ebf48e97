from odoo import models
from odoo.fields import Command

from odoo.addons.retail_connector_base.decisions.config_difference import Change

from ..decisions.estate_match import free_code


class RetailPosSetup(models.TransientModel):
    """Makes what is missing, and ties stores, registers, tenders and staff to it.

    Everything is made in batches: an estate of forty stores is one transaction.
    """

    _inherit = "retail.pos.setup"

    def _make_all(self):
        """Do what was chosen; return whether a second person has to approve what it belongs to."""
        setup = self._as_company()
        pairs = []
        made = {"warehouses": [], "points of sale": [], "payment methods": []}
        if self.is_administrator:
            pairs += setup._make_stores(made)
        methods = setup._make_methods(made)
        if self.is_administrator:
            pairs += setup._make_registers(methods, made)
            pairs += setup._tie_staff()
        pairs += setup._tie_tenders(methods)
        waits = setup._bind(pairs)
        self._log_made(made, pairs)
        return waits

    def _as_company(self):
        """Return the set-up with the rights and in the company that everything is made in."""
        company = self.company_id
        context = {"allowed_company_ids": company.ids, "tracking_disable": True}
        return self.sudo().with_company(company).with_context(**context)

    # Stores

    def _make_stores(self, made):
        """Note the stores; return the warehouse that each is to have."""
        lines = self.store_ids.filtered(lambda line: line.what != "later")
        stores = self._store_records(self.store_ids)
        new = lines.filtered(lambda line: line.what == "new")
        houses = self.env["stock.warehouse"].create(
            [
                {
                    "name": line.warehouse_name,
                    "code": line.code,
                    "company_id": self.company_id.id,
                }
                for line in new
            ]
        )
        made["warehouses"] = houses.mapped("name")
        own = {**{line: line.warehouse_id for line in lines}, **dict(zip(new, houses, strict=True))}
        return [(stores[line.external_id], {"odoo_id": house.id}) for line, house in own.items()]

    def _store_records(self, lines):
        """Return ``{store id: record}``, made where missing, with the names that people gave."""
        stores = self.env["retail.pos.store"].with_context(active_test=False)
        known = stores._by_external_id(self.backend_id, lines.mapped("external_id"))
        new = [line for line in lines if line.external_id not in known]
        made = stores.create(
            [
                {
                    "backend_id": self.backend_id.id,
                    "external_id": line.external_id,
                    "name": line.name,
                    "tz": _timezone(stores, line.tz),
                }
                for line in new
            ]
        )
        for line in lines.filtered(lambda line: line.external_id in known):
            store = known[line.external_id]
            if line.name and store.name != line.name:
                store.name = line.name
        return known | {store.external_id: store for store in made}

    # Registers

    def _make_registers(self, methods, made):
        """Note the registers; return the point of sale that each is to have."""
        records = self._register_records()
        lines = self.register_ids.filtered(lambda line: line._effective() != "later")
        new = lines.filtered(lambda line: line._effective() == "new")
        configs = self._make_configs(new, methods)
        made["points of sale"] = configs.mapped("name")
        own = {**{line: line.config_id for line in lines}, **dict(zip(new, configs, strict=True))}
        return [(records[line], {"odoo_id": config.id}) for line, config in own.items()]

    def _register_records(self):
        registers = self.env["retail.pos.register"].with_context(active_test=False)
        lines = self.register_ids
        keys = {line: registers._key(line.store_external_id, line.external_id) for line in lines}
        known = registers._by_external_id(self.backend_id, keys.values())
        stores = self.env["retail.pos.store"].with_context(active_test=False)
        houses = stores._by_external_id(self.backend_id, lines.mapped("store_external_id"))
        new = [line for line in lines if keys[line] not in known]
        made = registers.create(
            [
                {
                    "backend_id": self.backend_id.id,
                    "external_id": keys[line],
                    "name": line.name,
                    "store_id": houses[line.store_external_id].id,
                }
                for line in new
            ]
        )
        known |= {register.external_id: register for register in made}
        for line in lines:
            if line.name and known[keys[line]].name != line.name:
                known[keys[line]].name = line.name
        return {line: known[keys[line]] for line in lines}

    def _make_configs(self, lines, methods):
        """Create points of sale that move stock at closing, each with a drawer of its own."""
        if not lines:
            return self.env["pos.config"]
        houses = {line: self._house_of(line) for line in lines}
        for house in {house for house in houses.values() if not house.pos_type_id}:
            house.write(house._create_or_update_sequences_and_picking_types())
        drawers = self._make_drawers(lines)
        journal = self.journal_id or self.env["account.journal"]._ensure_company_account_journal()
        shared = self._shared_methods(methods)
        return self.env["pos.config"].create(
            [
                {
                    "name": line.config_name,
                    "company_id": self.company_id.id,
                    "warehouse_id": houses[line].id,
                    "picking_type_id": houses[line].pos_type_id.id,
                    "journal_id": journal.id,
                    "payment_method_ids": [Command.set((drawer | shared).ids)],
                    **self._rounding_values(),
                }
                for line, drawer in zip(lines, drawers, strict=True)
            ]
        )

    def _house_of(self, line):
        """Return the warehouse of a register's store, which was made a moment ago or was there."""
        own = self.store_ids.filtered(lambda store: store.external_id == line.store_external_id)
        if own.what == "existing":
            return own.warehouse_id
        if own:
            houses = self.env["stock.warehouse"]
            wanted = [("company_id", "=", self.company_id.id), ("code", "=", own.code)]
            return houses.search(wanted, limit=1)
        return self._known_store(line.store_external_id).odoo_id

    def _shared_methods(self, methods):
        """Return what all registers of the estate take beside cash."""
        mapped = self.env["retail.mapping"].search(
            [("backend_id", "=", self.backend_id.id), ("kind", "=", "pos_tender")]
        )
        found = mapped.pos_payment_method_id | self.env["pos.payment.method"].union(
            *methods.values()
        )
        return found.filtered(lambda method: not method.is_cash_count)

    def _rounding_values(self):
        if not self.rounding_id:
            return {}
        return {
            "cash_rounding": True,
            "rounding_method": self.rounding_id.id,
            "only_round_cash_method": True,
        }

    # Drawers

    def _make_drawers(self, lines):
        """Create a cash journal and a payment method for each line; accounts are shared as chosen.

        The first journal of each group has an account made by Odoo unless there is one to share.
        """
        accounts = {"estate": self._cash_account()} if self.cash_account_by == "estate" else {}
        taken = self._journal_codes()
        journals = self.env["account.journal"].browse()
        for line in lines:
            group = self._account_group(line)
            values = self._drawer_values(line, taken, accounts.get(group))
            journal = journals.create(values)
            accounts[group] = accounts.get(group) or journal.default_account_id
            journals |= journal
        return self.env["pos.payment.method"].create(
            [
                {"name": journal.name, "journal_id": journal.id, "company_id": self.company_id.id}
                for journal in journals
            ]
        )

    def _account_group(self, line):
        if self.cash_account_by == "estate":
            return "estate"
        return line.store_external_id if self.cash_account_by == "store" else line.id

    def _cash_account(self):
        """Return the account that Odoo's own points of sale share, if the chart has it."""
        accounts = self.env["account.account"].with_context(lang="en_US")
        return accounts.search(
            [
                ("account_type", "=", "asset_cash"),
                ("name", "=", "Cash"),
                ("company_ids", "in", self.company_id.root_id.ids),
            ],
            limit=1,
        )

    def _journal_codes(self):
        journals = self.env["account.journal"].with_context(active_test=False)
        own = journals.search([("company_id", "=", self.company_id.id)])
        return {code.upper() for code in own.mapped("code") if code}

    def _drawer_values(self, line, taken, account):
        return {
            "name": self.env._("Cash %(register)s", register=line.config_name),
            "code": free_code("C", taken),
            "type": "cash",
            "company_id": self.company_id.id,
            "show_on_dashboard": False,
            "profit_account_id": self.profit_account_id.id,
            "loss_account_id": self.loss_account_id.id,
            **({"default_account_id": account.id} if account else {}),
        }

    # Tenders

    def _make_methods(self, made):
        """Return the payment method of each line that has or gets one of its own."""
        methods = self.env["pos.payment.method"]
        lines = self.tender_ids.filtered(lambda line: line.what == "new")
        new = methods.create([self._method_values(line) for line in lines])
        made["payment methods"] = new.mapped("name")
        taken = self.tender_ids.filtered(lambda line: line.what == "existing")
        return {**{line: line.method_id for line in taken}, **dict(zip(lines, new, strict=True))}

    def _method_values(self, line):
        values = {"name": line.method_name, "company_id": self.company_id.id}
        if line.kind == "on_account":
            # Odoo asks for the customer, and books what he owes.
            return {**values, "split_transactions": True}
        return {
            **values,
            "journal_id": line.journal_id.id,
            "outstanding_account_id": self._outstanding_account().id,
        }

    def _outstanding_account(self):
        """Return what Odoo's own form would choose for a method of a bank journal."""
        templates = self.env["account.chart.template"].with_context(
            allowed_company_ids=self.company_id.root_id.ids
        )
        found = templates.ref("account_journal_payment_debit_account_id", raise_if_not_found=False)
        return found or self.company_id.transfer_account_id

    def _tie_tenders(self, methods):
        """Return what each word is to mean; a drawer is any of the estate's."""
        lines = self.tender_ids.filtered(lambda line: line.what != "later")
        rows = self._mapping_rows("pos_tender", lines)
        pairs = []
        for line in lines:
            method = methods.get(line) or self._any_drawer()
            pairs.append((rows[line], {"pos_payment_method_id": method.id}))
        return pairs

    def _any_drawer(self):
        """Return a drawer of a register that is set up, or was made a moment ago."""
        if drawer := self._drawer():
            return drawer
        names = self._new_registers().mapped("config_name")
        wanted = [("company_id", "=", self.company_id.id), ("name", "in", names)]
        configs = self.env["pos.config"].search(wanted)
        return configs.payment_method_ids.filtered("is_cash_count")[:1]

    def _tie_staff(self):
        lines = self.staff_ids.filtered("user_id")
        rows = self._mapping_rows("pos_staff", lines)
        return [(rows[line], {"staff_user_id": line.user_id.id}) for line in lines]

    def _mapping_rows(self, kind, lines):
        mappings = self.env["retail.mapping"]
        wanted = [mappings._problem_values(kind, line.word) for line in lines]
        return dict(zip(lines, mappings._note_unmapped(self.backend_id, wanted), strict=True))

    # Tying

    def _bind(self, pairs):
        """Write what belongs to what, or propose all of it as one change; tell if it waits."""
        if not self.needs_approval:
            governed = {"retail_governed": True, "retail_reason": self.reason or None}
            for record, values in pairs:
                record.with_context(**governed).write(values)
            return False
        changes = [
            change for record, values in pairs for change in self._changes_of(record, values)
        ]
        if changes:
            self.env["retail.config.change"]._propose(self.backend_id, changes, self.reason)
        return bool(changes)

    def _changes_of(self, record, values):
        config = self.env["retail.config"]
        for name, value in values.items():
            field = record._fields[name]
            before = config._portable(field, record[name])
            after = config._portable(field, self.env[field.comodel_name].browse(value))
            if before != after:
                yield Change(record._governed_key(), name, before, after)

    def _log_made(self, made, pairs):
        tied = [record.display_name for record, _values in pairs]
        detail = {**{kind: names for kind, names in made.items() if names}, "tied": tied}
        self.env["retail.audit"]._log("estate.set_up", self.backend_id, detail=detail)


def _timezone(stores, name):
    """Return a time zone's name if it is one that we know."""
    known = stores._fields["tz"].get_values(stores.env)
    return name if name in known else False
