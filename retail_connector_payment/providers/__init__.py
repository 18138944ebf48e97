"""The gateways of this addon: a new one is one module and one name here."""

from .stripe import StripeProvider

PROVIDERS = (StripeProvider,)
