"""Secret polls: a part of a consultation whose vote is an encrypted election of this site."""
