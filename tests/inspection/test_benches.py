"""What the benches of inspection stand on: their list of packages."""

from collections import Counter

from packages import packages


def test_the_list_is_pinned_and_of_the_size_we_quote() -> None:
    listed = packages()
    assert Counter(package.group.partition("-")[0] for package in listed) == {"pypi": 100, "npm": 40}
    assert len({(package.kind, package.name) for package in listed}) == len(listed)
    assert {package.kind for package in listed} == {"sdist", "wheel", "npm"}
    assert all(len(bytes.fromhex(package.sha256)) == 32 for package in listed)
    for stack in ("ccxt", "web3", "eth-account", "embit", "bdkpython", "ethers", "viem", "bitcoinjs-lib"):
        assert any(package.name == stack and package.group.endswith("-crypto") for package in listed), stack
