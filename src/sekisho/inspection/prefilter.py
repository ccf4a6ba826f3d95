"""Where to look: one pass of YARA-X over a source, for any word that could begin a flow. It never decides anything.

A source without one of these words, however its letters are written, has no source and no sink: it is parsed for its
imports alone, unless one of those turns out to have them.
"""

import re
import unicodedata
from functools import cache

import yara_x

from sekisho.inspection.languages.ir import is_unseen
from sekisho.inspection.languages.mentions import SCRAMBLED
from sekisho.inspection.languages.sessions import WORDS
from sekisho.inspection.languages.tampering import PAYEE
from sekisho.inspection.languages.telling import ASKED

_WHOLE = {
    "python": """exec eval system popen spawn execl execle execlp execv execve execvp spawnl spawnv spawnlp spawnvp
        posix_spawn getoutput getstatusoutput vars globals locals __import__ __builtins__ __dict__ __self__ __loader__
        __spec__ plumbum invoke fabric VideoCapture
        __subclasses__ builtins importlib import_module pickle cPickle _pickle dill joblib cloudpickle
        shelve jsonpickle yaml marshal subprocess commands pty ctypes runpy imp torch allow_pickle numexpr
        timeit cProfile pexpect startfile execfile FunctionType CodeType mako jinja2 InteractiveInterpreter
        InteractiveConsole render_template_string read_pickle create_subprocess_exec create_subprocess_shell
        requests httpx aiohttp urllib urllib2 urllib3 urlopen httplib httplib2 socket websocket websockets
        ftplib smtplib telnetlib requests_html ssl pycurl paramiko treq niquests cloudscraper curl_cffi asks
        primp grequests socketio dns web3 solana bitcoinrpc gdown wget base64 binascii b64decode unhexlify
        fromhex zlib gzip bz2 lzma codecs rot13 rot_13 decrypt chr expanduser expandvars HOME APPDATA
        LOCALAPPDATA USERPROFILE winreg user_data_dir crontab LaunchAgents LaunchDaemons systemd bashrc
        zshrc autostart sitecustomize usercustomize
        Startup win32crypt browser_cookie3 pyperclip ImageGrab gethostname getfqdn
        getnode getlogin getuser getlocale getdefaultlocale tzname resolver environ getenv clipboard copykitten
        pynput keyboard win32clipboard
        tkinter read_clipboard rglob zipfile tarfile keyring secretstorage win32cred open_connection
        read_text read_bytes
        private_key privkey secret_key mnemonic seed_phrase generate_mnemonic to_wif
        debugpy ptvsd pydevd pydevd_pycharm rpdb
        remote_pdb web_pdb rpyc dup2 pip telebot discord telegram pyrogram telethon aiogram slack_bolt nextcord disnake
        hikari nats pika paho stomp ably pusher feedparser xmlrpc imaplib poplib gspread github gitlab praw tweepy
        notion_client open_connection read_csv read_json read_html read_excel
        pdb bdb run_docstring_examples IPython get_ipython run_cell nntplib dictConfig hydra tornado bottle Cheetah
        chameleon genshi zipimport pydoc addsitedir matrix_client nio keras tf_keras mss pyautogui pyscreeze
        pyscreenshot dxcam pygetwindow sounddevice pyxhook pyWinhook evdev rookiepy pycookiecheat xerox klembord
        jaraco aiodns dulwich trust_remote_code huggingface_hub kagglehub pooch sympy
        on_message message_handler on_command
        psycopg2 psycopg asyncpg pymysql MySQLdb mysql aiomysql cx_Oracle oracledb pyodbc clickhouse_driver redis
        aioredis valkey recv_pyobj multiprocessing ruamel pickle5 zodbpickle compress_pickle networkx srsly
        statsmodels pymemcache memcache etcd3 consul pymongo motor boto3 minio inspect _getframe
        extract_stack walk_stack __main__ dlopen load_library load_op_library load_extension AddReference
        easy_install accept_content ACCEPT_CONTENT CELERY_ACCEPT_CONTENT""",
    "javascript": """eval Function constructor child_process vm _compile atob Buffer fromCharCode fromCodePoint
        unescape fetch
        axios http https http2 got request superagent needle ky undici ws net tls dns XMLHttpRequest
        WebSocket EventSource node-fetch cross-fetch jquery jQuery ajax getJSON spawn execSync fork execa
        shelljs zx Bun Deno homedir HOME APPDATA LOCALAPPDATA USERPROFILE ejs pug handlebars nunjucks
        unserialize deserialize execScript AsyncFunction GeneratorFunction setImmediate require
        importScripts userInfo networkInterfaces
        Reflect setTimeout setInterval global globalThis window self process ethers web3 viem
        solana createDecipheriv CryptoJS inflateSync gunzipSync pako readFile readFileSync createReadStream
        clipboardy electron iohook archiver keytar
        privateKey secretKey mnemonic seedPhrase recoveryPhrase generateMnemonic getPrivate exportPrivateKey
        inspector telegraf telegram discord mqtt nats
        amqplib pusher ably grammy eris octokit firestore supabase snoowrap imap rss-parser googleapis
        Worker SharedWorker serviceWorker screenshot-desktop node-screenshots desktop-screenshot robotjs
        copy-paste chrome-cookies-secure get-cookie uiohook-napi readText js-yaml getText createPackage
        mongodb mongoose ioredis redis memcached memjs ipfs-http-client kubo-rpc-client ipfs-core
        createPackageWithOptions findFiles openTextDocument readDirectory dlopen koffi ffi-napi loadExtension bun
        jiti ssrLoadModule ffi edge-js node-api-dotnet mdx vm2 deepDeserialize cryo Handlebars eta squirrelly
        art-template marko twig haml jade mustache renderString eventsource js-base64 decrypt unzipSync
        brotliDecompressSync inflateRawSync createDecipher lz-string bent ofetch wretch phin centra follow-redirects
        dgram socket.io-client simple-git isomorphic-git slack matrix-js-sdk whatsapp-web tmi irc firebase
        firebase-admin google-spreadsheet notionhq
        google-cloud auto-launch node-windows node-mac node-linux winreg setLoginItemSettings""",
}
_PARTS = {
    "python": ("home()", "http.client", "import sh", "from sh ", "import git", "from git ", "open("),
    "javascript": ("import(", "$.get", "chrome.cookies", "browser.cookies"),
}
_TOGETHER = {
    "python": (("getattr attrgetter methodcaller __getattribute__", "os types posix nt"),),
    "javascript": (
        ("import", "exec"),
        ("lodash underscore dot vue _", "template compile"),
        ("module", "createRequire register"),
    ),
}
"""Words that mean something only where one of the former stands beside one of the latter."""

_ASKING = """nosec nosemgrep guarddog: sekisho: noqa: lgtm[ NOSONAR eslint-disable gitleaks:allow allowlist trivy:ignore
    checkov:skip codeql[ snyk:ignore bearer:disable DevSkim: skipcq cycode:ignore pylint: horusec:ignore zizmor:
    biome-ignore SuppressWarnings"""
_SPOKEN_OF = "(AI|LLM|automated|security|static|malware|code)[ -]+(review|scan|audit|analy[sz]|assistant|agent|tool)"
"""What begins every request to look away (configs/looking_away.py)."""

_CONTROL = re.compile(rb"[^\t\n\f\r\x20-\x7e\x80-\xff]")
_SCRAMBLED = re.compile(rb"[\"'`]" + SCRAMBLED.encode() + rb"[\"'`]", re.ASCII)
"""Text that another file may decode."""

_PAYEES = re.compile(rb"[\"'`]" + PAYEE.encode() + rb"[\"'`]", re.ASCII)
"""Addresses that may take the place of somebody's."""

_PIECES = re.compile(rb"(?<=\w)(?:\"\s*[+,]?\s*\"|'\s*[+,]?\s*'|`\s*[+,]\s*`)(?=\w)")
"""What stands between the pieces of a word."""

_BACKWARDS = re.compile(rb"[\"'`]\s*\[\s*:\s*:\s*-1\s*\]|\.reverse\(\)\s*\.join\(")
"""What turns a word around."""

_PLACES = re.compile(
    rb"[\"'`/\\](?:\.(?:ssh|aws|kube|npmrc|pypirc|netrc|gnupg|docker|config|git-credentials|ethereum|bitcoin|electrum)\b"
    rb"|Library/|AppData\b|Google[/\\]|Exodus\b)"
)
"""Places that another file may read."""


@cache
def _rules() -> yara_x.Rules:
    compiler = yara_x.Compiler()
    for language, words in _WHOLE.items():
        strings = [f'$w{place} = "{word}" fullword' for place, word in enumerate(f"{words} {WORDS[language]}".split())]
        strings += [f'$p{place} = "{part}"' for place, part in enumerate(_PARTS[language])]
        strings.append(f"$q = /{ASKED}/ nocase")
        condition = "$q or any of ($w*) or any of ($p*)"
        for pair, (ones, others) in zip("abcdefgh", _TOGETHER[language], strict=False):
            for side, words_of in (("t", ones), ("u", others)):
                strings += [f'${side}{pair}{place} = "{word}" fullword' for place, word in enumerate(words_of.split())]
            condition += f" or (any of ($t{pair}*) and any of ($u{pair}*))"
        compiler.add_source(f"rule {language} {{ strings: {' '.join(strings)} condition: {condition} }}")
    asking = " ".join(f'$a{place} = "{word}"' for place, word in enumerate(_ASKING.split()))
    compiler.add_source(f"rule asking {{ strings: {asking} $s = /{_SPOKEN_OF}/ nocase condition: any of them }}")
    return compiler.build()


def worth_reading(data: bytes, language: str) -> bool:
    """Whether anything could flow in a source."""
    kind = "python" if language == "python" else "javascript"
    if _CONTROL.search(data) or _SCRAMBLED.search(data) or _PLACES.search(data) or _PAYEES.search(data):
        return True
    if _BACKWARDS.search(data):
        return True
    if kind == "javascript" and b"\\u" in data:  # a name may be spelt with escapes
        return True
    if not data.isascii() and is_unseen(data.decode("utf-8", "replace")):
        return True
    if not data.isascii():  # to Python full-width letters are letters (language reference, 2.3)
        data = unicodedata.normalize("NFKC", data.decode("utf-8", "replace")).encode("utf-8", "replace")
    return _has_words(data, kind) or (_PIECES.search(data) is not None and _has_words(_PIECES.sub(b"", data), kind))


def _has_words(data: bytes, kind: str) -> bool:
    return any(rule.identifier == kind for rule in _rules().scan(data).matching_rules)


def asking(text: str) -> tuple[int, ...]:
    """The lines of a text, from 1, on which a request to look away could stand."""
    data = text.encode("utf-8", "replace")
    rules = [rule for rule in _rules().scan(data).matching_rules if rule.identifier == "asking"]
    offsets = sorted({match.offset for rule in rules for pattern in rule.patterns for match in pattern.matches})
    lines: dict[int, None] = {}
    number, before = 1, 0
    for offset in offsets:
        number += data.count(b"\n", before, offset)
        before = offset
        lines[number] = None
    return tuple(lines)
