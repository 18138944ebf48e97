"""One seller with everything that happens to it."""

from .settling import Settling
from .state import Row


class Seller(Settling):
    """A seller's account at Square."""

    def add_customer(self, given: str, family: str, email: str | None = None) -> str:
        """Make a customer; return his id."""
        with self.lock:
            number, now = self.next_id("cus"), self.now()
            row: Row = {"id": number, "given_name": given, "family_name": family,
                        "created_at": now, "updated_at": now, "version": 0}  # fmt: skip
            self.customers[number] = {**row, **({"email_address": email} if email else {})}
            return number

    def add_device(self, location: str, number: str, name: str) -> None:
        """Have a terminal of Square's own at a location."""
        self.devices[number] = {
            "id": f"device:{number}",
            "attributes": {"type": "TERMINAL", "manufacturer": "Square", "name": name},
            "components": [
                {"type": "APPLICATION",
                 "application_details": {"application_type": "TERMINAL_API",
                                         "session_location": location}}
            ],
            "status": {"category": "AVAILABLE"},
        }  # fmt: skip
