"""Traces at a node that is not ours: btcd, fed with blocks that Bitcoin Core's validation takes as well.

Needs Go and the Go module proxy (or its cache); skips, saying so, where they are missing.
"""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import pytest

from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, show_txid
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Transaction, TxInput, TxOutput
from sekisho.chain.assemble import KnownBlock, assemble
from sekisho.chain.chain import Chain, Tip
from sekisho.chain.headers import GENESIS as GENESIS_HASH
from sekisho.chain.headers import parse_header
from sekisho.chain.kernel import RegtestChain, mined
from sekisho.chain.remote.http import Server, ServerFails, parse_place
from sekisho.chain.remote.raw import transactions_of
from sekisho.chain.remote.rpc import Rpc
from sekisho.tracing.case import FollowFees, Parameters
from sekisho.tracing.remote import Kind, Remote, remote_chain
from support.published_chain import GENESIS, GENESIS_TIME
from support.remotes import quiet
from support.traced import BACKWARD, FORWARD, comparable, traces_of

HERE = Path(__file__).parent / "btcd"
MATURE = 100


@pytest.fixture(scope="module")
def btcd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a btcd on a regtest chain of its own."""
    if shutil.which("go") is None:
        pytest.skip("SKIPPED LOUDLY: there is no Go, so no trace was tried at btcd")
    folder = tmp_path_factory.mktemp("btcd")
    words = ["go", "build", "-o", str(folder / "btcd"), "github.com/btcsuite/btcd"]
    done = subprocess.run(words, cwd=HERE, capture_output=True, text=True, timeout=900, check=False)
    if done.returncode:
        pytest.skip(f"SKIPPED LOUDLY: btcd cannot be built here: {done.stderr[-300:]}")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    (folder / "btcd.conf").touch()
    options = {
        "configfile": folder / "btcd.conf",
        "datadir": folder,
        "logdir": folder,
        "rpcuser": "user",
        "rpcpass": "password",
        "rpclisten": listen,
    }
    switches = ["--regtest", "--notls", "--nolisten", "--nodnsseed", "--txindex"]
    node = subprocess.Popen(
        [folder / "btcd", *switches, *(f"--{name}={value}" for name, value in options.items())],
        stdout=subprocess.DEVNULL,
    )
    try:
        _until_it_listens(listen)
        yield f"http://user:password@{listen}"
    finally:
        node.terminate()
        node.wait(30)


def _until_it_listens(listen: str) -> None:
    host, _, port = listen.partition(":")
    for _ in range(200):
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("btcd did not start")


def anyone(number: int) -> Script:
    """A script that anyone can spend, another one for each number below 256."""
    return Script(bytes([0x01, number, 0x75, 0x51]))


def later(raw: bytes) -> bytes:
    """The same block, mined nine years later: btcd refuses witnesses in blocks older than P2SH (April 2012)."""
    time = (int.from_bytes(raw[68:72], "little") + 9 * 365 * 86_400).to_bytes(4, "little")
    headers = (raw[:68] + time + raw[72:76] + nonce.to_bytes(4, "little") for nonce in range(2**16))
    return next(each for each in headers if sha256d(each)[31] < 0x7F) + raw[80:]


@dataclass
class Mined:
    """A chain that both take, block by block."""

    core: RegtestChain
    rpc: Rpc
    blocks: list[KnownBlock]

    def mine(self, transactions: Sequence[Transaction], script: Script) -> tuple[Transaction, ...]:
        raw = later(mined(self.core.tip, self.core.height + 1, transactions, script))
        self.core.submit(raw)
        refused = self.rpc.call("submitblock", raw.hex())
        assert refused.absent, refused.text()
        header = parse_header(raw[:80], Network.REGTEST)
        found = transactions_of(raw, AssertionError)  # type: ignore[arg-type]
        assert self.core.tip == header.hash
        self.blocks.append(KnownBlock(self.core.height, header.hash, header.time, found))
        return found

    def whole(self) -> Chain:
        genesis = KnownBlock(0, GENESIS_HASH[Network.REGTEST], GENESIS_TIME, (GENESIS,))
        tip = Tip(self.core.height, self.core.tip)
        return assemble(Network.REGTEST, [genesis, *self.blocks], tip, complete=True)


def spend(random: Random, coins: dict[OutPoint, int]) -> Transaction:
    """A transaction that spends some of these coins, which go, and makes others, which come."""
    chosen = random.sample(sorted(coins), k=random.randint(1, min(4, len(coins))))
    left = sum(coins.pop(each) for each in chosen)
    outputs = []
    for _ in range(random.randint(1, 4)):
        amount = random.randint(0, left)
        left -= amount
        outputs.append(TxOutput(Sats(amount), anyone(random.randint(1, 9))))
    made = Transaction(2, tuple(TxInput(each, 0xFFFFFFFF) for each in chosen), tuple(outputs), 0)
    coins |= {OutPoint(made.txid, at): each.sats for at, each in enumerate(outputs)}
    return made


def test_all_methods_end_at_btcd_as_on_the_whole_chain(btcd: str) -> None:
    random, rpc = Random(7), Rpc(Server(parse_place(btcd)))
    with RegtestChain() as core:
        chain = Mined(core, rpc, [])
        coinbases = [chain.mine((), anyone(10))[0] for _ in range(MATURE + 6)]
        coins: dict[OutPoint, int] = {}
        for number in range(12):
            mature = coinbases[number]
            coins[OutPoint(mature.txid, 0)] = mature.outputs[0].sats
            coinbases.append(chain.mine([spend(random, coins) for _ in range(random.randint(1, 6))], anyone(11))[0])
        whole = chain.whole()
    seeds = [f"first@{show_txid(coinbases[0].txid)}:0", f"second@{show_txid(coinbases[3].txid)}:0=123456"]
    for parameters in (FORWARD, BACKWARD, fees_followed()):
        traces = traces_of(seeds, parameters)
        grown = remote_chain(Remote(Kind.NODE, btcd), Network.REGTEST, seeds, traces, quiet)
        assert len(grown.columns.txid) < len(whole.columns.txid)
        assert comparable(traces(grown)) == comparable(traces(whole))
    assert max(each.transactions for each in traces_of(seeds, FORWARD)(whole)) > 10


def fees_followed() -> list[Parameters]:
    """Every method into the coinbases of the blocks it meets, which are fetched whole."""
    return [replace(each, follow_fees=FollowFees.FEES_FIRST) for each in FORWARD]


def test_what_btcd_does_not_have_is_said(btcd: str) -> None:
    seeds = ["00" * 32]
    with pytest.raises(ServerFails, match="it has no transaction 0000"):
        remote_chain(Remote(Kind.NODE, btcd), Network.REGTEST, seeds, lambda _chain: (), quiet)


def test_its_password_is_asked_for(btcd: str) -> None:
    wrong = btcd.replace("password", "wrong")
    with pytest.raises(ServerFails, match="does not accept the user and password"):
        remote_chain(Remote(Kind.NODE, wrong), Network.REGTEST, (), lambda _chain: (), quiet)
