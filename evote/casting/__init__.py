"""Casting: from a request to a durable place in the queue, and what its voter is told since."""
