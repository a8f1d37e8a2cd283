-- Format 2: what happens to a consent is a row of its own, and none is ever changed.
CREATE TABLE consent_event (
    consent BLOB NOT NULL REFERENCES consent (id),
    position INTEGER NOT NULL,
    subject BLOB NOT NULL REFERENCES subject (id),
    sealed BLOB NOT NULL,
    PRIMARY KEY (consent, position)
) WITHOUT ROWID;
CREATE INDEX consent_event_of ON consent_event (subject);

CREATE TRIGGER consent_stays BEFORE UPDATE ON consent
BEGIN
    SELECT RAISE(ABORT, 'a consent record is never changed');
END;
CREATE TRIGGER consent_event_stays BEFORE UPDATE ON consent_event
BEGIN
    SELECT RAISE(ABORT, 'a consent event is never changed');
END;

-- INSERT OR REPLACE deletes without asking the triggers on DELETE.
CREATE TRIGGER consent_is_new BEFORE INSERT ON consent
WHEN EXISTS (SELECT 1 FROM consent WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'a consent record is never replaced');
END;
CREATE TRIGGER consent_event_is_new BEFORE INSERT ON consent_event
WHEN EXISTS (SELECT 1 FROM consent_event WHERE consent = NEW.consent AND position = NEW.position)
BEGIN
    SELECT RAISE(ABORT, 'a consent event is never replaced');
END;

-- Forgetting destroys the person's key first; nothing else does.
CREATE TRIGGER consent_goes_with_its_key BEFORE DELETE ON consent
WHEN EXISTS (SELECT 1 FROM sealing_key WHERE subject = OLD.subject AND scope = '.record')
BEGIN
    SELECT RAISE(ABORT, 'a consent record goes only when its person is forgotten');
END;
CREATE TRIGGER consent_event_goes_with_its_key BEFORE DELETE ON consent_event
WHEN EXISTS (SELECT 1 FROM sealing_key WHERE subject = OLD.subject AND scope = '.record')
BEGIN
    SELECT RAISE(ABORT, 'a consent event goes only when its person is forgotten');
END;
