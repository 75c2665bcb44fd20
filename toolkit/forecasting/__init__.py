"""Open tickets → how many of their kind ran out from here, which to push first, and how well that would have done before."""
