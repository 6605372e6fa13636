-- What happens on a canvas at a time, until it has happened.
CREATE TABLE schedule (
  id    INTEGER NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY (id)
) WITHOUT ROWID;

-- Moments of a canvas that have a name.
CREATE TABLE snapshots (
  id    INTEGER NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY (id)
) WITHOUT ROWID;
