-- Format 3: who may ask, and whether what was read of people still stands.

-- Rises whenever something that decides about people changes, whichever process changes it; beside
-- each person stands how high it was when something of theirs changed last. A new wrapping of keys
-- changes nothing about anybody.
ALTER TABLE state ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE subject ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX subject_by_change ON subject (changed);

CREATE TRIGGER subject_came AFTER INSERT ON subject
BEGIN
    UPDATE state SET changes = changes + 1;
    UPDATE subject SET changed = (SELECT changes FROM state) WHERE id = NEW.id;
END;
CREATE TRIGGER subject_renamed AFTER UPDATE OF sealed ON subject
BEGIN
    UPDATE state SET changes = changes + 1;
    UPDATE subject SET changed = (SELECT changes FROM state) WHERE id = NEW.id;
END;
CREATE TRIGGER subject_left AFTER DELETE ON subject
BEGIN
    UPDATE state SET changes = changes + 1;
END;
CREATE TRIGGER consent_came AFTER INSERT ON consent
BEGIN
    UPDATE state SET changes = changes + 1;
    UPDATE subject SET changed = (SELECT changes FROM state) WHERE id = NEW.subject;
END;
CREATE TRIGGER consent_left AFTER DELETE ON consent
BEGIN
    UPDATE state SET changes = changes + 1;
    UPDATE subject SET changed = (SELECT changes FROM state) WHERE id = OLD.subject;
END;
CREATE TRIGGER consent_event_came AFTER INSERT ON consent_event
BEGIN
    UPDATE state SET changes = changes + 1;
    UPDATE subject SET changed = (SELECT changes FROM state) WHERE id = NEW.subject;
END;
CREATE TRIGGER consent_event_left AFTER DELETE ON consent_event
BEGIN
    UPDATE state SET changes = changes + 1;
    UPDATE subject SET changed = (SELECT changes FROM state) WHERE id = OLD.subject;
END;
CREATE TRIGGER circumstance_came AFTER INSERT ON circumstance
BEGIN
    UPDATE state SET changes = changes + 1;
    UPDATE subject SET changed = (SELECT changes FROM state) WHERE id = NEW.subject;
END;
CREATE TRIGGER circumstance_left AFTER DELETE ON circumstance
BEGIN
    UPDATE state SET changes = changes + 1;
    UPDATE subject SET changed = (SELECT changes FROM state) WHERE id = OLD.subject;
END;
CREATE TRIGGER template_came AFTER INSERT ON template
BEGIN
    UPDATE state SET changes = changes + 1;
    UPDATE subject SET changed = (SELECT changes FROM state) WHERE id = NEW.subject;
END;
CREATE TRIGGER template_changed AFTER UPDATE ON template
BEGIN
    UPDATE state SET changes = changes + 1;
    UPDATE subject SET changed = (SELECT changes FROM state) WHERE id = NEW.subject;
END;
CREATE TRIGGER template_left AFTER DELETE ON template
BEGIN
    UPDATE state SET changes = changes + 1;
    UPDATE subject SET changed = (SELECT changes FROM state) WHERE id = OLD.subject;
END;

-- The order in which references were kept: the counter above at that time, and 0 for those that are
-- older than it.
ALTER TABLE template ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
CREATE INDEX template_in_order ON template (place, id);

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
