"""The point of sale systems of this addon: a new one is one module and one name here."""

PROVIDERS = ()
