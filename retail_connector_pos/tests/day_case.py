"""A business day from its tickets to its entries, in one transaction."""

from . import estate
from .common import PosCase
from .tickets import SOLD_AT, ticket

TODAY = SOLD_AT.date()


class DayCase(PosCase):
    """Registers whose days are reported, compared and posted step by step, as their lane does."""

    def day(self, register=None, date=TODAY):
        """Return a business day."""
        register = register or self.register
        days = self.env["retail.pos.day"]
        return days.search([("register_id", "=", register.id), ("business_date", "=", date)])

    def sold(self, *messages):
        """Import tickets, and move their goods; return the tickets."""
        self.drain(*messages)
        self.move_goods()
        return list(messages)

    def move_goods(self):
        """Do what the stock lane does."""
        for warehouse in (self.warehouse, self.warehouse2):
            while self.env["retail.pos.stock"]._move_some(warehouse.id):
                pass

    def tickets(self, count, **values):
        """Return numbered tickets of one day."""
        return [ticket(sequence=number, minutes=number, **values) for number in range(1, count + 1)]

    def reported(self, report):
        """Import a report and compare its day; return the day."""
        self.drain(report)
        register = report.register_external_id
        store = report.store_external_id
        key = self.env["retail.pos.register"]._key(store, register)
        found = self.backend.pos_register_ids.filtered(lambda each: each.external_id == key)
        day = self.day(found, report.business_date)
        day._review()
        return day

    def close(self, report):
        """Import a report that ties, and post its day; return the day."""
        day = self.reported(report)
        self.assertEqual(day.state, "closing", [self.words(day), day.problem])
        day._close_now()
        self.assertEqual(day.state, "closed", self.words(day))
        return day

    def words(self, day):
        """Return what differs, for messages of failed tests."""
        return [(each.kind.value, each.subject, each.theirs, each.ours)
                for each in day._differences()]  # fmt: skip

    def kinds(self, day):
        """Return the kinds of what differs."""
        return [each.kind.value for each in day._differences()]

    def person(self, role, **values):
        """Return a user with one role of ours."""
        return (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": role,
                    "login": f"{role}-{next(estate.numbers)}@example.com",
                    "company_id": self.company.id,
                    "company_ids": [(6, 0, self.company.ids)],
                    "group_ids": [(4, self.env.ref(f"retail_connector_base.group_{role}").id)],
                    **values,
                }
            )
        )

    def exception(self, code):
        """Return the exception of a kind."""
        return self.env["retail.exception"].search(
            [("backend_id", "=", self.backend.id), ("code", "=", code)]
        )
