"""Proposals: people write them, stand behind them, discuss and amend them."""
