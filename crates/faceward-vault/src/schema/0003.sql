-- Format 3: who may ask, and whether what was read of people still stands.

-- Rises whenever something that decides about people changes, whichever process changes it.
ALTER TABLE state ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER subject_came AFTER INSERT ON subject BEGIN UPDATE state SET changes = changes + 1; END;
-- Not of `handle_tag`, which every rotation of the epoch writes anew.
CREATE TRIGGER subject_changed AFTER UPDATE OF sealed ON subject BEGIN UPDATE state SET changes = changes + 1; END;
CREATE TRIGGER subject_left AFTER DELETE ON subject BEGIN UPDATE state SET changes = changes + 1; END;
CREATE TRIGGER consent_came AFTER INSERT ON consent BEGIN UPDATE state SET changes = changes + 1; END;
CREATE TRIGGER consent_left AFTER DELETE ON consent BEGIN UPDATE state SET changes = changes + 1; END;
CREATE TRIGGER consent_event_came AFTER INSERT ON consent_event BEGIN UPDATE state SET changes = changes + 1; END;
CREATE TRIGGER consent_event_left AFTER DELETE ON consent_event BEGIN UPDATE state SET changes = changes + 1; END;
CREATE TRIGGER template_came AFTER INSERT ON template BEGIN UPDATE state SET changes = changes + 1; END;
CREATE TRIGGER template_changed AFTER UPDATE ON template BEGIN UPDATE state SET changes = changes + 1; END;
CREATE TRIGGER template_left AFTER DELETE ON template BEGIN UPDATE state SET changes = changes + 1; END;
CREATE TRIGGER circumstance_came AFTER INSERT ON circumstance BEGIN UPDATE state SET changes = changes + 1; END;
CREATE TRIGGER circumstance_left AFTER DELETE ON circumstance BEGIN UPDATE state SET changes = changes + 1; END;

-- API keys, accounts of the console, and links handed to persons: found by a keyed tag of what is
-- shown, so that the table alone lets nobody try one out; what they may do lies sealed.
CREATE TABLE caller (
    id BLOB PRIMARY KEY,
    tag BLOB NOT NULL UNIQUE,
    sealed BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE account (
    id BLOB PRIMARY KEY,
    tag BLOB NOT NULL UNIQUE,
    sealed BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE link (
    id BLOB PRIMARY KEY,
    subject BLOB NOT NULL REFERENCES subject (id),
    tag BLOB NOT NULL UNIQUE,
    sealed BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX link_of ON link (subject);
