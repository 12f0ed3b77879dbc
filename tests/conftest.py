"""What every test runs under."""

from hypothesis import HealthCheck, settings

# Both checks time the machine: the first text that is ever drawn builds a table of all characters.
settings.register_profile("tripsage", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tripsage")
