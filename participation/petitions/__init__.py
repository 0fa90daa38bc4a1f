"""Petitions: their life, their texts, who moderates and answers them. Signatures are `participation.signatures`."""
