CREATE TABLE state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    origin TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    checkpoint TEXT NOT NULL
);
CREATE TABLE subject (
    id BLOB PRIMARY KEY,
    handle_tag BLOB NOT NULL UNIQUE,
    sealed BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE sealing_key (
    subject BLOB NOT NULL REFERENCES subject (id),
    scope TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    commitment BLOB NOT NULL,
    PRIMARY KEY (subject, scope)
) WITHOUT ROWID;
CREATE TABLE consent (
    id BLOB PRIMARY KEY,
    subject BLOB NOT NULL REFERENCES subject (id),
    sealed BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX consent_of ON consent (subject);
CREATE TABLE template (
    id BLOB PRIMARY KEY,
    subject BLOB NOT NULL REFERENCES subject (id),
    purpose TEXT NOT NULL,
    sealed BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX template_for ON template (purpose, subject);
CREATE INDEX template_of ON template (subject);
CREATE TABLE ledger_entry (
    position INTEGER PRIMARY KEY,
    entry BLOB NOT NULL
);
CREATE TABLE ledger_node (
    level INTEGER NOT NULL,
    position INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (level, position)
) WITHOUT ROWID;
