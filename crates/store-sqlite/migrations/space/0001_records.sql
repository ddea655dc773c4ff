-- One space. Times are microseconds since 1970 (UTC). Ids are the 16 bytes of a UUID. Columns named `row`
-- are this file's own short numbers for records; they never leave it. Codes are listed in src/codes.rs.

-- Single values: the space's id, the next passage number, whether a scrub is owed.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;

-- The four ids of a scope, each combination once. Scoped lists select by these.
CREATE TABLE scope_ids (
    row    INTEGER PRIMARY KEY,
    user   TEXT,
    agent  TEXT,
    app    TEXT,
    run    TEXT,
    -- The four as one JSON array: UNIQUE takes two NULLs for different.
    joined TEXT NOT NULL UNIQUE
) STRICT;
CREATE INDEX scope_ids_by_user ON scope_ids (user) WHERE user IS NOT NULL;
CREATE INDEX scope_ids_by_agent ON scope_ids (agent) WHERE agent IS NOT NULL;

-- A whole scope: ids and labels (a sorted JSON array).
CREATE TABLE scope (
    row    INTEGER PRIMARY KEY,
    ids    INTEGER NOT NULL REFERENCES scope_ids (row),
    labels TEXT NOT NULL,
    UNIQUE (ids, labels)
) STRICT;

CREATE TABLE segment (
    row           INTEGER PRIMARY KEY,
    key           TEXT NOT NULL UNIQUE,
    passage_count INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE embedder (
    row      INTEGER PRIMARY KEY,
    identity TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE session (
    row              INTEGER PRIMARY KEY,
    id               BLOB NOT NULL UNIQUE,
    key              TEXT,
    ids              INTEGER NOT NULL REFERENCES scope_ids (row),
    scope            INTEGER NOT NULL REFERENCES scope (row),
    opened_at        INTEGER NOT NULL,
    last_at          INTEGER NOT NULL,
    last_recorded_at INTEGER NOT NULL,
    message_count    INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX session_by_key ON session (ids, key) WHERE key IS NOT NULL;
CREATE INDEX session_current ON session (ids, last_recorded_at, id) WHERE key IS NULL;
CREATE INDEX session_by_ids ON session (ids, last_at, id);
CREATE INDEX session_by_last ON session (last_at, id);

CREATE TABLE message (
    row          INTEGER PRIMARY KEY,
    id           BLOB NOT NULL UNIQUE,
    session      INTEGER NOT NULL REFERENCES session (row),
    ordinal      INTEGER NOT NULL,
    client_id    TEXT,
    role         INTEGER NOT NULL,
    author       TEXT,
    origin       INTEGER NOT NULL,
    via          INTEGER NOT NULL,
    scope        INTEGER NOT NULL REFERENCES scope (row),
    at           INTEGER NOT NULL,
    zone         TEXT,
    recorded_at  INTEGER NOT NULL,
    erased       INTEGER NOT NULL DEFAULT 0,
    -- Its passages are [passage_from, passage_to) of the segment.
    segment      INTEGER NOT NULL REFERENCES segment (row),
    passage_from INTEGER NOT NULL,
    passage_to   INTEGER NOT NULL,
    -- Content parts as JSON; the last column, so that reading the others never touches overflow pages.
    parts        TEXT NOT NULL,
    UNIQUE (session, ordinal)
) STRICT;
CREATE UNIQUE INDEX message_by_client_id ON message (session, client_id) WHERE client_id IS NOT NULL;

CREATE TABLE memory (
    row        INTEGER PRIMARY KEY,
    id         BLOB NOT NULL UNIQUE,
    version    INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    status     INTEGER NOT NULL,
    pinned     INTEGER NOT NULL,
    ids        INTEGER NOT NULL REFERENCES scope_ids (row),
    expires_at INTEGER,
    -- Where its current passages are: [passage_from, passage_to) of the segment.
    segment      INTEGER NOT NULL REFERENCES segment (row),
    passage_from INTEGER NOT NULL,
    passage_to   INTEGER NOT NULL,
    -- The memory as JSON, equal to its latest version's unless that is an erasure.
    content    TEXT NOT NULL
) STRICT;
-- With what lists test, so that they read only what they serve.
CREATE INDEX memory_by_ids ON memory (ids, updated_at, id, status, expires_at);
CREATE INDEX memory_by_change ON memory (updated_at, id, status, expires_at);
CREATE INDEX memory_pinned ON memory (ids, updated_at, id, status, expires_at) WHERE pinned = 1;

-- Every version of every memory; rows are never deleted.
CREATE TABLE memory_version (
    row          INTEGER PRIMARY KEY,
    memory       INTEGER NOT NULL REFERENCES memory (row),
    number       INTEGER NOT NULL,
    operation    INTEGER NOT NULL,
    actor        TEXT NOT NULL,
    at           INTEGER NOT NULL,
    reason       TEXT,
    pinned       INTEGER NOT NULL,
    -- The passages that this version brought, if any.
    segment      INTEGER NOT NULL REFERENCES segment (row),
    passage_from INTEGER NOT NULL,
    passage_to   INTEGER NOT NULL,
    -- The whole memory as JSON; NULL once erased.
    content      TEXT,
    UNIQUE (memory, number)
) STRICT;
CREATE INDEX memory_version_pinned ON memory_version (memory) WHERE pinned = 1;

-- Which memories quote a message, in any version: so that erasing the message finds its quotes.
CREATE TABLE evidence (
    message BLOB NOT NULL,
    memory  INTEGER NOT NULL REFERENCES memory (row),
    PRIMARY KEY (message, memory)
) STRICT, WITHOUT ROWID;
CREATE INDEX evidence_by_memory ON evidence (memory);

CREATE TABLE state (
    row        INTEGER PRIMARY KEY,
    scope      INTEGER NOT NULL REFERENCES scope (row),
    key        TEXT NOT NULL,
    version    INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    actor      TEXT NOT NULL,
    reason     TEXT,
    -- JSON; NULL once removed or erased.
    value      TEXT,
    UNIQUE (scope, key)
) STRICT;

CREATE TABLE state_version (
    row       INTEGER PRIMARY KEY,
    state     INTEGER NOT NULL REFERENCES state (row),
    number    INTEGER NOT NULL,
    operation INTEGER NOT NULL,
    actor     TEXT NOT NULL,
    at        INTEGER NOT NULL,
    reason    TEXT,
    erased    INTEGER NOT NULL DEFAULT 0,
    -- The value as JSON; NULL once removed or erased.
    value     TEXT,
    UNIQUE (state, number)
) STRICT;

CREATE TABLE receipt (
    row     INTEGER PRIMARY KEY,
    id      BLOB NOT NULL UNIQUE,
    content TEXT NOT NULL
) STRICT;

-- Which receipts quote a message, memory or state key: a type byte, then the id or key.
CREATE TABLE receipt_subject (
    subject BLOB NOT NULL,
    receipt INTEGER NOT NULL REFERENCES receipt (row),
    PRIMARY KEY (subject, receipt)
) STRICT, WITHOUT ROWID;

-- Passages: derived from messages and memories, shaped for loading a whole segment in one sweep.
-- `place` is segment * 2^40 + seq, which clusters a segment's passages in order of seq.
CREATE TABLE passage (
    place       INTEGER PRIMARY KEY,
    owner_type  INTEGER NOT NULL,
    owner       BLOB NOT NULL,
    span_start  INTEGER NOT NULL,
    span_end    INTEGER NOT NULL,
    session     BLOB,
    ordinal     INTEGER,
    role        INTEGER,
    kind        INTEGER,
    speaker     TEXT,
    origin      INTEGER NOT NULL,
    scope       INTEGER NOT NULL REFERENCES scope (row),
    at          INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    retired_at  INTEGER,
    cues        INTEGER NOT NULL,
    source_hash INTEGER NOT NULL,
    -- 32-bit term hashes, little-endian, in order.
    terms       BLOB NOT NULL,
    -- 0 where there is no vector.
    embedder    INTEGER NOT NULL,
    seq         INTEGER NOT NULL,
    -- The scale as a little-endian f32, then one signed byte for each dimension.
    vector      BLOB
) STRICT;
-- Finds a passage by seq alone (there are few embedders), and those whose vector is missing or stale.
CREATE UNIQUE INDEX passage_by_embedder ON passage (embedder, seq);

CREATE TABLE applied (
    key    TEXT PRIMARY KEY,
    digest BLOB NOT NULL,
    at     INTEGER NOT NULL,
    answer TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    at     INTEGER NOT NULL,
    actor  TEXT NOT NULL,
    writes TEXT NOT NULL
) STRICT;
