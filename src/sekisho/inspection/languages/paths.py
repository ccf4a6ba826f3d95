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
