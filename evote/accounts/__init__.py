"""Voters, their one-time codes and their sessions."""
