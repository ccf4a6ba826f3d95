"""What the columns say of a transaction in one number, from the transaction itself."""

from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.transaction import Transaction
from sekisho.chain.columns import TxFlag

NO_COIN = OutPoint(Txid(bytes(32)), 0xFFFFFFFF)
"""What the one input of a coinbase names instead of a coin."""

_OF_VERSION = {1: TxFlag(0), 2: TxFlag.VERSION_2}


def flags_of(transaction: Transaction) -> TxFlag:
    """The flags of a transaction, which has one input at least. It never gives OUTSIDE."""
    flags = _OF_VERSION.get(transaction.version, TxFlag.VERSION_OTHER)
    lowest = min(each.sequence for each in transaction.inputs)
    if transaction.inputs[0].outpoint == NO_COIN:
        flags |= TxFlag.COINBASE
    if any(each.witness for each in transaction.inputs):
        flags |= TxFlag.SEGWIT
    if transaction.locktime:
        flags |= TxFlag.LOCKTIME
    if lowest < 0xFFFFFFFF:
        flags |= TxFlag.NOT_FINAL
    if lowest < 0xFFFFFFFE:
        flags |= TxFlag.REPLACEABLE
    return flags
