"""Whole elections on real ballots, by the real programs: ``evote simulate`` and ``evote demo``."""
