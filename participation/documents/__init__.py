"""Documents that people comment on, passage by passage, in versions that can be compared."""
