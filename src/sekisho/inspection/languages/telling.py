"""Names that tell of a secret: of the environment, and of what a wallet signs with.

A name alone is no sign of anything: it says what a value is, and only a value that leaves is a finding.
"""

import re
from functools import lru_cache

from sekisho.inspection.languages import ir
from sekisho.inspection.languages.between import PASSING

WHOLE = "the whole environment"
NAMES = "the names of the environment"
"""What a walk over the environment gives: with one of them a variable is read that nobody named."""

VARIABLE = "of the environment: "
"""How the detail of a secret begins that is one named variable; the name follows."""

DEPLOYS = "the keys by which a toolchain deploys"
"""The detail of the accounts of a toolchain's networks: it signs with them, and tells them to nobody."""

FORM = "what a visitor fills in"
MATERIAL = "what a wallet signs with: "
"""How the detail of a secret begins that only its name tells of; the name follows."""

COPIED = "other people's mail, of which a copy goes to "
"""How the detail of a secret begins that is a mail with one more recipient; whom follows."""

SETTINGS = "the project's own settings: "
"""How the detail of a secret begins that is a file of settings, taken whole: a program may need any one of them."""

EACH_SETTINGS = "each file of settings that a walk finds: "
"""How the detail of a secret begins that is such files of more than one project; their pattern follows."""

REMOTES = "git's configuration of each project that a walk finds"
"""The detail of a secret that says where other projects of the user come from."""

SESSION = "what the user is logged in with: "
"""How the detail of a secret begins that proves who the user is; by what it was asked for follows."""

GRANT = f"{SESSION}a grant that the host keeps, whole"
"""The detail of what a workflow tool keeps for its user: one of its fields may be meant to be told."""

CHAT = f"{SESSION}the keys of a chat: "

LINES = "single settings of the project"
PICKED = "what is called a key in the project's own settings"
"""The details of single settings of a file, and of those that a walk over them picks by such names."""

COOKIES = "the cookies of whoever visits"
"""The detail of all cookies of a page or a request; one of them may be a setting."""

GATHERED = "files found below the home folder"
"""The detail of files that a walk over the home folder found, whatever their names."""

DRIVE = "the whole drive that a user keeps in a cloud"
"""The detail of an archive of all that a notebook, or a client of such a drive, shows of it."""

CALLERS = "the source of the programs that call it"
"""The detail of where the files lie whose functions stand on the stack of calls."""

OPENED = "all that is open in the editor"
"""The detail of the text of a file that an extension of an editor is shown."""

_PUBLIC = re.compile(r"sign|(?:hex)?digest|verify|(?:get_?|to_?)?(?:public|pub_?key|address)", re.IGNORECASE)
_WORDS = re.compile(
    r"token|secret|passw|passphrase|api_?key|_key\b|\bkey|private|mnemonic|seed|credential|aws_|\bauth|id_rsa|wallet"
    r"|keystore|\.pem|\.env\b|kubeconfig|npmrc|\.ssh",
    re.IGNORECASE,
)
_VARIABLES = re.compile(
    r"(?P<aws>AWS_(?:SECRET_ACCESS_KEY|SESSION_TOKEN))|(?P<github>(?:GITHUB|GH)_(?:TOKEN|PAT)"
    r"|ACTIONS_ID_TOKEN_REQUEST_TOKEN)"
    r"|(?P<npm>NPM_(?:AUTH_)?TOKEN|NODE_AUTH_TOKEN)|(?P<pypi>(?:PYPI|TWINE)_(?:API_)?(?:TOKEN|PASSWORD))"
    r"|(?P<azure>AZURE_CLIENT_SECRET|ARM_CLIENT_SECRET)|(?P<google>GOOGLE_(?:APPLICATION_)?CREDENTIALS(?:_JSON)?)"
    r"|(?P<gitlab>GITLAB_TOKEN|CI_JOB_TOKEN)|(?P<docker>DOCKER(?:HUB)?_(?:PASSWORD|TOKEN))"
    r"|(?P<slack>SLACK_(?:BOT_)?TOKEN)"
    r"|(?P<database>DATABASE_URL|(?:DB|PG|MYSQL|POSTGRES)_?PASSWORD)|(?P<stripe>STRIPE_SECRET_KEY)"
    r"|(?P<ai>(?:OPENAI|ANTHROPIC)_API_KEY)|(?P<vault>VAULT_TOKEN)|(?P<ssh>SSH_PRIVATE_KEY)"
    r"|(?P<exchange>(?:BINANCE|BYBIT|OKX|OKEX|KRAKEN|COINBASE|KUCOIN|BITGET|GATE(?:IO)?|MEXC|HUOBI|HTX|BITFINEX|BITSTAMP|GEMINI"
    r"|DERIBIT|BITMEX|BITFLYER|COINCHECK|UPBIT|BITHUMB|POLONIEX|PHEMEX|BINGX|DYDX|FTX|ALPACA|EXCHANGE)_(?:\w+_)?"
    r"(?:SECRET(?:_KEY)?|PASSPHRASE)|(?:\w+_)?EXCHANGE_(?:API_)?SECRET)"
    r"|(?P<signer>API_?SECRET(?:_KEY)?|SECRET_?KEY)"
    r"|(?P<wallet>(?:\w+_)?(?:PRIVATE_?KEY|MNEMONIC|SEED_?PHRASE|SECRET_RECOVERY_PHRASE))"
)
_MATERIAL = re.compile(
    r"(?:\w+_)?(?:private_?key(?:_?hex|_?bytes)?|priv_?key|mnemonic(?:_?phrase|_?words)?|seed_?phrase|seed_?words"
    r"|recovery_?phrase|secret_?phrase)",
    re.IGNORECASE,
)
ASKED = r"seed.?(phrase|words)|mnemonic|recovery.?phrase|secret.?phrase|private.?key"
"""By what a program that asks for it calls what a wallet signs with."""

_ASKED = re.compile(
    rf"{ASKED}|\bsudo\b|keychain|(?:mac(?:os)?|system|computer|login) password",
    re.IGNORECASE,
)
WALLETS = frozenset({"eth_account", "solders", "solana", "bitcoinlib", "bit", "tronpy", "xrpl", "stellar_sdk",
    "eth_keys",
                     "ethers", "@solana/web3", "hdwallet", "bip_utils", "tweetnacl", "bitcoinjs-lib", "ecpair",
                     "tronweb",
                     "@mysten/sui", "near-api-js", "ccxt", "binance", "pybit", "krakenex",
                     "bip32", "bip39", "mnemonic"})  # fmt: skip
"""Libraries of wallets, and of exchanges: what their objects call a key is one."""

_CURVES = frozenset({"@noble/curves", "@noble/secp256k1", "@noble/ed25519", "@scure/bip32", "@scure/bip39", "secp256k1",
                     "elliptic", "bs58", "ed25519-hd-key", "ripple-keypairs", "stellar-sdk", "coincurve", "base58",
                     "ecdsa", "nacl", "keccak"})  # fmt: skip
_KEPT = re.compile(r"secret_?key|seed|seed_?(?:hex|bytes|buffer)|wif|xpri?v|entropy|phrase", re.IGNORECASE)
_HELD = re.compile(r"secret_?key|secret|seed|phrase|entropy|key|wif|_?private_?key", re.IGNORECASE)
_HOLDERS = re.compile(r"pair$|^kp$|wallet|signer|^acct$|account$|mnemonic", re.IGNORECASE)
_NETWORKS = re.compile(r"networks?$", re.IGNORECASE)
"""Where a toolchain of contracts is told which keys deploy (`networks.NAME.accounts` of Hardhat)."""

_TOOLCHAINS = re.compile(r"^(?:@nomicfoundation|@nomiclabs|hardhat|hardhat-\w[\w-]*|truffle|@truffle)(?:/|$)")

_MAKERS = re.compile(
    r"generate_?mnemonic|entropy_?to_?mnemonic|export_?private_?key|get_?private(?:_?key)?|dump_?priv_?key|to_?wif"
    r"|reveal_?(?:seed|private).*|get_?mnemonic|to_?mnemonic|export_?mnemonic|get_?seed_?phrase",
    re.IGNORECASE,
)
_TAKERS = re.compile(
    r"(?:from|import|restore|recover|load)_?(?:wallet_?)?(?:from_?)?(?:key\w*|mnemonic\w*|secret\w*|seed\w*|private\w*|phrase\w*"
    r"|wif|entropy)|mnemonic_?to\w+|entropy_?to\w+|to_?seed\w*|create_?from\w+",
    re.IGNORECASE,
)
_COOKIES = {"cookie", "cookies", "COOKIES"}
_VISITS = {"document", "headers", "req", "request"}
_CARRYING_WORDS = """hex toHex to_hex b64encode urlsafe_b64encode encode decode toString toJSON to_json dumps
    stringify bytes str
    repr to_bytes toBytes export Blob File URLSearchParams FormData append set push add Request encodeURIComponent
    btoa b58encode quote quote_plus urlencode compress gzip gzipSync deflateSync concat join slice map filter reduce
    values entries raw to_string phrase get read TextEncoder secret unwrap then catch from fromEntries assign format
    serialize TransactionInstruction createMemoInstruction toUtf8Bytes utf8ToHex toHexString
    hexlify _asdict get_frozen_credentials resolveCredentials unsafeUnwrap
    text strip trim Buffer"""
_CARRYING = frozenset(_CARRYING_WORDS.split())


ALONE = frozenset({"aws", "wallet", "ssh", "exchange"})
"""Whose secrets sign: they are for nobody else, so that no service is told one."""

SIGNS = "signer"
"""The owner of a secret that signs as a rule, of a service that is not known: some are told it, by its name."""


SEEN = r"clip|paste|^(?:xerox|klembord|mss|dxcam)\.|grab$|screen|desktopCapturer|scrot|\.rec$"
_WATCHED = re.compile(SEEN, re.IGNORECASE)


def is_watched(detail: str) -> bool:
    """Whether this is what a user copies, sees or says."""
    return bool(_WATCHED.search(detail))


def tells(text: str) -> bool:
    """Whether a pattern or a part of a name picks secrets."""
    return len(text) < 2000 and bool(_WORDS.search(text))


@lru_cache(maxsize=4096)
def owner(name: str) -> str:
    """Whose secret the variable of this name is, where that is known; else nothing."""
    found = _VARIABLES.fullmatch(name)
    return "" if found is None else str(found.lastgroup)


@lru_cache(maxsize=4096)
def is_material(name: str) -> bool:
    """Whether a name says that this is what a wallet signs with."""
    return bool(_MATERIAL.fullmatch(name))


@lru_cache(maxsize=65536)
def is_held(name: str, holder: str) -> bool:
    """Whether a member's name says so, of an object whose name says that it is a key pair or wallet."""
    by_holder = _HELD.fullmatch(name) and _HOLDERS.search(holder)
    return is_material(name) or bool(by_holder) or (name == "accounts" and bool(_NETWORKS.search(holder)))


def is_toolchain(module: ir.Module) -> bool:
    """Whether a source is a part of a toolchain of contracts."""
    return any(_TOOLCHAINS.match(name) for name, _ in module.imports)


def is_of_networks(name: str, holder: str, above: str) -> bool:
    """Whether a member is what deploys to a network: `network.accounts`, `networks.main.accounts`; or all networks."""
    named = bool(_NETWORKS.search(holder) or _NETWORKS.search(above))
    return name == "networks" or (name == "accounts" and named)


@lru_cache(maxsize=4096)
def is_kept(name: str) -> bool:
    """Whether a name says so in a source that is about wallets: elsewhere a seed is one of random numbers."""
    return bool(_KEPT.fullmatch(name))


def is_about_wallets(module: ir.Module) -> bool:
    """Whether a source uses a library of wallets or of their curves, or defines a wallet."""
    named = any(_HOLDERS.search(each.owner.lower()) for each in module.top.inner)
    return named or any(_package(name) in WALLETS | _CURVES for name, _ in module.imports)


def _package(name: str) -> str:
    """The package that a module is of: `@noble/curves` of `@noble/curves/ed25519`, `ethers` of `ethers/lib`."""
    return "/".join(name.split("/")[: 2 if name[:1] == "@" else 1]).partition(".")[0]


@lru_cache(maxsize=4096)
def makes_material(name: str) -> bool:
    """Whether a function of this name gives what a wallet signs with."""
    return bool(_MAKERS.fullmatch(name))


@lru_cache(maxsize=4096)
def takes_material(name: str) -> bool:
    """Whether a function of a wallet of this name is given what it signs with."""
    return bool(_TAKERS.fullmatch(name))


def asks_for_material(text: str) -> bool:
    """Whether a question, or the name of a field, asks for what a wallet signs with."""
    return len(text) < 400 and bool(_ASKED.search(text))


@lru_cache(maxsize=65536)
def speaks(name: str) -> bool:
    """Whether the name of a variable, a member or a function tells of what a wallet signs with."""
    return is_material(name) or makes_material(name) or name in {"secretKey", "secret_key"}


@lru_cache(maxsize=4096)
def is_public(name: str) -> bool:
    """Whether a member or function of this name gives what everybody may know of a key: a signature, an address."""
    return bool(_PUBLIC.match(name))


def carries(name: str) -> bool:
    """Whether a function of this name gives what it was given, in other letters; one that signs or hashes does not."""
    return name in _CARRYING


def by_name(detail: str) -> bool:
    """Whether only a name says that this is a secret, or only that it is whole; or whom a session is of."""
    return detail.startswith((VARIABLE, MATERIAL, SETTINGS, SESSION, PASSING, COOKIES))


def is_cookies(name: str, holder: str) -> bool:
    """Whether a member's name says that it is all cookies, of an object whose name says what they came with."""
    return name in _COOKIES and holder in _VISITS
