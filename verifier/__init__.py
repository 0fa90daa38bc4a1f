"""The independent verifier: reads a published record and says whether the count is right.

It is written from the protocol's page alone. It shares no code with the programs that make a record, needs no network,
no database and no secret, and believes nothing that it can compute itself.
"""
