"""The three answers to a statement, as every data set of opinions writes them; what pages need to know of groups."""

AGREE, PASS, DISAGREE = 1, 0, -1
VOTES = (AGREE, PASS, DISAGREE)
SMALLEST_GROUP = 3
"""What is said of fewer people could be said of a person: with a smaller group no groups are shown, and nothing is told
that fewer of a group, or of all, answered."""
