"""A part of the chain, fetched from a server as a trace goes on: Bitcoin Core, or an Esplora API."""
