"""What trustees, observers and the tally hand in: openings, intents, partials, the tally."""
