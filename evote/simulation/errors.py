"""What can go wrong in a simulation; the text tells what to do."""

from evote.errors import EvoteError


class SimulationError(EvoteError):
    """One of the programs failed, or the counts differ."""

    code = "simulation"


class SourceError(SimulationError):
    """The file of real ballots cannot be used."""

    code = "source"
