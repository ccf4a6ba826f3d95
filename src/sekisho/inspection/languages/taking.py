"""What a wallet is made of: whoever gives it a text to sign with says by that what the text is, whatever its name."""

from collections.abc import Iterator

from sekisho.inspection.languages import ir
from sekisho.inspection.languages.seen import Seen
from sekisho.inspection.languages.telling import WALLETS, is_held, takes_material

_WRITTEN_OTHERWISE = frozenset({"trim", "strip", "join", "split", "normalize", "toLowerCase", "lower", "replace",
                                "encode", "slice"})  # fmt: skip
"""Methods whose result is what they are called on, in other letters."""

_MADE = (".Wallet", ".SigningKey", ".HDAccount")
_BOXES = ("value", "current")
"""The member by which a framework's variable holds what it holds."""


def taken(seen: Seen) -> Iterator[ir.Name]:
    """The variables whose text a call makes a wallet of: `Wallet.fromPhrase(words.join(" "))`."""
    for symbol in seen.callee.symbols:
        name = symbol.rpartition(".")[2]
        known = symbol.partition(".")[0] in WALLETS and (takes_material(name) or symbol.endswith(_MADE))
        found = _variable(seen.call.arguments[0]) if known and seen.call.arguments else None
        if found is not None:
            yield found


def _variable(expression: ir.Expression) -> ir.Name | None:
    """The variable that an expression only writes otherwise."""
    at = expression
    while True:
        match at:
            case ir.Name():
                return at
            case ir.Call(ir.Attribute(ir.Text(), "join", _), (inner,), _, _):  # Python's `" ".join(words)`
                at = inner
            case ir.Call(ir.Attribute(inner, name, _), _, _, _) if name in _WRITTEN_OTHERWISE:
                at = inner
            case ir.Attribute(inner, name, _) if name in _BOXES:
                at = inner
            case _:
                return None


def is_taken(parameter: ir.Target, function: ir.Function) -> bool:
    """Whether a class that is called a wallet or an account is made of this parameter: `Account.from_key(key)`."""
    named = isinstance(parameter, ir.Name) and is_held(parameter.id, function.owner)
    return named and takes_material(function.name)
