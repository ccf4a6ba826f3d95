"""What a source says to those that import it: what they would read otherwise for knowing it, and no more."""

import pytest

from sekisho.inspection.extract import extract
from sekisho.inspection.virtual import VirtualFile

TOLD = {  # a source, and the names of which it says something
    "a client, which others send by": ("import requests\nsession = requests.Session()\n", {"session"}),
    "a client of a cloud": ("import boto3\nstore = boto3.client('s3')\n", {"store"}),
    "a class of a library that also asks servers": (
        "import pandas\nrows = pandas.read_csv('https://a.invalid/x.csv')\nTable = pandas.DataFrame\n",
        {"rows"},
    ),
    "where its callers stand, for its own use": (
        "import inspect, requests\ndef caller():\n    return inspect.stack()[1].filename\n"
        "def ask(x):\n    return requests.get(x).text\n",
        {"ask"},
    ),
}


@pytest.mark.parametrize(("source", "names"), TOLD.values(), ids=TOLD.keys())
def test_it_says_what_matters_to_others(source: str, names: set[str]) -> None:
    found = extract(VirtualFile("a.py", source.encode()), {})
    assert {each.name for each in found.exports} == names
