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
_ADDRESS = re.compile(r"(?:git\+)?(?:https?|git|ssh|ftp)://|git@|//")


def is_foreign(origin: str) -> bool:
    """Whether a package is fetched from a server of somebody's own, or from any without protection on the way."""
    if not _ADDRESS.match(origin):
        return False
    plain = origin.startswith(("http://", "git+http://", "git://", "ftp://")) and not re.match(
        r"\w+(?:\+\w+)?://(?:localhost|127\.)", origin
    )
    return plain or not _PUBLIC.match(origin)


def host(origin: str) -> str:
    """The server of an address."""
    return re.split(r"[/:#]", re.sub(r"^(?:git\+)?\w*:?//(?:[^/@]*@)?|^git@", "", origin))[0]
