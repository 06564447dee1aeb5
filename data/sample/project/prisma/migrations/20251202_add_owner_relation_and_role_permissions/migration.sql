-- Every vendor gets an owner. The column comes in nullable, is filled from the contact address, and
-- only then becomes required, so that it works on a table with rows.
-- AlterTable
ALTER TABLE "vendors" ADD COLUMN     "ownerId" TEXT;

UPDATE "vendors" v
   SET "ownerId" = u."id"
  FROM "users" u
 WHERE lower(u."email") = lower(v."contactEmail");

-- Where nobody has that address an administrator takes over.
UPDATE "vendors"
   SET "ownerId" = (SELECT "id" FROM "users" WHERE "role" = 'ADMIN' ORDER BY "createdAt", "id" LIMIT 1)
 WHERE "ownerId" IS NULL;

-- AlterTable
ALTER TABLE "vendors" ALTER COLUMN "ownerId" SET NOT NULL;

-- CreateTable
CREATE TABLE "role_permissions" (
    "role" "UserRole" NOT NULL,
    "permission" VARCHAR(64) NOT NULL,
    "grantedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "role_permissions_pkey" PRIMARY KEY ("role","permission")
);

-- CreateIndex
CREATE INDEX "vendors_ownerId_idx" ON "vendors"("ownerId");

-- AddForeignKey
ALTER TABLE "vendors" ADD CONSTRAINT "vendors_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

INSERT INTO "role_permissions" ("role", "permission") VALUES
    ('ADMIN', 'users:manage'),
    ('ADMIN', 'vendors:manage'),
    ('ADMIN', 'orders:manage'),
    ('SUPPORT', 'orders:read'),
    ('SUPPORT', 'orders:refund'),
    ('SUPPORT', 'users:read'),
    ('VENDOR', 'products:manage'),
    ('VENDOR', 'orders:read'),
    ('CUSTOMER', 'orders:create');
