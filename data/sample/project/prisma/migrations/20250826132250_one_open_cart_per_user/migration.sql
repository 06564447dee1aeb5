-- Written by hand: Prisma cannot model a partial unique index.
-- A person has one open cart at most; carts that were checked out stay as history.
CREATE UNIQUE INDEX "carts_one_open_per_user" ON "carts"("userId") WHERE "checkedOutAt" IS NULL;
