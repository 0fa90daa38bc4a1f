"""Where participants stand: the first two principal components, and groups of people who stand close together."""

import warnings

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import silhouette_score

from participation.opinions.matrix import OpinionMatrix, Reals
from participation.opinions.votes import SMALLEST_GROUP

LEAST_VOTES = 7
"""Votes that place a participant; fewer where there are fewer statements."""
FEWEST_GROUPS, MOST_GROUPS = 2, 5
_SEED = 0
"""Of k-means' starting points: the same votes always give the same map."""
_STARTS = 10
_DECIMALS = 9
"""Points closer than this are one point to k-means."""


def place(matrix: OpinionMatrix) -> Reals:
    """Project every participant on the plane that keeps most of the differences.

    What somebody has not seen is taken as the mean of those who have; as that draws people with few votes to the
    middle, a participant's place is moved outwards by √(statements / votes).

    Returns:
        Participants × 2; zeros where there is nothing to tell participants apart by.
    """
    people, statements = matrix.votes.shape
    if people < 2 or statements < 1:
        return np.zeros((people, 2))
    known = ~np.isnan(matrix.votes)
    counts = known.sum(axis=0)
    means = np.where(known, matrix.votes, 0.0).sum(axis=0) / np.maximum(counts, 1)
    filled = np.where(known, matrix.votes, means)
    if np.allclose(filled, filled[0]):
        return np.zeros((people, 2))
    parts = min(2, statements, people)
    found = PCA(n_components=parts, svd_solver="full").fit_transform(filled)
    found = found * np.sqrt(statements / np.maximum(matrix.seen, 1))[:, np.newaxis]
    return np.hstack([found, np.zeros((people, 2 - parts))])


def placed(matrix: OpinionMatrix) -> NDArray[np.bool_]:
    """Return who voted often enough to be put into a group."""
    return np.asarray(matrix.seen >= min(LEAST_VOTES, max(1, len(matrix.statements))))


def find_groups(points: Reals) -> tuple[NDArray[np.int64], float]:
    """Part points into the number of groups (2 to 5) whose silhouette is best, none of them too small to be shown.

    Args:
        points: Points × 2.

    Returns:
        The group of each point, from 0 for the largest, and the silhouette (−1 to 1); all in one group, and 0, where
        there are too few different points, or any parting leaves a group of too few.
    """
    different = len(np.unique(points.round(_DECIMALS), axis=0))
    best, labels = 0.0, np.zeros(len(points), dtype=np.int64)
    for count in range(FEWEST_GROUPS, min(MOST_GROUPS, different, len(points) - 1) + 1):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = KMeans(n_clusters=count, n_init=_STARTS, random_state=_SEED).fit(points).labels_
        if np.bincount(found).min() < SMALLEST_GROUP:
            continue
        score = float(silhouette_score(points, found))
        if score > best:
            best, labels = score, found.astype(np.int64)
    return _largest_first(labels), best


def _largest_first(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    names, first, sizes = np.unique(labels, return_index=True, return_counts=True)
    order = np.lexsort((first, -sizes))
    rank = np.empty(len(names), dtype=np.int64)
    rank[order] = np.arange(len(names))
    return np.asarray(rank[np.searchsorted(names, labels)])
