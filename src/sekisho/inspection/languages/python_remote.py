"""Where else a Python program hears from others: chats, queues, mail, tables elsewhere; and how it lets them in."""

from sekisho.inspection.findings import Sink, Source
from sekisho.inspection.languages import ir
from sekisho.inspection.languages.knowledge import NET, RUNS, VISITOR, WAITING, Role, same
from sekisho.inspection.languages.python_commands import SHELL

_HEARD = Role(source=Source.NET)
_EVENTS = same(_HEARD, "on", "event", "message_handler", "message", "command", "listen", "on_message", "on_command",
               "handler", "callback_query_handler", "callback", "subscribe", "basic_consume", "action", "recv",
               "receive", "on_event", "channel_post_handler", "edited_message_handler", "get_updates",
               "get_chat_history", "iter_messages", "history", "fetch_message", "MessageHandler", "CommandHandler",
               "CallbackQueryHandler", "add_event_callback", "add_event_handler", "add_handler")  # fmt: skip
_CELL = {
    **same(RUNS, "run_cell", "run_cell_async", "ex", "ev", "run_code", "set_next_input", "safe_execfile_ipy"),
    **same(SHELL, "system", "getoutput", "system_raw", "system_piped"),
    "run_cell_magic": Role(sink=Sink.CODE, arguments=(2,)),
    "run_line_magic": Role(sink=Sink.CODE, arguments=(1,)),
    "get_ipython": Role(),
}

ROLES: dict[str, Role] = {
    **same(RUNS, f"{WAITING}.communicate", f"{WAITING}.stdin.write", f"{WAITING}.stdin.writelines"),
    "os.write": Role(special="write fd"),
    **same(Role(source=Source.FILE, special="read"), "PIL.Image.open", "imageio.imread", "imageio.v3.imread",
           "cv2.imread",
           "wave.open", "scipy.io.wavfile.read", "skimage.io.imread", "matplotlib.image.imread"),
    f"builtins.{ir.UNSEEN}": Role(source=Source.DECODED),
    **same(RUNS, "pdb.run", "pdb.runeval", "bdb.Bdb.run", "cProfile.runctx",
           "timeit.repeat", "timeit.Timer", "doctest.run_docstring_examples",
           "IPython.core.interactiveshell.InteractiveShell.run_cell"),
    **same(_HEARD, "feedparser.parse", "xmlrpc.client.ServerProxy", "asyncio.open_connection", "imaplib.IMAP4.fetch",
           "imaplib.IMAP4_SSL.fetch", "poplib.POP3.retr", "poplib.POP3_SSL.retr", "gspread.service_account",
           "gspread.authorize", "gspread.oauth", "github.Github", "gitlab.Gitlab", "praw.Reddit", "tweepy.Client",
           "notion_client.Client", "telnetlib.Telnet.read_until", "nntplib.NNTP.article"),
    **same(Role(special="by address"), "pandas.read_csv", "pandas.read_json", "pandas.read_html", "pandas.read_table",
           "pandas.read_xml", "pandas.read_excel", "polars.read_csv", "numpy.genfromtxt", "numpy.loadtxt"),
    **same(Role(sink=Sink.DESERIALISE, arguments=(0,)), "logging.config.dictConfig", "hydra.utils.instantiate",
           "hydra.utils.call", "keras.models.load_model", "keras.saving.load_model",
           "tensorflow.keras.models.load_model", "tf_keras.models.load_model"),
    **same(Role(sink=Sink.DESERIALISE, arguments=(0,)), *(
        f"{keras}.{name}"
        for keras in ("keras", "tensorflow.keras", "tf_keras")
        for name in ("models.model_from_json", "models.model_from_yaml", "models.model_from_config",
                     "saving.deserialize_keras_object", "utils.deserialize_keras_object", "layers.deserialize",
                     "Sequential.from_config", "Model.from_config", "models.Sequential.from_config",
                     "models.Model.from_config")
    )),
    "builtins.reversed": Role(decoder="reversed", special="pass"),
    **same(Role(sink=Sink.TEMPLATE, arguments=(0,)), "tornado.template.Template", "bottle.SimpleTemplate",
           "bottle.template", "Cheetah.Template.Template", "chameleon.PageTemplate", "genshi.template.MarkupTemplate"),
    **same(Role(sink=Sink.LOAD, arguments=(0,), special="load path"), "zipimport.zipimporter", "imp.load_dynamic",
           "imp.load_compiled", "pydoc.importfile"),
    **same(Role(special="callers"), "inspect.stack", "inspect.currentframe", "inspect.getouterframes", "sys._getframe",
           "traceback.extract_stack", "traceback.walk_stack"),
    **same(Role(special="source"), "inspect.getsource", "inspect.getsourcelines"),
    "pydoc.locate": Role(sink=Sink.LOAD, arguments=(0,), special="load"),
    "sys.path.insert": Role(sink=Sink.LOAD, arguments=(1,), special="search"),
    **same(Role(sink=Sink.LOAD, arguments=(0,), special="search"), "sys.path.append", "site.addsitedir"),
    **same(Role(source=Source.FILE, special="read"), "zipfile.ZipFile", "tarfile.open", "zipfile.PyZipFile"),
    "shutil.unpack_archive": Role(source=Source.FILE, special="copy"),
    **same(Role(special="stays"), "crontab.CronTab.write", "crontab.CronTab.write_to_user"),
    "setuptools.command.easy_install.main": Role(special="pip"),
    **same(Role(special="pip"), "pip.main", "pip._internal.main", "pip._internal.cli.main.main"),
    **same(Role(special="saved"), "huggingface_hub.hf_hub_download",
           "huggingface_hub.snapshot_download", "huggingface_hub.cached_download", "keras.utils.get_file",
           "tensorflow.keras.utils.get_file", "pooch.retrieve", "gdown.download", "wget.download",
           "kagglehub.model_download", "kagglehub.dataset_download", "torch.hub.download_url_to_file",
           "torch.hub.load_state_dict_from_url"),
    **same(Role(special="of others"), "torch.hub.load", "transformers.pipeline", "datasets.load_dataset", "vllm.LLM",
           "sentence_transformers.SentenceTransformer"),
    **same(RUNS, "sympy.sympify", "sympy.parsing.sympy_parser.parse_expr", "sympy.parse_expr", "numexpr.evaluate"),
    **same(Role(special="temporary"), "tempfile.mkdtemp", "tempfile.TemporaryDirectory", "tempfile.gettempdir"),
    **same(Role(special="temporary file"), "tempfile.mkstemp", "tempfile.NamedTemporaryFile"),
    **same(Role(special="site"), "site.getsitepackages", "site.getusersitepackages", "sysconfig.get_paths",
           "sysconfig.get_path", "distutils.sysconfig.get_python_lib"),
    "os.fdopen": Role(special="first"),
    **same(Role(special="visited"), "flask.request.get_json", "flask.request.get_data", "quart.request.get_json"),
    "os.dup2": Role(special="tied"),
    **same(Role(special="door"), "debugpy.listen", "debugpy.connect", "ptvsd.enable_attach", "pydevd.settrace",
           "pydevd_pycharm.settrace", "rpdb.set_trace", "rpdb.Rpdb", "remote_pdb.set_trace", "remote_pdb.RemotePdb",
           "web_pdb.set_trace", "rpyc.classic.connect"),
}  # fmt: skip

VISITED = dict.fromkeys(
    (f"{framework}.request.{part}" for framework in ("flask", "quart", "bottle")
     for part in ("args", "form", "values", "json", "data", "headers", "cookies", "query", "forms", "params", "body")),
    VISITOR,
)  # fmt: skip
"""Values that hold what a visitor asks."""

_STORED = Role(special="stored")
_ROWS = same(_STORED, "fetchone", "fetchall", "fetchmany", "fetch", "fetchrow", "fetchval", "scalar", "scalar_one")
_KEYS = same(_STORED, "get", "hget", "hgetall", "mget", "getdel", "lpop", "rpop", "blpop", "brpop", "lrange", "xread",
             "get_message", "smembers", "spop")  # fmt: skip
_FOUND = same(_STORED, "find", "find_one", "aggregate", "find_one_and_update")

FAMILIES: dict[str, dict[str, Role]] = {
    **dict.fromkeys(("psycopg2", "psycopg", "asyncpg", "pymysql", "MySQLdb", "mysql", "aiomysql", "cx_Oracle",
                     "oracledb", "pyodbc", "clickhouse_driver"), _ROWS),
    **dict.fromkeys(("redis.Redis", "redis.StrictRedis", "redis.from_url", "aioredis.from_url", "valkey.Valkey",
                     "memcache.Client", "etcd3.client", "consul.Consul"), _KEYS),
    **dict.fromkeys(("pymongo", "motor"), _FOUND),
    "boto3": same(_STORED, "get_object", "receive_message", "get_parameter", "get_item", "get_secret_value"),
    "minio": same(_STORED, "get_object"),
    "google.cloud": same(_STORED, "download_as_text", "download_as_string", "download_as_bytes"),
    "builtins.get_ipython": _CELL,
    "IPython": _CELL,
    "pandas": same(RUNS, "query", "eval"),
    "ctypes": same(Role(sink=Sink.LOAD), "RtlMoveMemory", "RtlCopyMemory", "WriteProcessMemory", "memmove"),
    "socketio": {**same(NET, "emit", "call"), **_EVENTS},
    **dict.fromkeys(("telebot", "telegram", "pyrogram", "telethon", "discord", "aiogram", "slack_bolt", "nextcord",
                     "disnake", "hikari", "nats", "pika", "paho", "ably", "pusher", "stomp", "matrix_client",
                     "nio", "slixmpp", "vk_api", "vkbottle", "twitchio", "irc", "pydle",
                     "mattermostdriver", "zulip", "pymumble_py3",
                     "rocketchat_API", "revolt", "guilded", "simplematrixbotlib"), _EVENTS),
}  # fmt: skip

METHODS: dict[str, Role] = {
    **same(_HEARD, "on_message", "message_handler", "on_command"),
    "from_pretrained": Role(special="of others"),
    "extractall": Role(special="unpack"),
    "run_cell": RUNS,
}
