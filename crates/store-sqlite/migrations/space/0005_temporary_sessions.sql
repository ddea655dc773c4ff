-- Sessions that are to leave nothing.
ALTER TABLE session ADD COLUMN temporary INTEGER NOT NULL DEFAULT 0;
CREATE INDEX session_temporary ON session (last_recorded_at, id) WHERE temporary = 1;
-- Settled events by age, for pruning.
CREATE INDEX event_settled ON event (settled_at) WHERE settled_at IS NOT NULL;
