"""How the tests run: Hypothesis without deadlines (machines are noisy), and without a memory of past failures."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "sekisho", deadline=None, max_examples=150, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("sekisho")
