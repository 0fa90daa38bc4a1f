"""Settings for the whole suite."""

import os

from hypothesis import HealthCheck, settings

# A loaded machine makes big-number examples slow, which is no failure: no deadline. CI repeats the same examples.
settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("local"), derandomize=True, database=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "local"))
