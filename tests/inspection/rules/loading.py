"""Samples and twins of libraries of machine code that a program has loaded: by Node, by Python, by what wraps them."""

from inspection.rules.sample import Sample, package

_LIBRARY = b"\x7fELF\x02\x01\x01" + bytes(40)
_PLACE = "path.join(__dirname, 'native/a.node')"
_OPENED = "const path = require('path'), built = { exports: {} };\n"


_MODULE = (
    "const fs = require('fs'), run = require('child_process'), memory = new WebAssembly.Memory({{ initial: 1 }});\n"
    "const text = (at, length) => Buffer.from(memory.buffer, at, length).toString();\n"
    "const env = {{ memory, call: (at, length) => {} }};\n"
    "WebAssembly.instantiate(fs.readFileSync('./a.wasm'), {{ env }}).then((made) => made.instance.exports.main());\n"
)


def _node(text: str, **more: str | bytes) -> dict[str, str | bytes]:
    return {"package.json": package(start="node a.js"), "a.js": text, **more}


HOSTILE: dict[str, dict[str, Sample]] = {
    "unread_code": {
        "an addon that is opened by hand": Sample(
            _node(f"{_OPENED}process.dlopen(built, {_PLACE});\n", **{"native/a.node": _LIBRARY}),
            "review",
            ("native/a.node", 0),
        ),
        "one that does not look like one": Sample(
            _node(f"{_OPENED}process.dlopen(built, {_PLACE});\n", **{"native/a.node": "built for linux x64"}),
            "review",
            ("native/a.node", 0),
        ),
        "one that a helper finds where it was built": Sample(
            _node("require('bindings')('a').run();\n", **{"build/Release/a.node": _LIBRARY}),
            "review",
            ("build/Release/a.node", 0),
        ),
        "one that came along for this system": Sample(
            _node("require('node-gyp-build')(__dirname).run();\n", **{"prebuilds/linux-x64/a.node": _LIBRARY}),
            "review",
            ("prebuilds/linux-x64/a.node", 0),
        ),
        "a compiled module says what is run": Sample(
            _node(_MODULE.format("run.execSync(text(at, length))"), **{"a.wasm": b"\0asm\1\0\0\0"}),
            "review",
            ("a.wasm", 0),
        ),
        "by an interface to functions of C": Sample(
            _node("require('koffi').load('./lib/a.so').func('int run()')();\n", **{"lib/a.so": _LIBRARY}),
            "review",
            ("lib/a.so", 0),
        ),
        "by one of Python's": Sample(
            {"app.py": "from cffi import FFI\nFFI().dlopen('./lib/a.so').run()\n", "lib/a.so": _LIBRARY},
            "review",
            ("lib/a.so", 0),
        ),
        "as an extension of a database": Sample(
            {"app.py": "import sqlite3\nsqlite3.connect('a.db').load_extension('./lib/a.so')\n", "lib/a.so": _LIBRARY},
            "review",
            ("lib/a.so", 0),
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "unread_code": {
        "an addon that a program only measures": _node(
            f"{_OPENED}console.log(require('fs').statSync({_PLACE}).size);\n", **{"native/a.node": _LIBRARY}
        ),
        "a compiled module that only speaks": _node(
            _MODULE.format("{ run.execSync('true'); console.log(text(at, length)); }"), **{"a.wasm": b"\0asm\1\0\0\0"}
        ),
        "one that is built where it is installed": _node("require('bindings')('a').run();\n"),
        "a library of the system": _node("require('koffi').load('libm.so.6').func('double cos(double)')(1);\n"),
        "another of the system": {"app.py": "from cffi import FFI\nFFI().dlopen('libm.so.6').cos(1)\n"},
    },
}
