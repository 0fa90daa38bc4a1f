"""Moderation of contributions: queue, decisions with reasons, appeals, orders from outside, the public log."""
