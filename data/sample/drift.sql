-- What somebody did by hand on production one Friday evening, and told nobody: no migration knows of it.

ALTER TABLE "orders" ADD COLUMN "internalNote" TEXT;

CREATE INDEX "orders_placedAt_hotfix" ON "orders"("placedAt") WHERE "status" = 'PENDING';

UPDATE "orders" SET "internalNote" = 'called the customer, parcel is late' WHERE "number" % 250 = 0;
