"""Shares with bounds: what so many of so many allow one to say."""

from math import comb, exp, log


def upper_bound(hits: int, tries: int, confidence: float = 0.95) -> float:
    """The largest true share at which no more than `hits` of `tries` would still be seen once in 1 / (1 - confidence).

    One-sided; with no hits it is the rule of three, about 3 / tries. 1.0 without tries.
    Source: Clopper & Pearson, "The Use of Confidence or Fiducial Limits" (1934).
    """
    if hits >= tries:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(50):
        share = (low + high) / 2
        seen = sum(exp(log(comb(tries, k)) + k * log(share) + (tries - k) * log(1 - share)) for k in range(hits + 1))
        low, high = (share, high) if seen > 1 - confidence else (low, share)
    return high


def lower_bound(hits: int, tries: int, confidence: float = 0.95) -> float:
    """The smallest true share at which so many hits would still be seen. 0.0 without tries."""
    return 1 - upper_bound(tries - hits, tries, confidence) if tries else 0.0


def at_most(hits: int, tries: int) -> str:
    """`2 of 40 (at most 14.9 %)`."""
    return f"{hits} of {tries} (at most {upper_bound(hits, tries):.1%})"


def at_least(hits: int, tries: int) -> str:
    """`38 of 40 (at least 85.1 %)`."""
    return f"{hits} of {tries} (at least {lower_bound(hits, tries):.1%})"
