"""The opinion map: who thinks alike, what sets groups apart, what all agree on. Pure; run by a job, never in a request.

The method is that of Small, Bjorkegren, Erkkilä, Shaw and Megill, "Polis: Scaling deliberation by mapping high
dimensional opinion spaces" (Recerca 26:2, 2021): principal components of the participant–statement matrix, k-means
on the plane, and proportion tests of each group against the others.
"""
