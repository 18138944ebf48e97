"""ShipStation: the API of ShipStation accounts (v2), and the one formerly called ShipEngine."""

from .provider import ShipEngineProvider, ShipStationProvider

__all__ = ["ShipEngineProvider", "ShipStationProvider"]
