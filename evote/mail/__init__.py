"""Mail: an outbox table and the thread that sends what is in it."""
