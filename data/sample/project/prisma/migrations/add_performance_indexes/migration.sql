-- The shop stays open while these are built: CONCURRENTLY takes no lock that writers would wait for,
-- and cannot run inside a transaction.

-- CreateIndex
CREATE INDEX CONCURRENTLY "products_vendorId_isActive_idx" ON "products"("vendorId", "isActive");

-- CreateIndex
CREATE INDEX CONCURRENTLY "orders_userId_placedAt_idx" ON "orders"("userId", "placedAt" DESC);

-- CreateIndex
CREATE INDEX CONCURRENTLY "orders_status_placedAt_idx" ON "orders"("status", "placedAt");

-- CreateIndex
CREATE INDEX CONCURRENTLY "order_items_productId_idx" ON "order_items"("productId");

-- CreateIndex
CREATE INDEX CONCURRENTLY "payments_status_createdAt_idx" ON "payments"("status", "createdAt");

-- CreateIndex
CREATE INDEX CONCURRENTLY "reviews_productId_rating_idx" ON "reviews"("productId", "rating");

-- CreateIndex
CREATE INDEX CONCURRENTLY "notifications_userId_createdAt_idx" ON "notifications"("userId", "createdAt" DESC);
