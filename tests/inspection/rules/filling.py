"""Samples and twins of templates: who says what they are, or with which options they are filled in."""

from inspection.rules.sample import Sample, js, package, py

_SERVICE = (
    "export class Service {\n  async all() {\n    const reply = await fetch('https://a.invalid');\n"
    "    return Object.assign({ rows: [], view: {} }, await reply.json());\n  }\n}\n"
)
_ENGINE = (
    "const ejs = require('ejs');\nconst shown = async () => {\n  const reply = await fetch('https://a.invalid');\n"
)


def _injected(options: str) -> dict[str, str | bytes]:
    return {
        "package.json": package(start="tsx main.ts"),
        "main.ts": "import { Page } from './page';\nimport { Service } from './service';\n"
        "new Page(new Service()).shown();\n",
        "service.ts": _SERVICE,
        "page.ts": "import ejs from 'ejs';\nimport { Service } from './service';\nexport class Page {\n"
        "  constructor(private readonly service: Service) {}\n  async shown() {\n"
        "    const result = await this.service.all();\n"
        f"    return ejs.render('<%= rows %>', {{ rows: result.rows }}, {options});\n  }}\n}}\n",
    }


def _filled(library: str, made: str) -> dict[str, str | bytes]:
    """A module that fills in what another one fetches; of a library by one name, on line 3."""
    return {
        "package.json": package(start="tsx main.ts"),
        "main.ts": "import { filled } from './page';\nimport { wording } from './service';\n"
        "wording().then((text) => console.log(filled(text, { total: 1 })));\n",
        "service.ts": "export const wording = async () => (await fetch('https://a.invalid')).text();\n",
        "page.ts": f"import {{ {library.partition(' ')[0]} as made }} from '{library.partition(' ')[2]}';\n"
        f"export const filled = (text: string, rows: object) =>\n  {made};\n",
    }


def _asked(text: str, name: str = "app.js") -> str:
    return _ENGINE + text + "};\nshown();\n"


HOSTILE: dict[str, dict[str, Sample]] = {
    "remote_template": {
        "an imported function of a large library makes one": Sample(
            _filled("template lodash", "made(text)(rows)"), "block", ("page.ts", 3)
        ),
        "one of a small library": Sample(_filled("compile mustache", "made(text)(rows)"), "block", ("page.ts", 3)),
        "one of a front end": Sample(_filled("compile vue", "made(text)"), "block", ("page.ts", 3)),
        "its options come from a service that is injected": Sample(
            _injected("{ client: true, ...result.view }"), "block", ("page.ts", 7)
        ),
        "its options are an object that a server's answer is spread over": js(
            _asked(
                "  const settings = { view: {}, ...(await reply.json()) };\n"
                "  return ejs.render('<%= a %>', { a: 1 }, settings.view);\n"
            ),
            line=5,
        ),
        "what it is filled with may be its options, spread": js(
            "const app = require('express')();\napp.get('/', async (request, reply) => {\n"
            "  const page = await (await fetch('https://a.invalid')).json();\n"
            "  reply.render('index', { ...page });\n});\n",
            "review",
            4,
        ),
        "an engine that is set up first": js(
            "const engine = new (require('nunjucks').Environment)();\n"
            "fetch('https://a.invalid').then((r) => r.text()).then((t) => engine.renderString(t, {}));\n"
        ),
        "a table of templates": py(
            "import requests\nfrom jinja2 import DictLoader, Environment\n"
            "Environment(loader=DictLoader(requests.get('https://a.invalid').json())).get_template('a').render()\n",
            line=3,
        ),
        "one that is put among others": py(
            "import requests\nfrom mako.lookup import TemplateLookup\npages = TemplateLookup()\n"
            "pages.put_string('a', requests.get('https://a.invalid').text)\n",
            line=4,
        ),
    },
    "remote_code": {
        "a document that is a program": Sample(
            {
                "package.json": package(start="node a.mjs"),
                "a.mjs": "import { evaluate } from '@mdx-js/mdx';\n"
                "await evaluate(await (await fetch('https://a.invalid')).text(), {});\n",
            },
            "block",
            ("a.mjs", 2),
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "remote_template": {
        "a text is filled in by another function of the library": _filled("replace lodash", "made(text, '$', rows)"),
        "its rows come from a service that is injected": _injected("{ client: true }"),
        "its rows are what a server's answer is spread over": {
            "app.js": _asked(
                "  const settings = { rows: [], ...(await reply.json()) };\n"
                "  return ejs.render('<%= rows %>', { rows: settings.rows }, { client: true });\n"
            )
        },
        "a table of templates that stands here": {
            "app.py": "import requests\nfrom jinja2 import DictLoader, Environment\n"
            "pages = Environment(loader=DictLoader({'a': '{{ rows }}'}))\n"
            "pages.get_template('a').render(rows=requests.get('https://a.invalid').json())\n"
        },
    },
    "remote_code": {
        "a document that is shown": {
            "package.json": package(start="node a.mjs"),
            "a.mjs": "import { evaluate } from '@mdx-js/mdx';\nimport { readFile } from 'node:fs/promises';\n"
            "await evaluate('# Hello', {});\nconsole.log(await (await fetch('https://a.invalid')).text());\n",
        },
    },
}
