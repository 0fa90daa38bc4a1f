"""News by mail, once a night or once a week, for people who asked for it; given up with one click."""
