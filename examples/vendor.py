"""Stands for your wallet software while you try sekisho out on regtest: a person's key, a coin, a PSBT, a broadcast.

    python examples/vendor.py key                                   the person's key for the descriptor
    python examples/vendor.py psbt WALLET.toml REQUEST.json OUT      pays what the request asks
    python examples/vendor.py psbt WALLET.toml REQUEST.json OUT --steal ADDRESS
                                                                    pays somebody else instead
    python examples/vendor.py finish WALLET.toml COSIGNED.psbt       adds the person's signature, and has Bitcoin Core's
                                                                    validation accept the block

The coin is always the same one of 1 BTC, on the first receive address of the wallet.
"""

import argparse
from hashlib import sha256
from pathlib import Path

from sekisho.bitcoin.address import parse_address
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.sats import COIN, Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Transaction, TxInput, TxOutput
from sekisho.bitcoin.wallet import Branch, Wallet, parse_wallet
from sekisho.chain.kernel import COINBASE_MATURITY, RegtestChain
from sekisho.replay.vendor import Draft, Held, finalise, psbt_by_embit, signer
from sekisho.requests.request import parse_request

PERSON = signer(sha256(b"a person's hardware wallet").digest(), Network.REGTEST)
ANYONE = Script(b"\x51")


def coin(chain: RegtestChain, wallet: Wallet) -> Held:
    """Mine a coin for the wallet. Regtest blocks of fixed content: the coin is the same in every run."""
    subsidy = chain.mine(1, ANYONE)[0].transactions[0].coin(0)
    chain.mine(COINBASE_MATURITY, ANYONE)
    script = wallet.script(Branch.RECEIVE, 0).script_pubkey
    funding = Transaction(2, (TxInput(subsidy.outpoint, 0xFFFFFFFF),), (TxOutput(Sats(COIN), script),), 0)
    chain.accept([funding])
    return Held(funding, 0, Branch.RECEIVE, 0)


def main() -> None:
    """Do as the first word says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words = parser.add_subparsers(dest="word", required=True)
    words.add_parser("key")
    psbt = words.add_parser("psbt")
    for name in ("wallet", "request", "out"):
        psbt.add_argument(name, type=Path)
    psbt.add_argument("--steal", metavar="ADDRESS")
    finish = words.add_parser("finish")
    for name in ("wallet", "psbt"):
        finish.add_argument(name, type=Path)
    given = parser.parse_args()
    if given.word == "key":
        print(f"{PERSON.expression}/<0;1>/*")
        return
    wallet = parse_wallet(given.wallet.read_bytes())
    with RegtestChain() as chain:
        held = coin(chain, wallet)
        if given.word == "psbt":
            request = parse_request(given.request.read_bytes())
            payees = tuple(TxOutput(payee.sats, payee.script) for payee in request.payees)
            if given.steal:
                payees = tuple(TxOutput(each.sats, parse_address(given.steal, Network.REGTEST)) for each in payees)
            given.out.write_bytes(psbt_by_embit(Draft(wallet, (held,), payees, Sats(1_000), 0, chain.height)))
        else:
            transaction = finalise(PERSON.sign(given.psbt.read_bytes()))
            block = chain.accept([transaction])
            print(f"{transaction.txid[::-1].hex()} is in block {block.height}")


if __name__ == "__main__":
    main()
