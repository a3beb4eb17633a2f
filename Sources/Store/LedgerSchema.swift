internal import GRDB

/// The tables of the ledger, and how an older file becomes a newer one.
///
/// A published migration is never changed; a new one is added behind it. Content is kept once: `blobs` are addressed by the hash
/// and the length of their bytes, so that the result of the same run made twice takes its room once.
enum LedgerSchema {
  static let migrator: DatabaseMigrator = {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { db in
      try db.execute(
        sql: """
          CREATE TABLE runs (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            recorded_at TEXT NOT NULL,
            command TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            version TEXT NOT NULL,
            model_hash TEXT NOT NULL,
            data_hash TEXT NOT NULL,
            scenarios_hash TEXT NOT NULL,
            seed TEXT NOT NULL,
            draws INTEGER NOT NULL,
            until INTEGER NOT NULL,
            as_of TEXT,
            blas_kernel TEXT NOT NULL,
            by_lever INTEGER NOT NULL,
            indicators TEXT NOT NULL,
            model_folder TEXT NOT NULL
          ) STRICT;
          CREATE TABLE blobs (
            key TEXT NOT NULL PRIMARY KEY,
            size INTEGER NOT NULL,
            deflated BLOB NOT NULL
          ) STRICT;
          CREATE TABLE inputs (
            run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            kind TEXT NOT NULL,
            path TEXT NOT NULL,
            hash TEXT NOT NULL,
            content TEXT REFERENCES blobs (key),
            PRIMARY KEY (run, position)
          ) STRICT, WITHOUT ROWID;
          CREATE TABLE tables (
            run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
            name TEXT NOT NULL,
            content TEXT NOT NULL REFERENCES blobs (key),
            PRIMARY KEY (run, name)
          ) STRICT, WITHOUT ROWID;
          CREATE INDEX inputs_content ON inputs (content);
          CREATE INDEX tables_content ON tables (content);
          """)
    }
    return migrator
  }()
}
