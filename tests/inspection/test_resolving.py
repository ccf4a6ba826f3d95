"""What a name in the input means, where names are odd."""

from sekisho.inspection.findings import Use
from sekisho.inspection.resolve import Tree


def test_a_file_in_a_folder_that_is_called_like_an_archive_is_found() -> None:
    tree = Tree(["app\\x21/x.js", "package.json"], {})
    assert tree.resolve("package.json", Use("node", "app!/x.js", 1, "")) == ("app\\x21/x.js",)
    assert tree.resolve("package.json", Use("node", "\ud800!/x.js", 1, "")) == ()
