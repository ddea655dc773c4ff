-- Spaces and keys. Times are microseconds since 1970 (UTC); ids are the 16 bytes of a UUID.

CREATE TABLE space (
    id         BLOB PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE key (
    row         INTEGER PRIMARY KEY,
    id          BLOB NOT NULL UNIQUE,
    space       BLOB NOT NULL,
    name        TEXT NOT NULL,
    prefix      TEXT NOT NULL,
    -- SHA-256 of the secret; the secret itself is nowhere.
    hash        BLOB NOT NULL UNIQUE,
    -- Permission words, a JSON array.
    permissions TEXT NOT NULL,
    ceiling     TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER,
    revoked_at  INTEGER
) STRICT;
