-- Rectangles in which only some may place.
CREATE TABLE locks (
  id    INTEGER NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY (id)
) WITHOUT ROWID;

CREATE TABLE announcements (
  id    INTEGER NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY (id)
) WITHOUT ROWID;

CREATE TABLE rollbacks (
  id    INTEGER NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY (id)
) WITHOUT ROWID;

-- The last number given to a lock, an announcement or a rollback: none yet.
INSERT INTO meta (name, value) VALUES ('last_number', x'39780a110000000000000000');

-- Each use of power, numbered 1, 2, 3 … `text` is the entry as JSON (audit_text.h), `hash` the SHA-256 of the hash before in
-- hex and the text (audit_chain.h). The columns between repeat what the text says, to search by; the server itself is actor 0.
CREATE TABLE audit (
  id     INTEGER PRIMARY KEY,
  time   INTEGER NOT NULL,
  actor  INTEGER NOT NULL,
  action TEXT NOT NULL,
  canvas TEXT NOT NULL,
  target TEXT NOT NULL,
  text   TEXT NOT NULL,
  hash   BLOB NOT NULL
);

-- Each holds all that is searched by, so that a search of several things reads one index and no rows that do not fit.
CREATE INDEX audit_time ON audit (time);
CREATE INDEX audit_actor ON audit (actor, id, action, canvas, target);
CREATE INDEX audit_action ON audit (action, id, actor, canvas, target);
CREATE INDEX audit_canvas ON audit (canvas, id, actor, action, target);
CREATE INDEX audit_target ON audit (target, id, actor, action, canvas);

-- Which entries hold which three characters after another, anywhere in their text.
CREATE VIRTUAL TABLE audit_words USING fts5 (
  text, content = 'audit', content_rowid = 'id', tokenize = 'trigram', detail = none, columnsize = 0
);

-- How many entries there are, the hash of the last, and the HMAC-SHA-256 of both under a key beside the database.
CREATE TABLE audit_head (
  id      INTEGER PRIMARY KEY,
  entries INTEGER NOT NULL,
  hash    BLOB NOT NULL,
  seal    BLOB NOT NULL
);
