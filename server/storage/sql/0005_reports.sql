-- Parts of a canvas that somebody asks staff to look at; closed ones too.
CREATE TABLE reports (
  id    INTEGER NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY (id)
) WITHOUT ROWID;
