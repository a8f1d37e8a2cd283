-- Format 4: the face-print map beside a reference, where the purpose allows it; sealed under the same key as the reference
-- and gone with it.
ALTER TABLE template ADD COLUMN map BLOB;
