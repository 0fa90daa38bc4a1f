"""Elections: making, freezing, opening, closing, and what the public may ask about them."""
