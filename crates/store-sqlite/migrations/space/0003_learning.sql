-- What is to be learned from, and what was learned beside the memories themselves. Its Rust step finds
-- the memories and receipts that are there already by what they say (src/migrate/learning.rs).

-- Events in the order in which they were queued.
CREATE TABLE event (
    row         INTEGER PRIMARY KEY,
    id          BLOB NOT NULL UNIQUE,
    -- NULL for proposals.
    session     INTEGER REFERENCES session (row),
    scope       INTEGER NOT NULL REFERENCES scope (row),
    ids         INTEGER NOT NULL REFERENCES scope_ids (row),
    created_at  INTEGER NOT NULL,
    state       INTEGER NOT NULL,
    -- 1 for the first that waits of a session of which nothing is running, and for a proposal that waits:
    -- what a worker may begin with.
    first       INTEGER NOT NULL,
    attempts    INTEGER NOT NULL,
    due_at      INTEGER NOT NULL,
    worker      TEXT,
    lease_until INTEGER,
    settled_at  INTEGER,
    error       TEXT,
    -- Messages and proposals as JSON.
    work        TEXT NOT NULL,
    -- What came of it, as JSON.
    report      TEXT NOT NULL
) STRICT;
CREATE INDEX event_first ON event (due_at, row) WHERE first = 1;
CREATE INDEX event_first_by_session ON event (session) WHERE first = 1;
CREATE INDEX event_unsettled ON event (session, row) WHERE state < 2;
CREATE INDEX event_pending ON event (created_at) WHERE state = 0;
CREATE INDEX event_running ON event (lease_until) WHERE state = 1;
CREATE INDEX event_running_by_session ON event (session) WHERE state = 1;
CREATE INDEX event_by_session ON event (session, created_at, id);
CREATE INDEX event_by_ids ON event (ids, created_at, id, state);
CREATE INDEX event_by_creation ON event (created_at, id, state);

-- How many events stand in each state. Kept by triggers, so that no write can forget it.
CREATE TABLE event_count (
    state INTEGER PRIMARY KEY,
    count INTEGER NOT NULL
) STRICT;
INSERT INTO event_count VALUES (0, 0), (1, 0), (2, 0), (3, 0);
CREATE TRIGGER event_made AFTER INSERT ON event BEGIN
    UPDATE event_count SET count = count + 1 WHERE state = NEW.state;
END;
CREATE TRIGGER event_moved AFTER UPDATE OF state ON event WHEN NEW.state <> OLD.state BEGIN
    UPDATE event_count SET count = count - 1 WHERE state = OLD.state;
    UPDATE event_count SET count = count + 1 WHERE state = NEW.state;
END;
CREATE TRIGGER event_gone AFTER DELETE ON event BEGIN
    UPDATE event_count SET count = count - 1 WHERE state = OLD.state;
END;

-- Which events tell what a message or memory said: a type byte, then the id. For erasing.
CREATE TABLE event_subject (
    subject BLOB NOT NULL,
    event   INTEGER NOT NULL REFERENCES event (row) ON DELETE CASCADE,
    PRIMARY KEY (subject, event)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_subject_by_event ON event_subject (event);

-- Candidates in quarantine.
CREATE TABLE held (
    row     INTEGER PRIMARY KEY,
    id      BLOB NOT NULL UNIQUE,
    ids     INTEGER NOT NULL REFERENCES scope_ids (row),
    held_at INTEGER NOT NULL,
    status  INTEGER NOT NULL,
    content TEXT NOT NULL
) STRICT;
CREATE INDEX held_by_ids ON held (ids, held_at, id, status);
CREATE INDEX held_by_time ON held (held_at, id, status);

CREATE TABLE held_subject (
    subject BLOB NOT NULL,
    held    INTEGER NOT NULL REFERENCES held (row) ON DELETE CASCADE,
    PRIMARY KEY (subject, held)
) STRICT, WITHOUT ROWID;
CREATE INDEX held_subject_by_held ON held_subject (held);

CREATE TABLE summary (
    session INTEGER PRIMARY KEY REFERENCES session (row),
    upto    INTEGER NOT NULL,
    content TEXT NOT NULL
) STRICT;

-- What active and superseded memories say: the slot's key, and of active ones a hash of the text.
CREATE TABLE memory_said (
    memory    INTEGER PRIMARY KEY REFERENCES memory (row),
    ids       INTEGER NOT NULL REFERENCES scope_ids (row),
    slot      TEXT,
    text_hash INTEGER
) STRICT;
CREATE INDEX memory_said_by_slot ON memory_said (ids, slot) WHERE slot IS NOT NULL;
CREATE INDEX memory_said_by_text ON memory_said (ids, text_hash) WHERE text_hash IS NOT NULL;

-- The names that active memories name.
CREATE TABLE memory_name (
    name   TEXT NOT NULL,
    ids    INTEGER NOT NULL REFERENCES scope_ids (row),
    memory INTEGER NOT NULL REFERENCES memory (row),
    PRIMARY KEY (name, ids, memory)
) STRICT, WITHOUT ROWID;
CREATE INDEX memory_name_by_ids ON memory_name (ids, name);
CREATE INDEX memory_name_by_memory ON memory_name (memory);

CREATE TABLE usefulness (
    memory           INTEGER PRIMARY KEY REFERENCES memory (row),
    served_count     INTEGER NOT NULL DEFAULT 0,
    used_count       INTEGER NOT NULL DEFAULT 0,
    helpful_count    INTEGER NOT NULL DEFAULT 0,
    irrelevant_count INTEGER NOT NULL DEFAULT 0,
    wrong_count      INTEGER NOT NULL DEFAULT 0,
    served_at        INTEGER
) STRICT;

-- Sentences of memories that recalls have served, by the user and agent asked for (a JSON array), with the
-- latest receipt that tells of each.
CREATE TABLE served_sentence (
    owner    TEXT NOT NULL,
    sentence TEXT NOT NULL,
    memory   BLOB NOT NULL,
    receipt  INTEGER NOT NULL REFERENCES receipt (row) ON DELETE CASCADE,
    PRIMARY KEY (owner, sentence, memory)
) STRICT, WITHOUT ROWID;
CREATE INDEX served_sentence_by_memory ON served_sentence (memory);
CREATE INDEX served_sentence_by_receipt ON served_sentence (receipt);

-- What models took, by day (UTC, `2026-01-05`).
CREATE TABLE spending (
    day        TEXT PRIMARY KEY,
    calls      INTEGER NOT NULL,
    tokens     INTEGER NOT NULL,
    micro_cost INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
