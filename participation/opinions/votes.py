"""The three answers to a statement, as every data set of opinions writes them."""

AGREE, PASS, DISAGREE = 1, 0, -1
VOTES = (AGREE, PASS, DISAGREE)
