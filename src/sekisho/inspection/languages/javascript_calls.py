"""What calls mean in JavaScript and TypeScript, under Node and in a browser."""

from functools import partial

from sekisho.inspection.findings import Sink, Source
from sekisho.inspection.languages.knowledge import CLOCK, NET, RUNS, WHICH, WHOSE, Knowledge, Role, same
from sekisho.inspection.languages.ways_out import JAVASCRIPT_OUT, outlet

_SHELL = Role(sink=Sink.COMMAND, arguments=(0,), special="shell")
_COMMAND = Role(sink=Sink.COMMAND, arguments=(0, 1), special="process")
_ANY_CODE = Role(sink=Sink.CODE)
_VERBS = same(NET, "get", "post", "put", "patch", "delete", "head", "request", "send", "fetch", "stream", "connect",
              "create", "default", "query", "createConnection", "WebSocket", "ajax", "getJSON", "download")  # fmt: skip
_SEND = Role(sink=Sink.SEND)
_STREAMS = {**_VERBS, **same(_SEND, "write", "end")}
_NAMES = {
    **_VERBS,
    **same(_SEND, "resolve", "lookup", "resolve4", "resolve6", "resolveAny", "resolveCname"),
    **same(NET, "resolveTxt"),
}
_CHAIN_READS = same(NET, "getTransaction", "getStorage", "getStorageAt", "getLogs", "getBlock", "getCode", "call",
                    "getTransactionReceipt", "getAccountInfo", "readContract", "getPastEvents")  # fmt: skip

ROLES: dict[str, Role] = {
    **same(RUNS, "global.eval", "vm.runInThisContext", "vm.runInNewContext", "vm.runInContext", "vm.Script",
           "vm.compileFunction", "vm.SourceTextModule", "global.execScript", "module._compile", "Module._compile",
           "module.constructor._compile", "Module.prototype._compile", "module.Module._compile", "vm2.VM.run",
           "vm2.NodeVM.run", "safe-eval", "static-eval", "eval", "global.Function.constructor.eval"),
    **same(_ANY_CODE, "global.Function", "global.Function.constructor", "global.AsyncFunction",
           "global.GeneratorFunction", "require-from-string", "node-eval", "_eval"),
    **same(Role(sink=Sink.CODE, arguments=(0,), special="timer"), "global.setTimeout", "global.setInterval",
           "global.setImmediate"),
    **same(_SHELL, "child_process.exec", "child_process.execSync", "shelljs.exec", "execa.command",
    "execa.execaCommand",
           "zx.$"),
    **same(_COMMAND, "child_process.spawn", "child_process.spawnSync", "child_process.execFile",
           "child_process.execFileSync", "cross-spawn", "cross-spawn.sync", "cross-spawn.spawn", "execa", "execa.execa",
           "execa.execaSync", "execa.sync", "global.Bun.spawn", "global.Bun.spawnSync", "global.Deno.Command"),
    "child_process.fork": Role(sink=Sink.LOAD, arguments=(0,), special="load path"),
    **same(Role(sink=Sink.LOAD, arguments=(0,), special="load"), "global.require", "global.import",
           "process.dlopen", "module.require", "process.mainModule.require", "module.createRequire",
           "global.importScripts", "jiti", "worker_threads.Worker"),
    **same(Role(sink=Sink.DESERIALISE, arguments=(0,)), "node-serialize.unserialize", "serialize-to-js.deserialize",
           "funcster.deepDeserialize", "cryo.parse", "serialijse.deserialize", "node-ipc.deserialize"),
    **same(Role(sink=Sink.TEMPLATE, special="ejs"), "ejs.render", "ejs.compile", "ejs.renderFile"),
    **same(Role(sink=Sink.TEMPLATE, arguments=(0,)), "pug.compile", "pug.render", "lodash.template", "_.template",
           "handlebars.compile", "Handlebars.compile", "nunjucks.renderString", "dot.template", "mustache.compile"),
    "global.atob": Role(source=Source.DECODED, decoder="base64"),
    "js-base64.Base64.decode": Role(source=Source.DECODED, decoder="base64"),
    **same(Role(special="buffer"), "global.Buffer.from", "global.Buffer", "buffer.Buffer.from", "buffer.Buffer"),
    **same(Role(source=Source.DECODED, decoder="inflate"), "zlib.inflateSync", "zlib.gunzipSync", "zlib.unzipSync",
           "pako.inflate", "pako.ungzip"),
    **same(Role(source=Source.DECODED), "zlib.brotliDecompressSync", "CryptoJS.AES.decrypt", "crypto-js.AES.decrypt",
           "crypto.createDecipheriv.update", "crypto.createDecipheriv.final", "crypto.createDecipher.update",
           "crypto.createDecipher.final",
           "operator.xor", "lz-string.decompressFromBase64", "zlib.inflateRawSync"),
    **same(Role(source=Source.DECODED, special="charcodes"), "global.String.fromCharCode",
           "global.String.fromCodePoint"),
    **same(Role(decoder="percent", special="pass"), "global.unescape", "global.decodeURIComponent",
           "global.decodeURI"),
    **same(Role(decoder="same", special="pass"), "global.String", "global.JSON.stringify", "global.JSON.parse",
           "global.Promise.resolve", "global.Array.from", "path.normalize", "global.Object.entries",
           "global.Object.values", "global.Object.fromEntries", "global.structuredClone", "util.inspect"),
    "global.Object.assign": Role(special="merged"),
    **same(Role(special="names"), "global.Object.keys", "global.Reflect.ownKeys", "global.Object.getOwnPropertyNames"),
    "global.RegExp": Role(special="pattern"),
    "util.promisify": Role(special="first"),
    **same(Role(special="measure"), "fs.existsSync", "fs.statSync", "fs.accessSync", "global.Boolean"),
    "path.dirname": Role(special="own folder"),
    **same(Role(special="path"), "path.join", "path.resolve", "path.posix.join", "path.win32.join"),
    **same(Role(source=Source.FILE, special="read"), "fs.readFileSync", "fs.readFile", "fs.promises.readFile",
           "fs.createReadStream", "fs.readdirSync", "fs.readdir", "fs.copyFileSync", "fs.copyFile", "fs.cpSync",
           "fs/promises.readFile", "fs-extra.readFile", "fs-extra.readFileSync", "fs-extra.copy", "fs.openSync",
           "fs-extra.copySync", "global.Bun.file", "global.Deno.readTextFile", "sqlite3.Database", "better-sqlite3"),
    **same(Role(special="write file"), "fs.writeFileSync", "fs.writeFile", "fs.appendFileSync", "fs.appendFile",
           "fs.promises.writeFile", "fs.createWriteStream", "fs/promises.writeFile", "fs-extra.writeFile",
           "fs-extra.outputFile", "fs-extra.outputFileSync", "fs-extra.writeFileSync", "global.Deno.writeTextFile",
           "global.Bun.write"),
    **same(Role(special="pipe"), "stream.pipeline", "stream/promises.pipeline", "stream.promises.pipeline", "pump"),
    **same(Role(special="getattr"), "global.Reflect.get"),
    **same(Role(special="bind apply"), "global.Function.bind.apply", "global.Function.prototype.bind.apply"),
    **same(Role(special="apply"), "global.Reflect.apply", "global.Reflect.construct"),
    **same(NET, "global.fetch", "global.XMLHttpRequest", "global.WebSocket", "global.EventSource", "axios", "got",
           "node-fetch", "request", "superagent", "needle", "ky", "isomorphic-fetch", "cross-fetch", "undici.fetch",
           "ws", "request-promise", "request-promise-native", "bent", "ofetch", "wretch", "phin", "centra"),
}  # fmt: skip

_FAMILIES = {
    **dict.fromkeys(("axios", "got", "node-fetch", "request", "superagent", "needle", "undici", "ws", "ky",
                     "cross-fetch", "request-promise", "socket.io-client", "$", "jQuery", "jquery",
                     "phin", "ofetch"), _VERBS),
    **dict.fromkeys(("http", "https", "http2", "net", "tls", "follow-redirects", "dgram"), _STREAMS),
    "dns": _NAMES,
    "ethers": _CHAIN_READS,
    "web3": _CHAIN_READS,
    "viem": _CHAIN_READS,
    "@solana/web3": _CHAIN_READS,
    "global.XMLHttpRequest": _VERBS,
    "global.WebSocket": _VERBS,
}  # fmt: skip

_METHODS: dict[str, Role] = {
    "join": Role(special="join"),
    "replace": Role(special="replace"),
    "trim": Role(decoder="strip", special="pass"),
    "toLowerCase": Role(decoder="lower", special="pass"),
    "toUpperCase": Role(decoder="upper", special="pass"),
    "toString": Role(special="to string"),
    "reverse": Role(special="reverse"),
    **same(Role(special="of receiver"), "slice", "substring", "substr", "charAt", "at"),
    "split": Role(special="split"),
    "concat": Role(special="concat"),
    "pipe": Role(special="pipe"),
    **same(Role(special="write"), "write", "end"),
    "call": Role(special="call"),
    "apply": Role(special="apply method"),
    "bind": Role(special="bind"),
    "_compile": RUNS,
    "runInThisContext": Role(sink=Sink.CODE),
}

JAVASCRIPT = Knowledge(
    "javascript",
    ROLES,
    _FAMILIES,
    _METHODS,
    frozenset({"eval", "Function", "require", "import", "fetch", "atob", "Buffer", "String", "setTimeout",
               "setInterval",
               "setImmediate", "globalThis", "window", "self", "global", "process", "JSON", "Reflect", "unescape",
               "decodeURIComponent", "decodeURI", "XMLHttpRequest", "WebSocket", "EventSource", "Object", "Promise",
               "Bun", "Deno", "Array", "execScript", "importScripts",
               "CryptoJS", "Intl", "navigator", "Date", "RegExp", "structuredClone", "__dirname", "__filename"}),
    "global.",
    frozenset({"os.homedir", "os.userInfo.homedir", "process.env:HOME", "process.env:USERPROFILE",
               "process.env:APPDATA", "process.env:LOCALAPPDATA"}),
    frozenset({"process.env"}),
    frozenset({"global", "child_process", "vm", "module"}),
    {
        **dict.fromkeys(("process.platform", "process.arch", "os.platform", "os.type", "os.arch", "os.release",
                         "os.cpus", "os.totalmem", "os.version", "os.machine", "global.navigator.platform",
                         "global.navigator.userAgent"), WHICH),
        **dict.fromkeys(("os.hostname", "os.userInfo", "os.networkInterfaces", "os.uptime", "dns.getServers",
                         "global.navigator.language",
                         "global.navigator.languages", "global.navigator.webdriver",
                         "global.Intl.DateTimeFormat.resolvedOptions", "global.Date.getTimezoneOffset",
                         "process.env:USER", "process.env:USERNAME", "process.env:COMPUTERNAME", "process.env:HOSTNAME",
                         "process.env:LANG", "process.env:TZ"), WHOSE),
        **dict.fromkeys(("global.Date.getHours", "global.Date.getDay", "global.Date.getMonth", "global.Date.getDate",
                         "global.Date.getFullYear"), CLOCK),
    },
    partial(outlet, JAVASCRIPT_OUT),
)  # fmt: skip
