"""Commands that print secrets, commands that send what they are given, and the words of a command line.

A command that prints a secret is no finding: programs ask for their own like that. It is one where that leaves as data.
"""

import re
import shlex
from itertools import pairwise

from sekisho.inspection.languages.commands import FETCHERS, HOMES, program_name, unwrapped
from sekisho.inspection.languages.logins import is_untold
from sekisho.inspection.languages.paths import is_secret, is_settings
from sekisho.inspection.languages.telling import DRIVE, EACH_SETTINGS

_LONGEST = 20_000

_OTHERS = (
    r"(?:safe storage|chrom|brave|microsoft edge|firefox|opera|metamask|exodus|phantom|electrum|ledger|github|gh:"
    r"|git:|aws-|npm|icloud|wi-?fi|airport|1password|bitwarden|slack|discord|telegram)"
)
_FOREIGN = re.compile(_OTHERS, re.IGNORECASE)
"""Whose entries of a keychain they are, by their names."""

_PRINTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (program, re.compile(pattern, re.IGNORECASE))
    for program, pattern in (
        ("gh", r"auth (?:token|status .*(?:-t\b|--show-token))"),
        ("glab", r"auth status .*(?:-t\b|--show-token)|config get .*token"),
        ("hub", r"api .*--flat"),
        ("git", r"credential(?:-\S+)? (?:fill|get)|config .*(?:extraheader|oauth|token|credential)"),
        ("npm", r"(?:config|get|c) ?(?:get |list|ls)?.*(?:_auth|token)|token (?:list|create)"),
        ("pnpm", r"config (?:get|list).*(?:_auth|token)"),
        ("yarn", r"config get .*(?:_auth|token)"),
        ("gcloud", r"auth (?:application-default )?print-(?:access|identity)-token|secrets versions access"),
        ("aws", r"configure (?:get|export-credentials)|sts get-(?:session-token|federation-token)|ecr get-login"
                r"|secretsmanager (?:get-secret-value|batch-get)|ssm get-parameters?.*with-decryption|configure list"),
        ("az", r"account get-access-token|keyvault secret (?:show|download)|ad sp create-for-rbac"),
        ("kubectl", r"config view .*--(?:raw|flatten)|get secrets?\b.*(?:-o|--output)|create token"),
        ("flyctl", r"auth token|tokens? create"),
        ("fly", r"auth token|tokens? create"),
        ("rclone", r"config (?:dump|show)"),
        ("terraform", r"output\b.*-json|state pull"),
        ("pulumi", r"(?:config|stack)\b.*--show-secrets"),
        ("docker-credential-osxkeychain", r"get|list"),
        ("docker-credential-secretservice", r"get|list"),
        ("docker-credential-wincred", r"get|list"),
        ("docker-credential-pass", r"get|list"),
        ("doctl", r"auth list|kubernetes cluster kubeconfig"),
        ("heroku", r"auth:token|config(?::get)?\b"),
        ("vault", r"(?:kv )?(?:get|read)\b|print token|token (?:lookup|create)"),
        ("op", r"(?:read|item get|document get|inject)\b"),
        ("bw", r"(?:get|export|list)\b"),
        ("lpass", r"(?:show|export)\b"),
        ("pass", r"(?:show )?\S+/\S+|show\b"),
        ("doppler", r"secrets (?:download|get)|run\b"),
        ("security", rf"dump-keychain|export\b|find-(?:generic|internet)-password(?:.*{_OTHERS}|(?: -\w+)*$)"),
        ("secret-tool", rf"(?:search|lookup)\b.*(?:{_OTHERS}|--all)"),
        ("cmdkey", r"/list"),
        ("vaultcmd", r"/listcreds"),
        ("netsh", r"wlan .*key=clear"),
        ("gpg", r".*--export-secret-(?:keys|subkeys)|--armor --export-secret"),
        ("solana", r"config get keypair|address --keypair"),
        ("docker-credential-desktop", r"get|list"),
        ("trufflehog", r"(?:filesystem|git|github|docker)\b"),
        ("gitleaks", r"(?:dir|detect|git)\b.*(?:-r\b|--report|-v\b|--verbose)"),
        ("noseyparker", r"scan|report"),
        ("mimikatz", r""),
        ("lazagne", r""),
        ("screencapture", r""),
        ("osascript", r".*hidden answer"),
        ("zenity", r".*--password"),
        ("kdialog", r".*--password"),
        ("scrot", r""),
        ("pbpaste", r""),
        ("wl-paste", r""),
        ("xclip", r"(?:.* )?-o(?:ut)?\b"),
        ("xsel", r"(?:.* )?(?:-o|-b|--output|--clipboard)"),
        ("get-clipboard", r""),
        ("history", r"$"),
        ("ps", r"(?:\S*e\S*w|\S*w\S*e\S*|aux?e\S*)$|.*\be(?:ww|nv)"),
    )
)  # fmt: skip
_BY_PROGRAM: dict[str, re.Pattern[str]] = dict(_PRINTS)

_CONTENT = {"cat", "tar", "zip", "base64", "head", "tail", "grep", "egrep", "rg", "sed", "awk", "strings", "xxd", "od",
            "hexdump", "tac", "nl", "cp", "mv", "sqlite3", "openssl", "gzip", "bzip2", "xz", "7z", "jq",
            "type", "rsync",
            "dd", "find", "cut", "tr", "sort", "uniq", "ditto", "more", "bat", "yq", "plutil", "install"}  # fmt: skip
"""Programs that give what a file named among their words holds."""

_WALKS = re.compile(
    r"id_rsa|id_ed25519|id_ecdsa|\.pem\b|\.env\b|wallet|keystore|mnemonic|seed.?phrase|private.?key|credential|\.npmrc"
    r"|\.pypirc|kubeconfig|id\.json|\.kdbx|\.p12\b|\.keychain|passwords?\b|secrets?\b|AKIA|ghp_|BEGIN .{0,20}PRIVATE",
    re.IGNORECASE,
)
_ROOMS = re.compile(
    r"(?:(?:~|/home/[^/]+|/Users/[^/]+)/(?:Desktop|Documents|Downloads|\.config|Library/Application Support"
    r"|AppData/\w+)|~|/|/home|/Users|/root|/home/\S+|/Users/\S+|[A-Z]:[/\\](?:Users\S*)?)/?(?:\*.*)?",
    re.IGNORECASE,
)
_DRIVES = re.compile(
    r"/content/(?:g?drive)(?:/My ?Drive|/MyDrive|/Shareddrives)?/?\*?"
    r"|(?:~|/home/[^/]+|/Users/[^/]+|[A-Z]:/Users/[^/]+)/(?:OneDrive|Dropbox|Google ?Drive|iCloudDrive|My Drive"
    r"|Library/Mobile Documents(?:/com~apple~CloudDocs)?|Library/CloudStorage(?:/[^/]+)?)/?\*?",
    re.IGNORECASE,
)
"""Where a notebook mounts the drive of its user, and where clients of such drives show it."""

_ASSISTANTS = {"claude", "gemini", "q", "codex", "cursor-agent", "aider", "opencode", "copilot", "amp", "goose", "qwen",
               "ollama", "llm", "droid", "crush"}  # fmt: skip
_GOES = re.compile(r"(?:-C|--directory=|--cd=)(.+)")
_PACKERS = {"tar", "zip", "7z", "bsdtar", "ditto"}
_NAMED = re.compile(r"(?:~|/|\./|\$HOME|[A-Z]:\\)[\w.][\w./\\-]*")

_METADATA = re.compile(r"(?:169\.254\.169\.254|metadata\.google\.internal|metadata\.tencentyun\.com|100\.100\.100\.200"
                       r"|\[fd00:ec2::254\])/\S*(?:security-credentials|identity|token|user-data)|169\.254\.170\.2/"
                       r"|/computeMetadata/v1/\S*token|/meta-data/\S*security-credentials")  # fmt: skip
"""Where a machine in a cloud is told its own credentials."""

_SENDERS = FETCHERS | {"scp", "sftp", "rsync", "ftp", "lftp", "tftp", "nslookup", "dig", "host", "drill", "ping",
                       "socat",
                       "telnet", "mail", "mailx", "mutt", "sendmail", "msmtp", "swaks", "gsutil", "rclone", "s3cmd",
                       "websocat", "wscat", "croc", "transfer", "curlie", "xh", "azcopy", "magic-wormhole", "wormhole",
                       "smbclient", "logger", "mosquitto_pub", "kcat", "redis-cli"}  # fmt: skip
_PUBLISHES = re.compile(r"(?:git (?:\S+ )*push\b|gh (?:gist create|repo create|release (?:create|upload))"
                        r"|glab snippet create"
                        r"|hub gist)")  # fmt: skip
"""What puts a folder or file where others read it."""

_UPLOADS = re.compile(
    r"gh (?:api\b.*(?:-f|-F|--field|--input)\b|(?:issue|pr) (?:create|comment)|secret set)|glab api\b"
    r"|aws (?:s3 (?:cp|mv|sync)|s3api put-object|sns publish|sqs send-message|ses send)|gcloud storage cp"
    r"|az storage blob upload|ipfs add"
    r"|openssl s_client"
)
_COPIES = {"scp", "rsync", "aws", "gsutil", "rclone", "azcopy"}
"""Of these the last word is where it goes."""


def printed(words: list[str]) -> str:
    """What secrets a command prints, told for a reader; nothing if none. An unknown word is `$_`."""
    words = unwrapped(words)
    if not words:
        return ""
    name, rest = program_name(words[0]), " ".join(words[1:])[:2000]
    if name in {"env", "printenv", "set", "export", "declare", "compgen"} and _whole(name, words[1:]):
        return "the whole environment"
    known = _BY_PROGRAM.get(name)
    if known is not None and known.match(rest):
        return f"{name} {rest}".strip()[:120]
    if name in FETCHERS:
        return f"the credentials of this machine: {rest}"[:120] if credentials_of_machine(rest) else ""
    return _content(name, words) if name in _CONTENT else _looked_for(name, rest)


def _looked_for(name: str, rest: str) -> str:
    """What an assistant was told to look for."""
    if name in _ASSISTANTS and _WALKS.search(rest) and ("/" in rest or "~" in rest or "HOME" in rest):
        return "what an assistant was told to look for"
    return ""


def _whole(name: str, words: list[str]) -> bool:
    if name in {"env", "printenv", "set"}:
        return not words or words in (["-0"], ["--null"])
    if name == "compgen":
        return words[:1] == ["-v"]
    return words in (["-p"], ["-px"], ["-x"], ["-xp"])


def _content(name: str, words: list[str]) -> str:
    """A file of secrets among the words, or a walk over the home folder that looks for some."""
    spoken = [HOMES.sub("~", word) for word in words[1:] if not word.startswith("ssh ")]
    spoken += _within_folder(spoken) if name in _PACKERS else []
    for word in spoken:
        path = word.rpartition("=")[2].lstrip("@<")
        if is_secret(path) or is_secret(path + "/"):
            return path[:120]
    if name in _PACKERS and any(map(is_drive, spoken)):
        return DRIVE
    settings = next((word for word in spoken if name == "find" and is_settings(word.replace("*", ""))), "")
    if settings:
        return EACH_SETTINGS + settings[:60]
    searches = name in {"find", "grep", "egrep", "rg"} and any(_ROOMS.fullmatch(word) for word in spoken)
    picks = next((word for word in spoken if _WALKS.search(word)), "")
    return f"files below the home folder like {picks}"[:120] if searches and picks else ""


def moved(words: list[str], folder: str) -> list[str]:
    """A command as it would be written from elsewhere: `folder` is where it is started, if that is in the home."""
    if not folder.startswith("~"):
        return []
    return [
        *words[:1],
        *(f"{folder.rstrip('/')}/{w}" if w[:1] not in {"-", "/", "~", "|", ""} else w for w in words[1:]),
    ]


def _within_folder(words: list[str]) -> list[str]:
    """`tar -C folder name`: what is named lies in the folder."""
    found: list[str] = []
    folder = ""
    for before, word in pairwise(["", *words]):
        at = _GOES.match(word)
        if before in {"-C", "--directory", "--cd"} or at:
            folder = (at[1] if at else word).rstrip("/")
        elif folder and word[:1] not in {"-", "/", "~", ""}:
            found.append(f"{folder}/{word}")
    return found


def credentials_of_machine(address: str) -> bool:
    """Whether an address is where a machine in a cloud is told its own credentials."""
    return bool(_METADATA.search(address[:_LONGEST]))


def looks_for(text: str) -> bool:
    """Whether a pattern of names looks for keys or wallets."""
    return len(text) < 400 and bool(_WALKS.search(text))


def is_room(path: str) -> bool:
    """Whether a folder is where everything of a user lies."""
    return bool(_ROOMS.fullmatch(path.replace("\\", "/"))) or is_drive(path)


def is_drive(path: str) -> bool:
    """Whether a folder is the whole drive that a user keeps in a cloud."""
    return bool(_DRIVES.fullmatch(path.replace("\\", "/")))


def is_foreign(entry: str) -> bool:
    """Whether an entry of a keychain is one of another program's."""
    return bool(_FOREIGN.search(entry))


def asked_files(prompt: str) -> list[str]:
    """The paths that the words of a prompt name: an assistant may have written to them."""
    return [path.rstrip(".") for path in _NAMED.findall(prompt[:_LONGEST])][:20]


def is_assistant(words: list[str]) -> bool:
    """Whether a command asks an assistant to look for secrets."""
    return bool(words) and program_name(words[0]) in _ASSISTANTS and bool(printed(words))


def sends(words: list[str]) -> bool:
    """Whether a command sends what it is given to another machine."""
    words = unwrapped(words)
    if not words:
        return False
    return program_name(words[0]) in _SENDERS or publishes(words) or bool(_UPLOADS.match(_spoken(words)))


def publishes(words: list[str]) -> bool:
    """Whether a command puts a folder or file where others read it."""
    return bool(_PUBLISHES.match(_spoken(words)))


def _spoken(words: list[str]) -> str:
    return f"{program_name(words[0])} {' '.join(words[1:])}"[:2000]


def told(words: list[str]) -> list[int]:
    """Which words of a sending command are told to the other side as data, not to say who asks."""
    program = program_name(words[0]) if words else ""
    last = len(words) - (program in _COPIES)
    return [place for place in range(1, last) if not is_untold(program, words[place - 1], words[place])]


_WINDOWS = re.compile(r"~(?:\\+[\w.-]+)+")
"""A path of Windows from the user's home folder on."""


def slashed(text: str) -> str:
    """A line of shell with the paths of Windows in it as others write them."""
    return _WINDOWS.sub(lambda found: re.sub(r"\\+", "/", found[0]), text) if "~\\" in text else text


def simple_commands(text: str) -> list[list[str]]:
    """The commands of one line of shell, each as its words; none if its quotes do not match."""
    if len(text) > _LONGEST:
        return []
    text = slashed(text.replace("\n", " ; "))
    lexer = shlex.shlex(text, posix=True, punctuation_chars=";|&()<>")
    lexer.whitespace_split = True
    lexer.commenters = ""
    found: list[list[str]] = [[]]
    try:
        for word in lexer:
            if set(word) <= set(";|&()"):
                found.append([])
            elif not set(word) <= set("<>"):
                found[-1].append(word)
    except ValueError:
        return []
    return [words for words in found if words]
