"""What each feature shows: see `tests.support.exhibition`."""
