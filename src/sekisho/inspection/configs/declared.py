"""Build files of Gradle and Swift that only declare: names, versions and dependencies, by words that run nothing."""

import re

_PARTS = re.compile(
    r"""(?P<string>"[^"\\$\r\n]*"|'[^'\\\r\n]*')"""
    r"|//[^\r\n\v\f\x85\u2028\u2029]*|/\*(?:[^*]|\*(?!/))*\*/"
)
"""Strings without substitutions, and comments; what is no such thing stays, and no word or sign of it is plain."""

_GRADLE_WORDS = """
    plugins kotlin id version apply false java application mainClass set group description repositories mavenCentral
    google gradlePluginPortal dependencies implementation api compileOnly runtimeOnly testImplementation testCompileOnly
    testRuntimeOnly platform project tasks test named withType Test useJUnitPlatform jvmToolchain toolchain
    languageVersion JavaLanguageVersion of sourceCompatibility targetCompatibility JavaVersion VERSION_1_8 VERSION_11
    VERSION_17 VERSION_21 rootProject name include pluginManagement dependencyResolutionManagement
"""
_SWIFT_WORDS = """
    import PackageDescription let package Package name platforms macOS iOS tvOS watchOS v10_15 v11 v12 v13 v14 v15 v16
    v17 v18 products library executable targets target executableTarget testTarget dependencies product path from url
    exact upToNextMajor upToNextMinor resources process copy exclude sources defaultLocalization
"""
_GRADLE, _SWIFT = frozenset(_GRADLE_WORDS.split()), frozenset(_SWIFT_WORDS.split())
_LONGEST = 10_000
"""Characters of a build file that is looked at word by word."""

_WORD = re.compile(r"[A-Za-z_]\w*")
_SIGNS = re.compile(r"[\s\w(){}\[\],.:;=\"]*")
_ODD = re.compile(r"(?:^|[^\w\s(,=\[:])\s*\"|\w[ \t]*[\r\n]\s*\"|\"[ \t]*(?![ \t),\]\r\n;}]|version\b|apply\b|\Z)")
"""Where a string may be the name of something that is called."""

_PLUGIN = re.compile(r"""\b(id|kotlin)\b\s*+\(?+\s*+(?:["']([^"']*)["']\s*+\)?+(?!\s*version\b)|(?!["']))""")
_WITHOUT_VERSION = {
    "id": frozenset({"java", "java-library", "application", "base", "jacoco", "war"}),
    "kotlin": frozenset({"stdlib", "stdlib-jdk8", "test", "test-junit5", "reflect"}),
}
"""Plugins of Gradle's own and libraries of Kotlin's: others without a version may be a program of the project."""

_PLUGINS = re.compile(r"\bplugins\s*\{([^}]*)")
_IN_PLUGINS = frozenset({"id", "kotlin", "version", "apply", "false", "java", "application"})
_ADDRESS = re.compile(r"""\burl\s*[:=]\s*(?!["']https://github\.com/)""")


def only_declares(name: str, text: str) -> bool:
    """Whether a build file (`build.gradle`, `settings.gradle`, also in Kotlin, `Package.swift`) starts nothing: all of
    its words are known, none of its strings is called, and nothing comes from an address of somebody's own."""
    lowered = name.lower()
    words = _GRADLE if ".gradle" in lowered else _SWIFT if lowered == "package.swift" else frozenset[str]()
    if not words or "\\" in text or len(text) > _LONGEST:
        return False
    bare = _PARTS.sub(lambda part: '"' if part["string"] else " ", text).replace("`java-library`", "java")
    told = _PARTS.sub(lambda part: part["string"] or " ", text)
    return (
        bool(_SIGNS.fullmatch(bare))
        and words.issuperset(_WORD.findall(bare))
        and not _ODD.search(bare)
        and all(each in _WITHOUT_VERSION[by] for by, each in _PLUGIN.findall(told))
        and all(_IN_PLUGINS.issuperset(_WORD.findall(each)) for each in _PLUGINS.findall(bare))
        and not _ADDRESS.search(told)
    )
