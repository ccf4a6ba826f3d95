-- The checkpoint's own state. Times are seconds since 1970 (UTC), amounts satoshis, hashes raw bytes.

CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

-- Rosters, policies and wallets that a quorum signed; the newest of a kind (and name) is in force.
CREATE TABLE documents (
    kind    TEXT NOT NULL,
    name    TEXT NOT NULL,          -- a wallet's id in hex; empty for rosters and policies
    version INTEGER NOT NULL,
    digest  BLOB NOT NULL,
    raw     BLOB NOT NULL,
    signed  TEXT NOT NULL,          -- the statements that put it in force, one on each line
    PRIMARY KEY (kind, name, version)
) STRICT;

-- One row for each request ever allowed. It holds its coins and limits while it is live: until it expires unsigned.
CREATE TABLE payments (
    request   BLOB PRIMARY KEY,     -- the request's digest
    id        TEXT NOT NULL,
    requester TEXT NOT NULL,
    wallet    BLOB NOT NULL,
    txid      BLOB NOT NULL,
    at        INTEGER NOT NULL,     -- when it was decided
    live_to   INTEGER NOT NULL,     -- its expiry; once a signature is released, the end of time
    sats      INTEGER NOT NULL      -- everything that leaves: payees and fee
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX payments_by_id ON payments (requester, id);
CREATE INDEX payments_by_wallet ON payments (wallet, at, live_to, sats, request);
CREATE INDEX payments_by_requester ON payments (requester, at, live_to, sats, request);

-- The exact PSBT that was allowed, and where the log says so: what an evidence bundle is made of.
CREATE TABLE cases (
    request  BLOB PRIMARY KEY,
    decided  INTEGER NOT NULL,      -- the entry of the decision
    psbt     BLOB NOT NULL,
    released INTEGER,               -- the entry of the first release; NULL until then
    head     BLOB                   -- the signed and cosigned head it was released under
) STRICT, WITHOUT ROWID;

-- Who was paid: for limits per destination and for look-alikes.
CREATE TABLE payees (
    request BLOB NOT NULL,
    script  BLOB NOT NULL,
    sats    INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    live_to INTEGER NOT NULL
) STRICT;
CREATE INDEX payees_by_script ON payees (script, at, live_to, sats, request);
CREATE INDEX payees_by_request ON payees (request);
CREATE TABLE looks (key TEXT NOT NULL, address TEXT NOT NULL, PRIMARY KEY (key, address)) STRICT, WITHOUT ROWID;

-- Coins that a request spends. A coin serves one live request.
CREATE TABLE coins (outpoint TEXT PRIMARY KEY, request BLOB NOT NULL) STRICT, WITHOUT ROWID;

-- Coins the wallet is known to hold: named by an operator, or change of a payment made of such coins alone.
CREATE TABLE holdings (outpoint TEXT PRIMARY KEY, wallet BLOB NOT NULL, sats INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX holdings_by_wallet ON holdings (wallet);

-- Approvals that served: each serves one request.
CREATE TABLE consumed (statement BLOB PRIMARY KEY, request BLOB NOT NULL) STRICT, WITHOUT ROWID;

-- The highest address index seen in use, for each wallet.
CREATE TABLE indexes (wallet BLOB PRIMARY KEY, highest INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE freezes (
    digest  BLOB PRIMARY KEY,       -- of the freeze order; a thaw names it
    person  TEXT NOT NULL,
    at      INTEGER NOT NULL,
    thawed  INTEGER                 -- when; NULL while it holds
) STRICT, WITHOUT ROWID;
