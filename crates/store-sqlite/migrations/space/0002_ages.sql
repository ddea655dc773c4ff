-- What is kept for a time only is taken away by age: answers under idempotency keys by their time, receipts
-- (whose ids follow the time) with what leads to them.
CREATE INDEX applied_by_at ON applied (at);
CREATE INDEX receipt_subject_by_receipt ON receipt_subject (receipt);
