-- Written by hand: what each vendor sold per month, for the finance dashboard.
CREATE VIEW "vendor_sales" AS
SELECT v."id" AS "vendorId",
       v."name" AS "vendorName",
       date_trunc('month', o."placedAt")::date AS "month",
       count(DISTINCT o."id") AS "orders",
       sum(i."quantity") AS "units",
       sum(i."quantity" * i."unitPrice") AS "revenue"
  FROM "vendors" v
  JOIN "products" p ON p."vendorId" = v."id"
  JOIN "order_items" i ON i."productId" = p."id"
  JOIN "orders" o ON o."id" = i."orderId"
 WHERE o."status" IN ('PAID', 'SHIPPED', 'DELIVERED')
 GROUP BY v."id", v."name", date_trunc('month', o."placedAt");

COMMENT ON VIEW "vendor_sales" IS 'Units and revenue by vendor and month; cancelled and unpaid orders left out';
