"""Where else a JavaScript program hears from others: chats, queues, sites that keep text; what it makes modules of."""

from collections.abc import Mapping

from sekisho.inspection.findings import Sink, Source
from sekisho.inspection.languages import ir
from sekisho.inspection.languages.knowledge import NET, PERHAPS_FUNCTION, RUNS, SENDING, WAITING, Role, same

_HEARD = Role(source=Source.NET)
EVENTS = same(_HEARD, "on", "once", "addListener", "addEventListener", "onText", "hears", "command", "subscribe",
              "consume", "message", "event", "action", "listen", "onmessage", "getUpdates", "getContent", "getRaw",
              "onSnapshot", "onValue", "getDoc", "getDocs", "select", "rpc")  # fmt: skip
"""Calls that give what others send, to themselves or to a function."""

ROLES: dict[str, Role] = {
    **same(RUNS, f"{WAITING}.stdin.write", f"{WAITING}.stdin.end"),
    **same(_HEARD, "net.Socket", "tls.TLSSocket"),
    **same(Role(source=Source.FILE, special="read"), "sharp", "jimp.read", "jimp.Jimp.read", "canvas.loadImage"),
    f"global.{ir.UNSEEN}": Role(source=Source.DECODED),
    **same(Role(sink=Sink.LOAD, arguments=(0,), special="load"), "global.Worker", "global.SharedWorker",
           "module.register",
           "global.navigator.serviceWorker.register", "jiti.import", "vite.ViteDevServer.ssrLoadModule"),
    "process.dlopen": Role(sink=Sink.LOAD, arguments=(1,), special="load path"),
    **same(Role(sink=Sink.LOAD, arguments=(0,), special="load path"), "ffi-napi.Library", "ffi.Library", "koffi.load",
           "bun:ffi.dlopen", "global.Deno.dlopen", "edge-js.func", "node-api-dotnet.load"),
    **same(Role(special="stays"), "auto-launch.enable", "node-windows.Service.install", "node-mac.Service.install",
           "node-linux.Service.install", "electron.app.setLoginItemSettings"),
    "winreg": Role(special="registry"),
    **same(Role(special="addon"), "bindings", "node-gyp-build", "pkg-prebuilds"),
    **same(Role(sink=Sink.OLDER, arguments=(0,)), "js-yaml.load", "js-yaml.loadAll"),
    **same(RUNS, "@mdx-js/mdx.evaluate", "@mdx-js/mdx.evaluateSync", "@mdx-js/mdx.run", "@mdx-js/mdx.runSync",
           "module.prototype._compile", "module.Module.prototype._compile"),
    "global.URL.createObjectURL": Role(special="blob"),
    "global.Object.getPrototypeOf": Role(special="first"),
    **same(RUNS, "process.binding.ContextifyScript", "global.chrome.devtools.inspectedWindow.eval"),
    "inspector.Session.post": Role(sink=Sink.CODE),
    **same(_HEARD, "dgram.createSocket", "axios.interceptors.response.use"),
    **same(Role(sink=Sink.TEMPLATE, arguments=(0,)), "handlebars.template", "Handlebars.template", "eta.render",
           "eta.compile", "eta.renderString", "squirrelly.render", "squirrelly.compile", "underscore.template",
           "dot.compile",
           "nunjucks.compile", "nunjucks.Template", "nunjucks.precompileString", "ejs.Template", "vue.compile",
           *(f"{engine}.{name}" for engine in ("nunjucks.Environment", "nunjucks.configure", "eta.Eta")
             for name in ("renderString", "renderStringAsync", "compile")),
           "art-template.compile", "art-template.render", "marko.load", "twig.twig", "haml.render", "jade.compile",
           "jade.render"),
    **same(Role(sink=Sink.TEMPLATE, special="template"), "pug.compile", "pug.render", "pug.renderFile",
           "pug.compileFile",
           "lodash.template", "_.template", "lodash.template.default", "lodash-es.template", "underscore.template",
           "dot.template", "lodash/template"),
    **same(Role(special="unpack"), "extract-zip", "decompress", "tar.x", "tar.extract", "tar.extract.sync"),
    "global.XMLHttpRequest.open": Role(special="asks"),
    **same(Role(special="temporary"), "os.tmpdir", "fs.mkdtempSync", "fs.mkdtemp"),
    **same(Role(special="persist"), *(f"{asar}.{name}" for asar in ("@electron/asar", "asar")
                                      for name in ("createPackage", "createPackageWithOptions"))),
    PERHAPS_FUNCTION: Role(sink=Sink.UNKNOWN),
    "crypto.createCipheriv.update": Role(special="pass"),
    **same(NET, "graphql-request.request", "graphql-request.GraphQLClient.request", "eventsource",
           "eventsource.EventSource"),
    "inspector.open": Role(special="door"),
}  # fmt: skip

_STORED = Role(special="stored")
_VISITED = same(Role(special="visited"), "use", "get", "post", "put", "patch", "delete", "all", "on", "createServer")
_KEYS = same(_STORED, "get", "hget", "hgetall", "mget", "lpop", "rpop", "blpop", "brpop", "lrange", "xread")
_IPFS = {**same(_STORED, "cat", "get"), **same(SENDING, "add", "addAll")}

FAMILIES: dict[str, dict[str, Role]] = {
    "electron.net": {**same(NET, "fetch", "request"), **same(Role(sink=Sink.SEND), "write", "end")},
    **dict.fromkeys(("mongodb", "mongoose"), same(_STORED, "findOne", "find", "toArray", "findById", "aggregate")),
    **dict.fromkeys(("redis.createClient", "ioredis", "memcached", "memjs"), _KEYS),
    **dict.fromkeys(("express", "koa", "fastify", "polka", "restify", "koa-router", "@koa/router", "hono"), _VISITED),
    **dict.fromkeys(("ipfs-http-client", "kubo-rpc-client", "ipfs-core"), _IPFS),
    "@google-cloud/storage": same(SENDING, "save"),
    **dict.fromkeys(("telegraf", "node-telegram-bot-api", "discord.js", "mqtt", "nats", "amqplib", "pusher-js", "ably",
                     "@slack/bolt", "grammy", "eris", "matrix-js-sdk", "whatsapp-web.js", "tmi.js", "irc",
                     "irc-framework",
                     "@octokit/rest", "octokit", "@octokit/core",
                     "firebase/database", "firebase/firestore",
                     "firebase-admin", "@supabase/supabase-js", "imap", "rss-parser", "google-spreadsheet",
                     "@notionhq/client", "snoowrap"), EVENTS),
    "googleapis": {**EVENTS, **same(SENDING, "append")},
}  # fmt: skip

METHODS: dict[str, Role] = {
    "extractAllTo": Role(special="unpack"),
    "extractAllToAsync": Role(special="unpack"),
    "getText": Role(special="document"),
    **same(RUNS._replace(special="page"), "executeJavaScript", "evaluateJavascript", "injectJavaScript"),
    "render": Role(special="view"),
    "createElement": Role(special="element of a page"),
    "loadExtension": Role(sink=Sink.LOAD, arguments=(0,), special="load path"),
}

TEMPLATES: Mapping[str, tuple[str, ...]] = {
    "ejs": ("escapeFunction", "outputFunctionName", "localsName", "destructuredLocals", "settings", "escape"),
    "template": ("variable", "imports", "sourceURL", "globals", "self", "compileDebug", "pretty", "filters", "varname"),
}
"""Options of template engines that become code."""
