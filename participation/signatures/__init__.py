"""Signatures: asked for, confirmed, counted in a public log, taken back; and the record that anybody can check."""
