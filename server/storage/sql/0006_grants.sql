-- Roles that accounts have on one canvas alone.
CREATE TABLE grants (
  canvas  INTEGER NOT NULL,
  account INTEGER NOT NULL,
  value   BLOB NOT NULL,
  PRIMARY KEY (canvas, account)
) WITHOUT ROWID;
