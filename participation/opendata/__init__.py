"""Open data: every public list as JSON and CSV at a stable address, a catalogue of them, and feeds. No login."""
