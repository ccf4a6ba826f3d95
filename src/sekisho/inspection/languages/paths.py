"""Paths that say what is done: where secrets lie, and where a program is written that should survive a restart.

Matched only against paths that start at the user's home (`~`, or a folder that stands for it) or at the root. A brand's
name, a word such as "wallet" or "mnemonic", is no sign of anything.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

CURRENT = "\0."
"""The text of the folder a program is started in, which is not known."""

_LONGEST = 400

_PUBLIC = (".pub", ".ssh/config", ".ssh/known_hosts", ".ssh/authorized_keys")

_HOME = (
    r"(?:~|%(?:APPDATA|LOCALAPPDATA|USERPROFILE|HOME)%|\$\{?HOME\}?|/Users/[^/]+|/home/[^/]+|/root|[A-Z]:/Users/[^/]+)"
)

_SECRETS = re.compile(
    _HOME + r"(?:/[^\0]*)?/(?:"
    r"\.ssh(?:/|$)|\.aws(?:/?$|/(?:credentials|sso|cli))|\.gnupg(?:/|$)|\.kube/|\.docker/config\.json|[._]netrc|\.git-credentials"
    r"|\.config/(?:gcloud|gh/|hub|git/credentials|op/|doctl|rclone|filezilla|composer/auth|google-chrome|chromium|BraveSoftware"
    r"|solana/|configstore)|gcloud/(?:credentials|access_tokens|application_default)|\.azure/|\.oci/|\.npmrc|\.pypirc|\.yarnrc"
    r"|\.cargo/credentials|\.gem/credentials|\.m2/settings|\.gradle/gradle\.properties|\.terraform(?:\.d/credentials|rc)"
    r"|\.vault-token|\.pgpass|\.my\.cnf|\.s3cfg|\.boto|\.password-store|\.local/share/keyrings|\.env(?:$|\.(?!example|sample))"
    r"|\.(?:claude|codex|gemini|cursor)/[^\0]*(?:auth|cred|token)|\.claude\.json"
    r"|\.(?:bash|zsh|python|node_repl|psql|mysql|sh|sqlite|rediscli)_history|\.zhistory|fish_history|ConsoleHost_history"
    r"|Library/(?:Keychains|Cookies|Messages/chat\.db)|Google/Chrome|BraveSoftware|Microsoft/(?:Edge/|Credentials|Protect|Vault)"
    r"|Login Data|Local State|Local Extension Settings|Web Data|Cookies(?:$|/)|cookies\.sqlite|logins\.json"
    r"|\.mozilla/|Firefox/Profiles|\.thunderbird|key4\.db|Cookies\.binarycookies|Opera Software"
    r"|Ethereum/keystore|\.ethereum/keystore|\.foundry/keystores|\.brownie/accounts|\.near-credentials|\.sui/|\.aptos/"
    r"|Exodus(?:/|$)|\.?electrum/(?:wallets|[^\0]*wallet)|\.bitcoin/wallet|Bitcoin/(?:wallets|wallet\.dat)|monero/wallets"
    r"|\.electrum/"
    r"|atomic/Local Storage|Ledger Live|Telegram Desktop/tdata|discord\w*/Local Storage"
    r"|Slack/(?:Local Storage|Cookies|storage)"
    r"|(?:Code|Cursor|Windsurf|VSCodium)/User/globalStorage|1Password|FileZilla/|[^/\0]+\.(?:kdbx|keystore)$"
    r"|\.bitcoinlib/database|\.(?:zcash|litecoin|dogecoin|dashcore|monero|lnd)/[^\0]*wallet|\.walletwasabi|\.sparrow/"
    r"|\.armory|\.coinomi|Coinomi/|Guarda/|Armory/|Electrum-\w+/|ElectronCash/|@?trezor/suite|Trezor Suite|Daedalus"
    r"|\.solana/|\.xrpl|\.starknet_accounts|keyring-file/|NoteStore\.sqlite|Bitwarden/|Authy Desktop"
    r"|Group Containers/group\.com\.apple\.notes|IndexedDB/chrome-extension|Sync Extension Settings|WinSCP\.ini"
    r"|Signal/(?:config|sql)|\.config/(?:github-copilot|hcloud|stripe|heroku|wrangler|netlify|\.wrangler)|\.kaggle/"
    r"|\.databrickscfg|\.snowflake/|\.pulumi/credentials|\.supabase/|\.fly/"
    r"|\.railway/|com\.vercel\.cli|\.vercel/auth"
    r")"
    r"|^/proc/[^/]{1,40}/(?:environ|mem)$|^/etc/(?:shadow|passwd|kubernetes/admin\.conf)$|^/(?:var/)?run/secrets/kubernetes",
    re.IGNORECASE,
)

_STORES = re.compile(
    r"/(?:Login Data|Local State|Local Extension Settings|Cookies(?:$|/)|cookies\.sqlite|logins\.json|key4\.db"
    r"|Library/Keychains|login\.keychain|Exodus/|Electrum/wallets|Ledger Live|tdata|wallet\.dat$"
    r"|(?:nkbihfbeogaeaoehlefnkodbefgpgknn|bfnaelmomeimhlpmgjnjophhpkkoljpa|ibnejdfjmmkpcnlpebklmnkoeoihofec"
    r"|fhbohimaelbohpjbbldcngcnapndodjp|hnfanknocfeofbddgcijnmhnfnkdnaad|egjidjbpglichdcondbcbdnbeeppgdph"
    r"|mcohilncbfahbmgdjkbpemcciiolgcge|aholpfdialjgjfhomihkjbmgjidlcdno|dmkamcknogkgcdfhhbddcghachkejeap"
    r"|acmacodkjbdgmoleebolmdjonilkdbch)(?:$|/))",
    re.IGNORECASE,
)
"""The last are the folders of wallets among a browser's extensions, which are named by their ids in its store."""

_SETTINGS = re.compile(r"(?:^|[/\\])\.env(?:rc|\.(?!example|sample|template|dist|test|defaults)[\w.]+)?$")
_SERVERS = re.compile(
    r"\.kube/|\.docker/config|\.npmrc|\.pypirc|netrc|gh/hosts|\.git-credentials|\.s3cfg|\.pgpass|\.yarnrc"
)

_TOKENS = re.compile(
    r"\.kube/|\.docker/|[._]netrc|\.git-credentials|\.config/(?!google-chrome|chromium|BraveSoftware|solana|filezilla|op/)"
    r"|\.(?:npm|pyp|yarn|boto|s3cf|aws|azure|oci|cargo|gem|m2|gradle|terraform|vault|claude|codex|gemini|cursor|kaggle"
    r"|databricks|snowflake|pulumi|supabase|fly|railway|vercel|env)|gcloud/|com\.vercel|/run/secrets|/environ$"
    r"|/User/globalStorage",
    re.IGNORECASE,
)
"""Where what a service knows its user by lies among the secrets."""

_PERSISTENCE = re.compile(
    r"(?:/|^~/?)(?:Library/LaunchAgents|Library/LaunchDaemons|\.config/systemd/user|\.config/autostart|etc/systemd/system"
    r"|etc/cron\.|etc/crontab|var/spool/cron|\.bashrc|\.bash_profile|\.bash_login|\.bash_aliases|\.zshrc|\.zprofile|\.zshenv"
    r"|\.zlogin|\.profile|\.(?:[\w]*(?:\$_|\0))?rc$|\.xprofile|\.xinitrc|\.xsessionrc|\.config/fish/(?:config\.fish|conf\.d)"
    r"|\.config/environment\.d|\.ssh/(?:authorized_keys|rc$)|\.local/share/systemd/user|etc/profile|etc/bash\.bashrc"
    r"|etc/rc\.local|etc/init\.d/|etc/ld\.so\.preload|etc/xdg/autostart|Library/StartupItems"
    r"|Microsoft\.PowerShell_profile\.ps1|(?:Windows)?PowerShell/profile\.ps1"
    r"|Start Menu/Programs/Startup|site-packages/[^/]+\.(?:pth|start)$|\.ipython/profile_\w+/startup)"
    r"|(?:^|[\0_])/?(?:site|user)customize\.py|/(?:(?:site|dist)-packages|python[\d.]*)/(?:site|user)customize\.py"
    r"|CurrentVersion/(?:Run(?:Once|Services)?|Policies/Explorer/Run|Winlogon)\b|UserInitMprLogonScript"
    r"|Image File Execution Options",
    re.IGNORECASE,
)


_TOOLS = re.compile(
    _HOME + r"/(?:[^\0]*/)?(?:\.cursor/(?:mcp|hooks)\.json|\.claude\.json|\.claude/(?:settings[^/]*\.json|CLAUDE\.md"
    r"|(?:commands|hooks|skills|agents|plugins)/)|\.codeium/windsurf/mcp_config\.json|\.continue/config\.\w+"
    r"|\.codex/(?:config\.toml|AGENTS\.md|hooks)|\.gemini/(?:settings\.json|GEMINI\.md)"
    r"|Claude/claude_desktop_config\.json"
    r"|(?:Code|Code - Insiders|VSCodium|Cursor|Windsurf)/User/(?:settings|mcp|tasks)\.json"
    r"|\.(?:vscode|cursor|windsurf)/extensions/|\.kiro/settings/|\.aws/amazonq/(?:mcp|agents)|\.roo/mcp\.json"
    r"|\.config/(?:zed|opencode|goose|amp|crush)/[^/\0]*\.\w+$"
    r"|\.gitconfig|\.config/git/(?:config|hooks)|\.npmrc|\.yarnrc(?:\.yml)?|(?:\.config/)?\.?pip/pip\.(?:conf|ini)|\.cargo/config"
    r"|\.config/uv/uv\.toml|\.m2/settings\.xml|\.gradle/init\.d|\.docker/config\.json)",
    re.IGNORECASE,
)
"""Where tools of the user (assistants, editors, git, package managers), not of this folder, are told what to start."""

_STARTERS = re.compile(
    r"(?:^|[/\0])(?:\.git/hooks/[\w-]+|\.vscode/tasks\.json|\.github/workflows/[^/]*\.ya?ml|\.cursor/(?:mcp|hooks)\.json"
    r"|\.claude/settings[^/]*\.json|\.mcp\.json)$"
)
"""Where a folder says what starts as it is opened, used with git, or pushed."""

_PACKAGES = re.compile(r"(?:^|/)(?:node_modules|site-packages|dist-packages)/(?:[^\0]*/)?[\w.-]+\.(?:[cm]?js|py)$")
_PROGRAMS = re.compile(
    rf"(?:{_HOME}|^/Applications|^[A-Z]:/Program Files[^/]*|^/opt|^/usr/lib)/[^\0]*"
    r"(?:\.asar$|/resources/app/)"
    rf"|{_HOME}/.*/(?:modules|resources)/.*\.[cm]?js$"
    r"|(?:^|/)(?:node_modules|site-packages|dist-packages)/"
    r"(?:ethers|viem|web3|wagmi|bip32|bip39|eth_account|bitcoinlib|solana|solders|electrum|tronweb|tweetnacl|bitcoinjs-lib"
    r"|@(?:solana|noble|scure|ethersproject|metamask)/[^/\0]+)/(?:[^\0]*/)?[\w.-]+\.(?:[cm]?js|py)$",
    re.IGNORECASE,
)
"""The own files of another program that is installed, or of a library that holds keys."""


def is_told_to_start(path: str) -> bool:
    """Whether a tool of the user (an assistant, an editor, git, npm) is told there what to start."""
    plain = path.replace("\\", "/")
    return len(path) < _LONGEST and bool(_TOOLS.search(plain) or _STARTERS.search(plain))


def is_of_a_package(path: str) -> bool:
    """Whether the code of an installed package lies there."""
    return len(path) < _LONGEST and bool(_PACKAGES.search(path.replace("\\", "/")))


def is_of_a_project(path: str) -> bool:
    """Whether a folder says there what starts in it."""
    return len(path) < _LONGEST and bool(_STARTERS.search(path.replace("\\", "/")))


@lru_cache(maxsize=8192)
def is_secret(path: str) -> bool:
    """Whether secrets of the user lie at this path. A store of a browser or wallet counts wherever it is.

    A path that begins at the program's own folder, or where it is started, is its own affair.
    """
    plain = path.replace("\\", "/")
    if len(plain) > _LONGEST or plain.startswith(("./", f"{CURRENT}/")) or plain.endswith(_PUBLIC):
        return False
    return bool(_SECRETS.search(plain) or _STORES.search("/" + plain))


@lru_cache(maxsize=16384)
def leads_to_secrets(text: str) -> bool:
    """Whether a text is a path of secrets, from the root or from the home folder on."""
    if text[:2] in {"./", ".."} or not ("/" in text or "\\" in text or text[:1] == "."):
        return False
    return len(text) < _LONGEST and (is_secret(text) or is_secret(f"~/{text}"))


def at_home(texts: Iterable[str]) -> list[str]:
    """These paths, as they are from the user's home folder on."""
    return [f"~/{text.lstrip('/')}" for text in texts]


def is_settings(path: str) -> bool:
    """Whether a project keeps its settings at this path, among them passwords and keys."""
    return len(path) < _LONGEST and bool(_SETTINGS.search(path))


def names_servers(path: str) -> bool:
    """Whether a file of secrets also says which server they are for."""
    return bool(_SERVERS.search(path))


def holds_tokens(path: str) -> bool:
    """Whether a file of secrets holds what a service knows its user by."""
    return bool(_TOKENS.search(path.replace("\\", "/")))


def is_persistent(path: str) -> bool:
    """Whether what is written at this path runs again by itself."""
    plain = path.replace("\\\\", "/").replace("\\", "/")
    return len(plain) < _LONGEST and bool(
        _PERSISTENCE.search(plain) or _TOOLS.search(plain) or _STARTERS.search(plain) or _PROGRAMS.search(plain)
    )


def lets_in(path: str) -> bool:
    """Whether a file says who may log in to this machine."""
    return path.replace("\\", "/").endswith((".ssh/authorized_keys", ".ssh/authorized_keys2"))


def is_store(path: str) -> bool:
    """Whether a browser or wallet keeps its secrets there: what no other program has a reason to read."""
    return bool(_STORES.search("/" + path.replace("\\", "/")[:400]))
