"""What a message tells about a customer who must become a partner."""

from dataclasses import dataclass

from odoo.tools import email_normalize

from ..canonical import Address, Customer
from ..decisions.customer_match import e164


@dataclass(frozen=True)
class CustomerNeed:
    """A customer of the channel, or a guest with what the order tells about him."""

    message_id: int
    customer: Customer | None = None
    email: str | None = None
    phone: str | None = None
    address: Address | None = None
    order_name: str = ""

    @property
    def any_email(self) -> str | None:
        """The e-mail, normalised, proved or not."""
        found = (self.customer and self.customer.email) or self.email
        return email_normalize(found) or None if found else None

    @property
    def verified_email(self) -> str | None:
        """The e-mail that the channel proved to be the customer's: it identifies him."""
        proved = self.customer and self.customer.email_verified
        return email_normalize(self.customer.email or "") or None if proved else None

    @property
    def any_phone(self) -> str | None:
        """The telephone number as the channel has it."""
        found = (self.customer and self.customer.phone) or self.phone
        return found or (self.address.phone if self.address else None)

    @property
    def e164(self) -> str | None:
        """The customer's own telephone number in its international form."""
        phone = (self.customer and self.customer.phone) or self.phone
        return e164(phone, self.address.country_code if self.address else None)

    @property
    def external_id(self) -> str | None:
        """Whose binding it is: the customer's, or that of a guest with this e-mail or phone.

        ``None`` when nothing identifies the guest.
        """
        if self.customer:
            return self.customer.external_id
        contact = self.any_email or self.e164
        return f"guest:{contact}" if contact else None

    @property
    def name(self) -> str:
        """What to call the customer."""
        own = self.customer.display_name if self.customer else None
        addressed = self.address.name or self.address.company if self.address else None
        return own or addressed or self.any_email or self.any_phone or "?"
