-- Where accounts were seen: keyed hashes of networks, never an address.
CREATE TABLE seen (
  account INTEGER NOT NULL,
  value   BLOB NOT NULL,
  PRIMARY KEY (account)
) WITHOUT ROWID;
