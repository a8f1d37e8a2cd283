-- Format 4: the declaration that acts rest on, by the digest that its entry in the ledger has; none
-- where nothing was declared.
ALTER TABLE state ADD COLUMN declared BLOB;

-- The face-print map beside a reference, where the purpose allows it; sealed under the same key as the reference and gone
-- with it.
ALTER TABLE template ADD COLUMN map BLOB;
