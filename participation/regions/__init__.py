"""Regions that signers come from: data, and maps of counts as inline SVG with a list beside it."""
