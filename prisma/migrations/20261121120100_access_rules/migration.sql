-- What the Prisma schema cannot say of access (FEATURES A11, B4, B8).

-- Keys made before there were scopes keep what they could do.
UPDATE "api_key" SET "scopes" = CASE "kind"
  WHEN 'SECRET' THEN ARRAY['merchant:read', 'project:read', 'invoice:read', 'invoice:write', 'invoice:pay',
    'balance:read', 'event:read']
  ELSE ARRAY['invoice:pay'] END;
ALTER TABLE "api_key" ALTER COLUMN "scopes" SET NOT NULL;

-- The audit log and the holds are only added to.
CREATE TRIGGER "audit_entry_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_entry"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "withdrawal_hold_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "withdrawal_hold"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

-- A member without the restriction has no list that could be taken for one, and a list names each project once.
ALTER TABLE "member" ADD CONSTRAINT "member_projects_only_when_restricted"
  CHECK ("restricted" OR cardinality("project_ids") = 0);

-- A threshold is an amount of a currency, and a tolerance is not the whole price (FEATURES C4).
ALTER TABLE "project" ADD CONSTRAINT "project_underpaid_is_money"
  CHECK (("underpaid_amount" IS NULL) = ("underpaid_currency" IS NULL) AND "underpaid_amount" > 0);
ALTER TABLE "project" ADD CONSTRAINT "project_underpaid_is_a_part"
  CHECK ("underpaid_basis_points" BETWEEN 0 AND 5000);
ALTER TABLE "project" ALTER COLUMN "accepted_assets" SET NOT NULL;
-- What a member may still read is asked by project.
UPDATE "notification" SET "project_id" = "event"."project_id" FROM "event"
  WHERE "event"."id" = "notification"."event_id" AND "event"."project_id" IS NOT NULL;

-- The audit log of a gateway that has events already begins behind the last one that its relay has told of.
INSERT INTO "event_cursor" ("reader", "txid", "seq")
  SELECT 'audit_start', "txid", "seq" FROM "event_cursor" WHERE "reader" = 'relay';
-- Nobody works for merchants and runs the gateway as well. Both sides lock the person first, so that of two at the
-- same time the second one sees the first.
CREATE FUNCTION "refuse_mixed_access"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  mixed boolean;
BEGIN
  PERFORM 1 FROM "user" WHERE "id" = NEW."user_id" FOR NO KEY UPDATE;
  IF TG_TABLE_NAME = 'member' THEN
    SELECT EXISTS (SELECT FROM "operator" WHERE "user_id" = NEW."user_id") INTO mixed;
  ELSE
    SELECT EXISTS (SELECT FROM "member" WHERE "user_id" = NEW."user_id") INTO mixed;
  END IF;
  IF mixed THEN
    RAISE EXCEPTION 'an operator is never a member of a merchant'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'operator_is_no_member';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "member_is_no_operator" BEFORE INSERT OR UPDATE OF "user_id" ON "member"
  FOR EACH ROW EXECUTE FUNCTION "refuse_mixed_access"();
CREATE TRIGGER "operator_is_no_member" BEFORE INSERT OR UPDATE OF "user_id" ON "operator"
  FOR EACH ROW EXECUTE FUNCTION "refuse_mixed_access"();
