"""Where packages come from by address: public forges and registries, or a server of somebody's own."""

import re

_PUBLIC = re.compile(
    r"(?:git\+|git:|ssh:|https?:|//|[\w.-]+@)*(?:[\w.-]+@)?(?:[\w-]+\.)*(?:github\.com|githubusercontent\.com|gitlab\.com"
    r"|bitbucket\.org|codeberg\.org|sr\.ht|salsa\.debian\.org|npmjs\.(?:org|com)|yarnpkg\.com|npm\.pkg\.github\.com|jsr\.io"
    r"|pypi\.org|pythonhosted\.org|pytorch\.org|sheetjs\.com|pkg\.pr\.new|jsdelivr\.net|unpkg\.com|googlesource\.com"
    r"|googleapis\.com|nvidia\.com|ngc\.nvidia\.com|huggingface\.co|anaconda\.org|crates\.io|golang\.org|rubygems\.org"
    r"|packagist\.org|nuget\.org|maven\.org|gradle\.org|apache\.org|alphacephei\.com|localhost|127\.0\.0\.1)(?:[/:#]|$)",
    re.IGNORECASE,
)
_INSTALLERS = re.compile(
    r"https://(?:[\w-]+\.)*(?:rustup\.rs|python-poetry\.org|astral\.sh|pdm-project\.org|pnpm\.io|deno\.land|bun\.sh|volta\.sh"
    r"|nodesource\.com|nodejs\.org|docker\.com|codecov\.io|coveralls\.io|codacy\.com|paradigm\.xyz|anza\.xyz|solana\.com"
    r"|sdkman\.io|aka\.ms|microsoft\.com|dot\.net|nixos\.org|determinate\.systems|brew\.sh|helm\.sh|taskfile\.dev|just\.systems"
    r"|goreleaser\.com|pixi\.sh|mamba\.pm|haskell\.org|llvm\.org|mise\.run|mise\.jdx\.dev|moonrepo\.dev|tailscale\.com"
    r"|ollama\.com|fly\.io|vercel\.com|vercel\.app|netlify\.com|sentry\.io|circleci\.com|amazonaws\.com|google\.com|ocaml\.org"
    r"|k3s\.io|influxdata\.com|hashicorp\.com|snyk\.io|semgrep\.dev|trunk\.io|buildkite\.com|starkup\.dev|starkup\.sh"
    r"|cachix\.org|earthly\.dev|dagger\.io|pulumi\.com|getcomposer\.org|perlbrew\.pl|cpanmin\.us|julialang\.org)(?:[/:]|$)"
)
"""Who publishes an installer that is piped into a shell by its manual."""

_ADDRESS = re.compile(r"(?:git\+)?(?:https?|git|ssh|ftp)://|git@|//")


def is_foreign(origin: str) -> bool:
    """Whether a package is fetched from a server of somebody's own, or from any without protection on the way."""
    if not _ADDRESS.match(origin):
        return False
    plain = origin.startswith(("http://", "git+http://", "git://", "ftp://")) and not re.match(
        r"\w+(?:\+\w+)?://(?:localhost|127\.)", origin
    )
    return plain or not _PUBLIC.match(origin)


def is_installer(address: str) -> bool:
    """Whether a program is taken from where its makers publish it, or from a public forge."""
    return bool(_INSTALLERS.match(address)) or not is_foreign(address)


def host(origin: str) -> str:
    """The server of an address."""
    return re.split(r"[/:#]", re.sub(r"^(?:git\+)?\w*:?//(?:[^/@]*@)?|^git@", "", origin))[0]
