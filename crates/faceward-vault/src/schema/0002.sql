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

-- What a person asks for and what became of it, and what else the law asks about them: as above.
CREATE TABLE request (
    id BLOB PRIMARY KEY,
    subject BLOB NOT NULL REFERENCES subject (id),
    sealed BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX request_of ON request (subject);
CREATE TABLE request_event (
    request BLOB NOT NULL REFERENCES request (id),
    position INTEGER NOT NULL,
    subject BLOB NOT NULL REFERENCES subject (id),
    sealed BLOB NOT NULL,
    PRIMARY KEY (request, position)
) WITHOUT ROWID;
CREATE INDEX request_event_of ON request_event (subject);
CREATE TABLE circumstance (
    subject BLOB NOT NULL REFERENCES subject (id),
    position INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (subject, position)
) WITHOUT ROWID;

CREATE TRIGGER request_stays BEFORE UPDATE ON request
BEGIN
    SELECT RAISE(ABORT, 'a request is never changed');
END;
CREATE TRIGGER request_event_stays BEFORE UPDATE ON request_event
BEGIN
    SELECT RAISE(ABORT, 'an event of a request is never changed');
END;
CREATE TRIGGER circumstance_stays BEFORE UPDATE ON circumstance
BEGIN
    SELECT RAISE(ABORT, 'an entry about a person is never changed');
END;
CREATE TRIGGER request_is_new BEFORE INSERT ON request
WHEN EXISTS (SELECT 1 FROM request WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'a request is never replaced');
END;
CREATE TRIGGER request_event_is_new BEFORE INSERT ON request_event
WHEN EXISTS (SELECT 1 FROM request_event WHERE request = NEW.request AND position = NEW.position)
BEGIN
    SELECT RAISE(ABORT, 'an event of a request is never replaced');
END;
CREATE TRIGGER circumstance_is_new BEFORE INSERT ON circumstance
WHEN EXISTS (SELECT 1 FROM circumstance WHERE subject = NEW.subject AND position = NEW.position)
BEGIN
    SELECT RAISE(ABORT, 'an entry about a person is never replaced');
END;
CREATE TRIGGER request_goes_with_its_key BEFORE DELETE ON request
WHEN EXISTS (SELECT 1 FROM sealing_key WHERE subject = OLD.subject AND scope = '.record')
BEGIN
    SELECT RAISE(ABORT, 'a request goes only when its person is forgotten');
END;
CREATE TRIGGER request_event_goes_with_its_key BEFORE DELETE ON request_event
WHEN EXISTS (SELECT 1 FROM sealing_key WHERE subject = OLD.subject AND scope = '.record')
BEGIN
    SELECT RAISE(ABORT, 'an event of a request goes only when its person is forgotten');
END;
CREATE TRIGGER circumstance_goes_with_its_key BEFORE DELETE ON circumstance
WHEN EXISTS (SELECT 1 FROM sealing_key WHERE subject = OLD.subject AND scope = '.record')
BEGIN
    SELECT RAISE(ABORT, 'an entry about a person goes only when the person is forgotten');
END;
