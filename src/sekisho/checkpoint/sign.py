"""The last step before a signature: the same comparison again, on the exact bytes handed to the key (law 2).

What was decided is bound to these bytes by digest. Nothing decided on other bytes, and nothing that merely looks
decided, reaches the key: `sign` asks for an `Allowed` that names the digest, and reads the buffer anew.
"""

from hashlib import sha256

from sekisho.bitcoin.psbt.reader import parse_psbt, with_input_records
from sekisho.bitcoin.psbt.records import Record
from sekisho.bitcoin.psbt.values import Psbt
from sekisho.bitcoin.sighash import SIGHASH_ALL, SIGHASH_DEFAULT, segwit_v0, taproot_key_path
from sekisho.bitcoin.transaction import Coin
from sekisho.bitcoin.wallet import WalletKind, WalletScript
from sekisho.checkpoint.decide import Law, read
from sekisho.checkpoint.key import Key
from sekisho.errors import SekishoError
from sekisho.requests.request import PaymentRequest
from sekisho.verdicts import Allowed

PSBT_IN_PARTIAL_SIG = 0x02
PSBT_IN_TAP_KEY_SIG = 0x13


class BufferChanged(SekishoError):
    """The bytes at the key are not the bytes that were decided on."""

    def __init__(self, decided: bytes, found: bytes) -> None:
        super().__init__(
            f"decided was PSBT {decided.hex()[:16]}…, at the key is {found.hex()[:16]}…; nothing was signed"
        )
        self.decided, self.found = decided, found


class NotTheRequest(SekishoError):
    """The bytes at the key do not pay what was asked, whatever was decided."""

    def __init__(self, codes: tuple[str, ...]) -> None:
        super().__init__(f"the PSBT at the key is refused ({', '.join(codes)}); nothing was signed")
        self.codes = codes


class NoKeyInScript(SekishoError):
    """A coin of the wallet whose script holds no key of the cosigner."""

    def __init__(self) -> None:
        super().__init__("a coin's script holds no key of the cosigner; nothing was signed")


def sign(
    buffer: bytes, allowed: Allowed, request: PaymentRequest, law: Law, position: int, key: Key, highest: int
) -> bytes:
    """Add the cosigner's signature to every input of the PSBT in `buffer`; the co-signed PSBT.

    `position` is the cosigner's place among the descriptor's keys; `highest` the highest address index known. Raises
    BufferChanged, NotTheRequest, NoKeyInScript, MalformedPsbt; then no signature exists.
    """
    found = sha256(buffer).digest()
    if found != allowed.digest:
        raise BufferChanged(allowed.digest, found)
    psbt = parse_psbt(buffer)
    reading = read(request, psbt, law.wallet, law.recovery, highest)
    if reading.reasons:
        raise NotTheRequest(tuple(reason.code for reason in reading.reasons))
    coins = tuple(coin for coin in reading.spend.coins if coin is not None)
    scripts = tuple(script for script in reading.comparison.inputs if script is not None)
    signatures = [(_signature(psbt, index, coins, script, position, key),) for index, script in enumerate(scripts)]
    return with_input_records(psbt, signatures)


def _signature(
    psbt: Psbt, index: int, coins: tuple[Coin, ...], script: WalletScript, position: int, key: Key
) -> Record:
    own = next((each for each in script.keys if each.position == position), None)
    if own is None:
        raise NoKeyInScript
    if script.kind is WalletKind.P2TR:
        sighash = psbt.inputs[index].sighash_type or SIGHASH_DEFAULT
        digest = taproot_key_path(psbt.unsigned, index, coins, sighash)
        suffix = b"" if sighash == SIGHASH_DEFAULT else bytes([sighash])
        return Record(PSBT_IN_TAP_KEY_SIG, b"", key.sign_taproot(own.path, digest) + suffix)
    digest = segwit_v0(psbt.unsigned, index, script.script_code, coins[index].sats)
    return Record(PSBT_IN_PARTIAL_SIG, own.public_key, key.sign_ecdsa(own.path, digest) + bytes([SIGHASH_ALL]))
