"""Where the files of installed packages lie, as programs ask for it."""

from sekisho.inspection.languages.calls import Calls
from sekisho.inspection.languages.seen import Gives, Seen
from sekisho.inspection.languages.values import Value, labels_of, texts_of

_FOLDERS = ("platlib", "purelib")


def _resolved(_: Calls, seen: Seen) -> Value:
    """`require.resolve("a/b.js")`; a package alone is its main file."""
    named = [text for text in seen.at(0).texts if text[:1] not in {".", "/", "\0"}]
    inner = (text if text.strip("@").count("/") > (text[:1] == "@") else f"{text}/index.js" for text in named)
    return Value(labels_of(*seen.arguments), texts_of(f"node_modules/{text}" for text in inner))


def _site(_: Calls, __: Seen) -> Value:
    """`site.getsitepackages()[0]`, `sysconfig.get_paths()["purelib"]`: whichever of them is chosen."""
    folder = Value(texts=("/site-packages",))
    return Value(texts=folder.texts, items=(folder,), fields=tuple((each, folder) for each in _FOLDERS))


GIVES: Gives = {"resolved": _resolved, "site": _site}
