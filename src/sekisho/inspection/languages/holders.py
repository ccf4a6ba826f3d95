"""Members that are secrets by their name and by that of what holds them: `wallet.key`, `request.cookies`."""

from collections.abc import Callable, Mapping

from sekisho.inspection.findings import Export, Site
from sekisho.inspection.languages import ir
from sekisho.inspection.languages.knowledge import Knowledge
from sekisho.inspection.languages.naming import Named
from sekisho.inspection.languages.sessions import is_about_chats, is_of_a_chat
from sekisho.inspection.languages.telling import (
    CHAT,
    COOKIES,
    DEPLOYS,
    MATERIAL,
    WALLETS,
    is_about_wallets,
    is_cookies,
    is_held,
    is_of_networks,
    is_toolchain,
)
from sekisho.inspection.languages.values import Label, Value


def _above(expression: ir.Expression) -> str:
    """What the object is called that this is a member of."""
    match expression:
        case ir.Attribute(ir.Name(name), _, _) | ir.Attribute(ir.Attribute(_, name, _), _, _):
            return name
        case ir.Item(ir.Name(name), _, _) | ir.Item(ir.Attribute(_, name, _), _, _):
            return name
    return ""


def _holder(expression: ir.Expression, value: Value) -> str:
    """What an object is called: by its variable, or its class."""
    if any(symbol.partition(".")[0] in WALLETS for symbol in value.symbols):
        return "wallet"
    own = next((symbol[1:-1] for symbol in value.symbols if symbol[:1] == "<"), "")
    match expression:
        case ir.Name("this" | "self"):
            return own
        case ir.Attribute(ir.Attribute(_, "networks", _), _, _) | ir.Item(ir.Attribute(_, "networks", _), _, _):
            return "networks"
        case ir.Name(name) | ir.Attribute(_, name, _):
            return name
    return own


class Held(Named):
    """What is known, by its names and their holders'."""

    def __init__(self, module: ir.Module, knowledge: Knowledge, site: Callable[[int], Site], unit: str,
                 imported: Mapping[str, Export]) -> None:  # fmt: skip
        super().__init__(module, knowledge, site, unit, imported)
        self.about_wallets = is_about_wallets(module)
        self._deploys = is_toolchain(module)
        self._about_chats = is_about_chats(module)

    def told_by_name(self, expression: ir.Attribute, base: Value) -> frozenset[Label] | None:
        """The label of a member whose name, and that of what holds it, tell that it is a secret."""
        name, holder = expression.name, _holder(expression.base, base)
        if self._about_chats and is_of_a_chat(name, holder):
            return self.by_name(CHAT, name)
        if is_cookies(name, holder):
            return self.by_name(COOKIES, "")
        if self._deploys and is_of_networks(name, holder, _above(expression.base)):
            return self.by_name(DEPLOYS, "")
        return self.by_name(MATERIAL, name) if is_held(name, holder) else None
