"""Surveys: a few questions, answered once by each person, with totals for everybody."""
