"""Mailings: what officials write to the voters of an election, sent by a job that can be killed, paused and stopped."""
