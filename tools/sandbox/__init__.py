"""Travel APIs faked faithfully: the same shapes, errors and headers, the same answers for the same seed.

One `Sandbox` holds the state; `python -m tools.sandbox` serves it over HTTP, `mock_transport(sandbox)` and
`respx_router(sandbox)` put it behind httpx without a socket.
"""

from .sandbox import Sandbox

__all__ = ["Sandbox"]
