"""Participatory budgets: people approve projects, and a published rule says which are paid for."""
