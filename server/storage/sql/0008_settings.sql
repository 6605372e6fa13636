-- The settings of the last start, so that the next one can tell what has changed: one row.
CREATE TABLE settings (
  id    INTEGER NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY (id)
) WITHOUT ROWID;
