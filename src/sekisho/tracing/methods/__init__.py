"""One transaction, six ways: how taint passes from its inputs to its outputs (docs/tracing.md, "The six methods")."""
