"""What is left to chance in the invented county, by weights."""

import numpy as np


def choose(rng, weights, size):
    """So many of the words, drawn by their weights."""
    share = np.array(list(weights.values()))
    return rng.choice(list(weights), size, p=share / share.sum())


def pick(rng, weights):
    """The column drawn in each row of a matrix of weights."""
    edges = np.cumsum(weights, axis=1)
    return (edges < rng.random((len(edges), 1)) * edges[:, -1:]).sum(axis=1)
