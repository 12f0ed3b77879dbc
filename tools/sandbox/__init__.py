"""Travel APIs faked faithfully: the same shapes, errors and headers, the same answers for the same seed.

One `Sandbox` holds the state and `Controls` changes it. `python -m` serves it over HTTP; `mock_transport(sandbox)`
and `respx_router(sandbox)` put it behind httpx without a socket; the fixture `travel_sandbox` of `pytest_plugin`
puts it before every httpx client of a test.
"""

from .controls import Controls
from .sandbox import Sandbox
from .scenario import Scenario, ScenarioError

__all__ = ["Controls", "Sandbox", "Scenario", "ScenarioError"]
