"""The clients of one process, each made when it is first used and kept for all calls."""

from functools import cached_property

from tools.providers.config import Provider, ProviderConfig
from tools.providers.duffel import Duffel
from tools.providers.duffel_orders import DuffelOrders
from tools.providers.duffel_stays import DuffelStays
from tools.providers.frankfurter import Frankfurter
from tools.providers.geoapify import Geoapify
from tools.providers.http import HttpClient, Timing, Transport
from tools.providers.liteapi import LiteApi
from tools.providers.open_meteo import OpenMeteo
from tools.providers.state import LocalState, ProviderState
from tools.providers.stays import StayProvider


class Providers:
    """Make one a process and `close` it at the end.

    `state` is what all workers know together, or else this process alone knows. `transport` answers the calls
    instead of the network, and `timing` waits, for tests.
    """

    def __init__(
        self,
        config: ProviderConfig,
        transport: Transport | None = None,
        timing: Timing | None = None,
        state: ProviderState | None = None,
    ) -> None:
        self._config = config
        self._state = state or LocalState()
        self._transport = transport
        self._timing = timing
        self._opened: list[HttpClient] = []

    @cached_property
    def duffel(self) -> Duffel:
        return Duffel(self._duffel_http, self._config.duffel.key)

    @cached_property
    def duffel_orders(self) -> DuffelOrders:
        return DuffelOrders(self._duffel_http, self._config.duffel.key)

    @cached_property
    def stays(self) -> StayProvider:
        """Whom the settings name."""
        if self._config.stays == "duffel":
            return DuffelStays(self._duffel_http, self._config.duffel.key)
        return LiteApi(self._open(self._config.liteapi), self._config.liteapi.key)

    @cached_property
    def geoapify(self) -> Geoapify:
        return Geoapify(self._open(self._config.geoapify), self._config.geoapify.key)

    @cached_property
    def open_meteo(self) -> OpenMeteo:
        return OpenMeteo(
            self._open(self._config.open_meteo),
            self._open(self._config.open_meteo_archive),
            self._config.open_meteo.key,
        )

    @cached_property
    def frankfurter(self) -> Frankfurter:
        return Frankfurter(self._open(self._config.frankfurter))

    @cached_property
    def _duffel_http(self) -> HttpClient:
        return self._open(self._config.duffel)

    async def close(self) -> None:
        for client in self._opened:
            await client.close()

    def _open(self, provider: Provider) -> HttpClient:
        client = HttpClient(provider, self._transport, self._timing, self._state)
        self._opened.append(client)
        return client
