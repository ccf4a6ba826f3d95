"""Samples and twins of programs that have the system start something later, by libraries for that."""

from inspection.rules.sample import Sample, js, py

_SERVICE = "const { Service } = require('node-windows');\nconst service = new Service({ name: 'a', script: 'a.js' });\n"
_KEY = r"\\Software\\Microsoft\\Windows\\CurrentVersion"

HOSTILE: dict[str, dict[str, Sample]] = {
    "persistence": {
        "as a service of Windows, by a library": js(f"{_SERVICE}service.install();\n", "review", 3),
        "at every login, by a library": js(
            "const Launch = require('auto-launch');\nnew Launch({ name: 'a', path: process.execPath }).enable();\n",
            "review",
        ),
        "at every login, as a window's own": js(
            "const { app } = require('electron');\n"
            "app.setLoginItemSettings({ openAtLogin: true, args: ['--hidden'] });\n",
            "review",
        ),
        "in the registry, by a library": js(
            "const Registry = require('winreg');\n"
            f"new Registry({{ hive: 'HKCU', key: '{_KEY}\\\\Run' }}).set('a', 'b');\n",
            "review",
        ),
        "in the registry, unquoted in a shell": js(
            "const { execSync } = require('child_process');\n"
            f"execSync('reg add HKCU{_KEY}\\\\Run /v a /d node.exe');\n",
            "review",
        ),
        "in a table of the system, by a library": py(
            "from crontab import CronTab\ntable = CronTab(user=True)\n"
            "table.new(command='python3 a.py')\ntable.write()\n",
            "review",
            4,
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "persistence": {
        "a service that is taken away": {"app.js": f"{_SERVICE}service.uninstall();\n"},
        "a window that is not opened at login": {
            "app.js": "const { app } = require('electron');\napp.setLoginItemSettings({ openAtLogin: false });\n"
        },
        "a window whose user decides": {
            "app.js": "const { app } = require('electron');\n"
            "module.exports = (chosen) => app.setLoginItemSettings({ openAtLogin: chosen });\n"
        },
        "another key of the registry": {
            "app.js": f"const Registry = require('winreg');\n"
            f"new Registry({{ hive: 'HKCU', key: '{_KEY}\\\\Themes' }}).get('a', console.log);\n"
        },
        "a table of the system that is read": {
            "app.py": "from crontab import CronTab\nfor each in CronTab(user=True):\n    print(each)\n"
        },
    },
}
