-- Notes: stores of topics, topics with every version of them, what working copies hold, and moments that have
-- a name. Dreams: runs, what they propose, and when they run by themselves.

-- The record as JSON, with what lists test beside it.
CREATE TABLE topic_store (
    row         INTEGER PRIMARY KEY,
    id          BLOB NOT NULL UNIQUE,
    version     INTEGER NOT NULL,
    scope       INTEGER NOT NULL REFERENCES scope (row),
    ids         INTEGER NOT NULL REFERENCES scope_ids (row),
    created_at  INTEGER NOT NULL,
    archived_at INTEGER,
    deleted_at  INTEGER,
    content     TEXT NOT NULL
) STRICT;
CREATE INDEX topic_store_by_creation ON topic_store (created_at, id, archived_at, deleted_at);
CREATE INDEX topic_store_deleted ON topic_store (deleted_at) WHERE deleted_at IS NOT NULL;

-- Topics that are or were; what they hold is in their latest version.
CREATE TABLE topic (
    row        INTEGER PRIMARY KEY,
    id         BLOB NOT NULL UNIQUE,
    store      INTEGER NOT NULL REFERENCES topic_store (row),
    -- NULL once it was removed. That no two live ones share it is looked at when a whole ChangeSet is written.
    path       TEXT,
    -- The number of the latest version.
    number     INTEGER NOT NULL,
    size       INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX topic_by_path ON topic (store, path) WHERE path IS NOT NULL;
CREATE INDEX topic_by_store ON topic (store);

CREATE TABLE topic_version (
    row          INTEGER PRIMARY KEY,
    id           BLOB NOT NULL UNIQUE,
    topic        INTEGER NOT NULL REFERENCES topic (row),
    store        INTEGER NOT NULL REFERENCES topic_store (row),
    number       INTEGER NOT NULL,
    operation    INTEGER NOT NULL,
    origin       INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    actor        TEXT NOT NULL,
    -- An actor as people read it, `key:…`: what lists test.
    actor_name   TEXT NOT NULL,
    session      BLOB,
    dream        BLOB,
    reason       TEXT,
    redacted_at  INTEGER,
    redacted_by  TEXT,
    -- The passages that it brought.
    segment      INTEGER NOT NULL REFERENCES segment (row),
    passage_from INTEGER NOT NULL,
    passage_to   INTEGER NOT NULL,
    -- NULL once redacted; hash, size and content also where it records that the topic went away.
    path         TEXT,
    hash         BLOB,
    size         INTEGER,
    content      TEXT,
    UNIQUE (topic, number)
) STRICT;
CREATE INDEX topic_version_by_store ON topic_version (store, at, id);
CREATE INDEX topic_version_by_topic ON topic_version (topic, at, id);
CREATE INDEX topic_version_by_time ON topic_version (at, id);

CREATE TABLE working_file (
    store INTEGER NOT NULL REFERENCES topic_store (row),
    path  TEXT NOT NULL,
    hash  BLOB NOT NULL,
    PRIMARY KEY (store, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE named_moment (
    name    TEXT PRIMARY KEY,
    made_at INTEGER NOT NULL,
    content TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE dream (
    row         INTEGER PRIMARY KEY,
    id          BLOB NOT NULL UNIQUE,
    version     INTEGER NOT NULL,
    target      TEXT NOT NULL,
    status      INTEGER NOT NULL,
    holds       INTEGER NOT NULL,
    lease_until INTEGER,
    created_at  INTEGER NOT NULL,
    archived_at INTEGER,
    content     TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX dream_holds ON dream (target) WHERE holds = 1;
CREATE INDEX dream_by_creation ON dream (created_at, id, status, archived_at);
CREATE INDEX dream_by_target ON dream (target, created_at, id);
CREATE INDEX dream_unfinished ON dream (created_at, id) WHERE status < 2;

-- Which sessions a dream reads, in its target.
CREATE TABLE dream_session (
    session BLOB NOT NULL,
    dream   INTEGER NOT NULL REFERENCES dream (row) ON DELETE CASCADE,
    PRIMARY KEY (session, dream)
) STRICT, WITHOUT ROWID;
CREATE INDEX dream_session_by_dream ON dream_session (dream);

CREATE TABLE proposed_change (
    row     INTEGER PRIMARY KEY,
    dream   INTEGER NOT NULL REFERENCES dream (row) ON DELETE CASCADE,
    number  INTEGER NOT NULL,
    content TEXT NOT NULL,
    UNIQUE (dream, number)
) STRICT;

-- Which changes tell what a message, memory or topic's version said: a type byte, then the id. For erasing.
CREATE TABLE proposed_change_subject (
    subject BLOB NOT NULL,
    change  INTEGER NOT NULL REFERENCES proposed_change (row) ON DELETE CASCADE,
    PRIMARY KEY (subject, change)
) STRICT, WITHOUT ROWID;
CREATE INDEX proposed_change_subject_by_change ON proposed_change_subject (change);

CREATE TABLE dream_schedule (
    name    TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    content TEXT NOT NULL
) STRICT, WITHOUT ROWID;
