"""The bulletin board: the one sequencer that writes the log, and everything that reads it."""
