-- Every value begins with a CRC-32C over table, key and body (seal.h); bodies are packed (record_codec.h, journal_row.h).

-- The placements of one batch in one tile, packed; `first` is the seq of the first of them.
CREATE TABLE journal (
  canvas INTEGER NOT NULL,
  tile   INTEGER NOT NULL,
  first  INTEGER NOT NULL,
  value  BLOB NOT NULL,
  PRIMARY KEY (canvas, tile, first)
) WITHOUT ROWID;

-- Pictures of tiles at a seq.
CREATE TABLE checkpoints (
  canvas INTEGER NOT NULL,
  tile   INTEGER NOT NULL,
  seq    INTEGER NOT NULL,
  value  BLOB NOT NULL,
  PRIMARY KEY (canvas, tile, seq)
) WITHOUT ROWID;

CREATE TABLE canvases (
  id    INTEGER NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY (id)
) WITHOUT ROWID;

-- The last placement of each canvas.
CREATE TABLE heads (
  canvas INTEGER NOT NULL,
  value  BLOB NOT NULL,
  PRIMARY KEY (canvas)
) WITHOUT ROWID;

-- What changed a canvas but is not a placement, numbered 1, 2, 3 … per canvas.
CREATE TABLE events (
  canvas INTEGER NOT NULL,
  number INTEGER NOT NULL,
  value  BLOB NOT NULL,
  PRIMARY KEY (canvas, number)
) WITHOUT ROWID;

CREATE TABLE accounts (
  id    INTEGER NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY (id)
) WITHOUT ROWID;

CREATE TABLE sessions (
  hash  BLOB NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY (hash)
) WITHOUT ROWID;

-- What became of a batch's requests; `id` is the time in ms × 4,096 and a number, so that old ones go from the front.
CREATE TABLE outcomes (
  id    INTEGER NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY (id)
) WITHOUT ROWID;

CREATE TABLE charges (
  canvas  INTEGER NOT NULL,
  account INTEGER NOT NULL,
  value   BLOB NOT NULL,
  PRIMARY KEY (canvas, account)
) WITHOUT ROWID;

-- 'store': a random number of this database; 'commits': how many there were.
CREATE TABLE meta (
  name  TEXT NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY (name)
) WITHOUT ROWID;
