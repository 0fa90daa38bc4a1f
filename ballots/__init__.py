"""What a ballot is: the voting protocol of ``docs/spec.md`` as a pure library.

Nothing in this package reads a clock, an environment variable or the network, or draws
randomness on its own: time and randomness are arguments. The only input and output is
:mod:`ballots.record`, which streams the public folder.

Every error raised on purpose derives from :class:`ballots.errors.BallotsError`.
"""
