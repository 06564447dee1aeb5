-- CreateTable
CREATE TABLE "order_status_events" (
    "id" BIGSERIAL NOT NULL,
    "orderId" TEXT NOT NULL,
    "from" "OrderStatus",
    "to" "OrderStatus" NOT NULL,
    "changedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "order_status_events_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "order_status_events_orderId_idx" ON "order_status_events"("orderId");

-- AddForeignKey
ALTER TABLE "order_status_events" ADD CONSTRAINT "order_status_events_orderId_fkey" FOREIGN KEY ("orderId") REFERENCES "orders"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Written by hand: every change of an order's status leaves an event, whoever makes it.
CREATE FUNCTION log_order_status() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO "order_status_events" ("orderId", "to") VALUES (NEW."id", NEW."status");
    ELSIF NEW."status" IS DISTINCT FROM OLD."status" THEN
        INSERT INTO "order_status_events" ("orderId", "from", "to")
        VALUES (NEW."id", OLD."status", NEW."status");
    END IF;
    RETURN NULL;
END;
$$;

CREATE TRIGGER "orders_log_status"
    AFTER INSERT OR UPDATE OF "status" ON "orders"
    FOR EACH ROW EXECUTE FUNCTION log_order_status();
