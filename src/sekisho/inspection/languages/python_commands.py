"""How a program in Python starts others: through a shell, by a list of words, by a call of the program's name."""

from sekisho.inspection.findings import Sink
from sekisho.inspection.languages.knowledge import ANY, Role, same

_COMMAND = Role(sink=Sink.COMMAND, arguments=(0,), keywords=("args",), special="process")
SHELL = Role(sink=Sink.COMMAND, arguments=(0,), special="shell")
_PROGRAM = Role(sink=Sink.COMMAND, special="program")

ROLES: dict[str, Role] = {
    **same(SHELL, "os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "pty.spawn",
           "asyncio.create_subprocess_shell", "commands.getoutput", "platform.popen", "invoke.run",
           "invoke.Context.run", "fabric.Connection.local", "fabric.Connection.run"),
    **same(_COMMAND, "subprocess.run", "subprocess.Popen", "subprocess.call", "subprocess.check_call",
           "subprocess.check_output", "asyncio.create_subprocess_exec", "os.execv", "os.execvp", "os.execl",
           "os.execlp", "os.execve", "os.spawnl", "os.spawnv", "os.spawnlp", "os.spawnvp", "os.posix_spawn",
           "os.startfile", "sh.Command", "pexpect.spawn"),
}  # fmt: skip

FAMILIES: dict[str, dict[str, Role]] = {each: {ANY: _PROGRAM} for each in ("sh", "plumbum.local", "plumbum.cmd")}
