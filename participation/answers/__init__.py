"""Answers that are owed: who must answer, by when, and did they."""
