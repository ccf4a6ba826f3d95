"""Chains in stores on disk, with their Parquet files, as an import leaves them."""

from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

from sekisho.bitcoin.network import Network
from sekisho.chain import parquet
from sekisho.chain.assemble import KnownBlock, parsed_of, told_of
from sekisho.chain.builder import Place
from sekisho.chain.chain import Chain
from sekisho.chain.columns import NO_HEIGHT
from sekisho.chain.store import Store, open_store

SPAN = 4
"""Heights in a partition, so that short chains have several."""


def store_of(path: Path, blocks: Sequence[KnownBlock]) -> Chain:
    """The chain of these blocks, in a store."""
    with Store(path, Network.REGTEST) as store:
        for block in blocks:
            raw, parsed = parsed_of(block.transactions, block.hash or bytes(32), block.time)
            height = NO_HEIGHT if block.height is None else block.height
            store.add(Place(height, whole=False), raw, parsed, told_of(block.transactions, block.told))
        store.commit()
        with patch.object(parquet, "SPAN", SPAN):
            parquet.write_parquet(path, store.builder.growing.used(), store.first_scripts())
    return open_store(path)
