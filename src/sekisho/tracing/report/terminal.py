"""A trace in a screenful: the totals by every method asked for, and the largest ends."""

from collections.abc import Sequence

from sekisho.bitcoin.outpoint import Txid, show_txid
from sekisho.bitcoin.sats import btc
from sekisho.tracing.case import Method
from sekisho.tracing.report.places import TITLES
from sekisho.tracing.report.told import Told, ToldEnd
from sekisho.tracing.report.words import coins, counted, newest, shown, when

_LARGEST = 12


def show_terminal(traces: Sequence[Told]) -> str:
    """The text. Largest ends are those of FIFO where it is among several methods, else of the first."""
    main = next((each for each in traces if each.parameters.method is Method.FIFO), traces[0])
    stolen = sum(seed.sats for seed in main.seeds)
    lines = [
        f"{btc(stolen)} in {counted(len(main.seeds), 'output')}, {main.network} {newest(main.tip)}",
        "",
        " " * 22 + "".join(f"{each.parameters.method:>22}" for each in traces),
    ]
    for number, (status, _) in enumerate(main.totals):
        amounts = [each.totals[number][1] for each in traces]
        if any(amounts):
            lines.append(f"{TITLES[status]:<22}" + "".join(f"{coins(amount):>22}" for amount in amounts))
    lines.append(f"{'transactions':<22}" + "".join(f"{each.transactions:>22,}" for each in traces))
    lines += ["", f"largest ends by {main.parameters.method}:"]
    ends = sorted(main.ends, key=lambda each: -each.end.sats)
    lines += [_line(each) for each in ends[:_LARGEST]]
    if len(ends) > _LARGEST:
        lines.append(f"and {counted(len(ends) - _LARGEST, 'end')} more: --format csv, json, graphml or html tell all")
    if any(each.end.convention_only for each in ends):
        lines.append("* by convention only: it passed through a CoinJoin, where nobody can tell whose coin is whose")
    if any(each.conserved is False for each in traces):
        lines.append("THE ENDS DO NOT ADD UP: do not rely on this trace")
    return "\n".join(lines) + "\n"


def _line(told: ToldEnd) -> str:
    end = told.end
    where = told.address or (end.outpoint and str(end.outpoint)) or show_txid(Txid(end.txid))
    mark = "*" if end.convention_only else " "
    return f"{coins(end.sats):>20}{mark} {end.status:<16}{when(end.time)[:16]:<18}{shown(end.label)}  {where}"
