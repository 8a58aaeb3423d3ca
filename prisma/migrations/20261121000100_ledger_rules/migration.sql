-- What the Prisma schema cannot say: the rules of money that hold whatever the code does (DESIGN §3, §4; RULES 9).
-- Refusals carry SQLSTATE 23514 (check_violation) or 23001 (restrict_violation) and a constraint name, so that code
-- can tell them apart without reading the text.

-- Amounts ------------------------------------------------------------------------------------------------------

ALTER TABLE "invoice"
  ADD CONSTRAINT "invoice_amount_positive" CHECK ("amount" > 0),
  ADD CONSTRAINT "invoice_amount_seen_not_negative" CHECK ("amount_seen" >= 0),
  ADD CONSTRAINT "invoice_amount_paid_not_negative" CHECK ("amount_paid" >= 0);

ALTER TABLE "quote"
  ADD CONSTRAINT "quote_amount_positive" CHECK ("amount" > 0),
  ADD CONSTRAINT "quote_rate_positive" CHECK ("rate" > 0);

ALTER TABLE "payment"
  ADD CONSTRAINT "payment_amount_positive" CHECK ("amount" > 0);

-- Accounts -----------------------------------------------------------------------------------------------------

-- A merchant never owes the gateway; only the gateway's own accounts may go below zero.
ALTER TABLE "ledger_account"
  ADD CONSTRAINT "ledger_account_not_negative"
  CHECK ("balance" >= 0 OR "kind" NOT IN ('PENDING', 'AVAILABLE', 'HELD'));

-- One account for each purpose. The gateway's own have no merchant, most have no network, and two such rows are
-- the same account: hence NULLS NOT DISTINCT (PostgreSQL 15). Prisma would drop an index that it can read and does
-- not find in its schema; it leaves those with an expression alone, hence COALESCE. A conflict target must say the
-- same: ON CONFLICT ("mode", "kind", "asset", "merchant_id", COALESCE("network", '')).
CREATE UNIQUE INDEX "ledger_account_identity_key"
  ON "ledger_account" ("mode", "kind", "asset", "merchant_id", COALESCE("network", '')) NULLS NOT DISTINCT;

-- Room for the new version of a row on the same page: balances change often and stand in no index (HOT updates).
ALTER TABLE "ledger_account" SET (fillfactor = 70);
-- Confirmations count up with every block.
ALTER TABLE "payment" SET (fillfactor = 85);

CREATE FUNCTION "ledger_account_guard"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    -- A balance is the sum of its postings, and a new account has none.
    NEW.balance := 0;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.mode, NEW.kind, NEW.asset, NEW.merchant_id, NEW.network)
     IS DISTINCT FROM (OLD.id, OLD.mode, OLD.kind, OLD.asset, OLD.merchant_id, OLD.network) THEN
    RAISE EXCEPTION 'ledger_account_fixed: account % keeps its identity; open another one', OLD.id
      USING ERRCODE = '23001', TABLE = 'ledger_account', CONSTRAINT = 'ledger_account_fixed';
  END IF;
  -- Depth 1 is a statement of a client; the postings' trigger comes here at depth 2.
  IF NEW.balance IS DISTINCT FROM OLD.balance AND pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'ledger_balance_by_posting: the balance of account % changes by postings only', OLD.id
      USING ERRCODE = '23001', TABLE = 'ledger_account', CONSTRAINT = 'ledger_balance_by_posting';
  END IF;
  RETURN NEW;
END;
$$;

CREATE TRIGGER "ledger_account_guard" BEFORE INSERT OR UPDATE ON "ledger_account"
  FOR EACH ROW EXECUTE FUNCTION "ledger_account_guard"();

-- Postings -----------------------------------------------------------------------------------------------------

-- Checks the postings of one INSERT and moves the balances. All postings of a transaction belong into one
-- statement: the sum is checked at its end.
CREATE FUNCTION "posting_apply"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  fault record;
BEGIN
  SELECT p.id, p.asset, a.asset AS account_asset, t.mode, a.mode AS account_mode INTO fault
    FROM added p
    JOIN ledger_account a ON a.id = p.account_id
    JOIN ledger_transaction t ON t.id = p.transaction_id
    WHERE p.asset <> a.asset OR t.mode <> a.mode
    LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'ledger_same_asset: posting % is % %, its account is % %',
      fault.id, fault.mode, fault.asset, fault.account_mode, fault.account_asset
      USING ERRCODE = '23514', TABLE = 'posting', CONSTRAINT = 'ledger_same_asset';
  END IF;

  SELECT p.transaction_id, p.asset, sum(p.amount) AS total INTO fault
    FROM posting p
    WHERE p.transaction_id IN (SELECT transaction_id FROM added)
    GROUP BY p.transaction_id, p.asset
    HAVING sum(p.amount) <> 0
    LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'ledger_zero_sum: the postings of transaction % in % sum to %',
      fault.transaction_id, fault.asset, fault.total
      USING ERRCODE = '23514', TABLE = 'posting', CONSTRAINT = 'ledger_zero_sum';
  END IF;

  -- Everyone takes the accounts in the same order, so two transactions wait for each other but never in a circle.
  PERFORM 1 FROM ledger_account
    WHERE id IN (SELECT account_id FROM added)
    ORDER BY id
    FOR NO KEY UPDATE;

  UPDATE ledger_account a
    SET balance = a.balance + moved.amount
    FROM (SELECT account_id, sum(amount) AS amount FROM added GROUP BY account_id) moved
    WHERE a.id = moved.account_id AND moved.amount <> 0;
  RETURN NULL;
END;
$$;

CREATE TRIGGER "posting_apply" AFTER INSERT ON "posting"
  REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION "posting_apply"();

-- Append only --------------------------------------------------------------------------------------------------

-- A mistake or a reorg is set right by a compensating transaction, what happened stays written.
CREATE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'append_only: % of % is not allowed; rows are only added', TG_OP, TG_TABLE_NAME
    USING ERRCODE = '23001', TABLE = TG_TABLE_NAME, CONSTRAINT = 'append_only';
END;
$$;

CREATE TRIGGER "posting_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "posting"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "ledger_transaction_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger_transaction"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "event_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "event"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
