"""The trustees' programs: key ceremony, rehearsal, intents, partials and the count.

They read the public record and the trustees' own files, and share nothing else with the web
application. Values in, values out below; files, passphrases and the network only in the
outermost modules. No function here decrypts a ciphertext that was handed in: partials are made
only for the aggregates that :mod:`tally.replay` computes from a record it has verified.
"""
