"""Paths that say what is done: where secrets lie, and where a program is written that should survive a restart.

Matched only against paths that start at the user's home (`~`, or a folder that stands for it) or at the root. A brand's
name, a word such as "wallet" or "mnemonic", is no sign of anything.
"""

import re

_HOME = (
    r"(?:~|%(?:APPDATA|LOCALAPPDATA|USERPROFILE|HOME)%|\$\{?HOME\}?|/Users/[^/]+|/home/[^/]+|/root|[A-Z]:/Users/[^/]+)"
)

_SECRETS = re.compile(
    _HOME + r"(?:/[^\0]*)?/(?:"
    r"\.ssh(?:/|$)|\.aws/credentials|\.gnupg(?:/|$)|\.kube/config|\.docker/config\.json|\.netrc|\.git-credentials"
    r"|\.config/gcloud|\.azure/|\.config/gh/hosts|\.npmrc|\.pypirc|\.bash_history|\.zsh_history"
    r"|Library/Keychains|Login Data|Local State|Local Extension Settings|Cookies(?:$|/)|cookies\.sqlite|logins\.json"
    r"|key4\.db|Cookies\.binarycookies|\.config/solana/id\.json|\.ethereum/keystore|Ethereum/keystore|Exodus/|Electrum/wallets"
    r"|\.bitcoin/wallet|Bitcoin/wallets|\.electrum/wallets|atomic/Local Storage|Ledger Live|Telegram Desktop/tdata"
    r"|Code/User/globalStorage"
    r")",
    re.IGNORECASE,
)

_STORES = re.compile(
    r"/(?:Login Data|Local State|Local Extension Settings|Cookies(?:$|/)|cookies\.sqlite|logins\.json|key4\.db"
    r"|Library/Keychains|login\.keychain|Exodus/|Electrum/wallets|Ledger Live|tdata)",
    re.IGNORECASE,
)

_PERSISTENCE = re.compile(
    r"(?:/|^~/?)(?:Library/LaunchAgents|Library/LaunchDaemons|\.config/systemd/user|\.config/autostart|etc/systemd/system"
    r"|etc/cron\.|var/spool/cron|\.bashrc|\.bash_profile|\.zshrc|\.zprofile|\.zshenv|\.profile"
    r"|Start Menu/Programs/Startup)"
    r"|(?:^|[\0_])/?(?:site|user)customize\.py|/(?:(?:site|dist)-packages|python[\d.]*)/(?:site|user)customize\.py"
    r"|CurrentVersion/Run(?:Once)?\b",
    re.IGNORECASE,
)


def is_secret(path: str) -> bool:
    """Whether secrets of the user lie at this path. A store of a browser or wallet counts wherever it is."""
    plain = path.replace("\\", "/")
    return bool(_SECRETS.search(plain) or (len(plain) < 400 and _STORES.search("/" + plain)))


def is_persistent(path: str) -> bool:
    """Whether what is written at this path runs again by itself."""
    plain = path.replace("\\\\", "/").replace("\\", "/")
    return len(plain) < 400 and bool(_PERSISTENCE.search(plain))


def is_store(path: str) -> bool:
    """Whether a browser or wallet keeps its secrets there: what no other program has a reason to read."""
    return bool(_STORES.search("/" + path.replace("\\", "/")[:400]))
