"""Traces of one chain put beside those of another that should give the same."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from sekisho.chain.chain import Chain
from sekisho.tracing.case import Method, Parameters
from sekisho.tracing.patterns.mixes import classify
from sekisho.tracing.run import parse_seed, trace
from sekisho.tracing.trace import Trace

FORWARD = [Parameters(method) for method in Method]
BACKWARD = [Parameters(method, backward=True) for method in Method if method is not Method.TIHO]


def traces_of(seeds: Sequence[str], parameters: Sequence[Parameters]) -> Callable[[Chain], list[Trace]]:
    """These traces of these seeds, with all their hops, in whatever chain."""

    def traces(chain: Chain) -> list[Trace]:
        found = [seed for text in seeds for seed in parse_seed(text, chain)]
        return [trace(chain, found, each, classify=classify, hops=True) for each in parameters]

    return traces


def comparable(traces: Sequence[Trace]) -> list[Trace]:
    """Seeds without their numbers, which are a chain's own."""
    return [replace(each, seeds=tuple(replace(seed, txo=0) for seed in each.seeds)) for each in traces]
