"""How likely chance alone makes what was seen: a difference as large (Fisher's exact test, one-sided), a count as high.

Fisher, R. A. (1922), "On the interpretation of chi-squared from contingency tables, and the calculation of P". Exact
for any numbers, however small; nothing is approximated by a normal distribution.
"""

from math import exp, lgamma, log, log1p

NEGLIGIBLE = 1e-17
"""A term of this share of the sum changes no digit of it."""


def by_chance(hits: int, drawn: int, marked: int, total: int) -> float:
    """Probability that at least *hits* of *drawn* are marked, if *drawn* of *total* were drawn blindly.

    Args:
        hits: How many of those drawn are marked.
        drawn: How many are drawn, of all.
        marked: How many of all are marked.
        total: How many there are.

    Raises:
        ValueError: The numbers are no table of counts.
    """
    most = min(drawn, marked)
    fewest = max(0, drawn + marked - total)
    if not (0 <= fewest <= hits <= most <= max(drawn, marked) <= total):
        message = f"{hits} of {drawn} cannot be among {marked} of {total}"
        raise ValueError(message)
    if hits == fewest:
        return 1.0
    term = exp(_chosen(marked, hits) + _chosen(total - marked, drawn - hits) - _chosen(total, drawn))
    whole = term
    for count in range(hits, most):
        # The ratio of neighbouring terms of the hypergeometric distribution.
        term *= (marked - count) * (drawn - count) / ((count + 1) * (total - marked - drawn + count + 1))
        whole += term
        if term < NEGLIGIBLE * whole:
            break
    return min(1.0, whole)


def at_least(hits: int, tries: int, share: float) -> float:
    """Probability of *hits* or more among *tries*, each hitting with probability *share*, above 0 and below 1.

    The upper tail of the binomial distribution, summed term by term.
    """
    terms = (exp(_chosen(tries, count) + count * log(share) + (tries - count) * log1p(-share)) for count in range(hits))
    return max(0.0, 1.0 - sum(terms))


def _chosen(total: int, some: int) -> float:
    """Logarithm of the number of ways to choose *some* of *total*."""
    return lgamma(total + 1) - lgamma(some + 1) - lgamma(total - some + 1)
