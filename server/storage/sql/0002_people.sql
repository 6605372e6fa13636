-- Accounts that gave a canvas's code, or accepted an invitation to it. The value is the checksum of its key.
CREATE TABLE joins (
  canvas  INTEGER NOT NULL,
  account INTEGER NOT NULL,
  value   BLOB NOT NULL,
  PRIMARY KEY (canvas, account)
) WITHOUT ROWID;

CREATE TABLE invites (
  id    INTEGER NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY (id)
) WITHOUT ROWID;
