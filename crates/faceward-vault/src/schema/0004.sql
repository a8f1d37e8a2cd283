-- Format 4: the declaration that acts rest on, by the digest that its entry in the ledger has; none
-- where nothing was declared.
ALTER TABLE state ADD COLUMN declared BLOB;
