-- Rows for the sample's databases, written for the schema as it stands after the twelfth migration.
-- Everything is computed from row numbers, so that each run gives the same shop.

INSERT INTO "users" ("id", "email", "passwordHash", "fullName", "role", "marketingOptIn", "createdAt", "updatedAt")
SELECT 'usr_' || lpad(n::text, 6, '0'),
       lower(given || '.' || family) || n || '@example.com',
       'no-password-' || md5('user' || n),
       given || ' ' || family,
       (CASE WHEN n <= 3 THEN 'ADMIN' WHEN n <= 12 THEN 'SUPPORT' WHEN n <= 60 THEN 'VENDOR' ELSE 'CUSTOMER' END)::"UserRole",
       n % 3 = 0,
       joined, joined
  FROM generate_series(1, 1200) n,
       LATERAL (SELECT (ARRAY['Ada', 'Bruno', 'Chiara', 'Dilek', 'Emil', 'Femke', 'Goran', 'Hana', 'Idris', 'Jonna',
                              'Kofi', 'Lena', 'Mateo', 'Nadia', 'Oskar', 'Priya', 'Quentin', 'Rosa', 'Sven', 'Tove'])[n % 20 + 1] AS given,
                       (ARRAY['Almeida', 'Berg', 'Castro', 'Demir', 'Engel', 'Fischer', 'Garcia', 'Horvat', 'Ivanova', 'Jensen',
                              'Kowalski', 'Lindholm', 'Moreau', 'Novak', 'Okafor', 'Petrov', 'Rossi'])[n % 17 + 1] AS family,
                       timestamp '2025-01-15 08:00' + n * interval '5 hours' AS joined) person;

INSERT INTO "addresses" ("id", "userId", "label", "line1", "city", "postalCode", "country", "createdAt")
SELECT 'adr_' || right("id", 6), "id", 'Home', (n % 180 + 1) || ' Harbour Street',
       (ARRAY['Hamburg', 'Rotterdam', 'Antwerp', 'Gothenburg', 'Trieste', 'Porto'])[n % 6 + 1],
       lpad((10000 + n * 7)::text, 5, '0'),
       (ARRAY['DE', 'NL', 'BE', 'SE', 'IT', 'PT'])[n % 6 + 1],
       "createdAt"
  FROM "users", LATERAL (SELECT right("id", 6)::int AS n) number;

INSERT INTO "categories" ("id", "parentId", "name", "slug")
VALUES ('cat_home', NULL, 'Home', 'home'),
       ('cat_garden', NULL, 'Garden', 'garden'),
       ('cat_office', NULL, 'Office', 'office'),
       ('cat_kitchen', 'cat_home', 'Kitchen', 'kitchen'),
       ('cat_lighting', 'cat_home', 'Lighting', 'lighting'),
       ('cat_textiles', 'cat_home', 'Textiles', 'textiles'),
       ('cat_tools', 'cat_garden', 'Tools', 'tools'),
       ('cat_paper', 'cat_office', 'Paper', 'paper');

-- Two in five vendors have a contact address that belongs to nobody: real data is like that.
INSERT INTO "vendors" ("id", "name", "slug", "contactEmail", "createdAt", "updatedAt")
SELECT 'vnd_' || lpad(n::text, 4, '0'), city || ' ' || trade, lower(city || '-' || trade || '-' || n),
       CASE WHEN n % 5 < 3 THEN u."email" ELSE 'office@' || lower(city || '-' || trade) || n || '.example' END,
       timestamp '2025-02-05 10:00' + n * interval '2 days', timestamp '2025-02-05 10:00' + n * interval '2 days'
  FROM generate_series(1, 48) n
  JOIN "users" u ON u."id" = 'usr_' || lpad((n + 12)::text, 6, '0'),
       LATERAL (SELECT (ARRAY['Nordsee', 'Lagoon', 'Ebb', 'Skerry', 'Delta', 'Estuary'])[n % 6 + 1] AS city,
                       (ARRAY['Ceramics', 'Timber', 'Linen', 'Lamps', 'Press', 'Forge', 'Glass'])[n % 7 + 1] AS trade) name;

INSERT INTO "products" ("id", "vendorId", "categoryId", "sku", "legacyCode", "name", "price", "stock", "isActive",
                        "attributes", "createdAt", "updatedAt")
SELECT 'prd_' || lpad(n::text, 6, '0'),
       'vnd_' || lpad((n % 48 + 1)::text, 4, '0'),
       (ARRAY['cat_kitchen', 'cat_lighting', 'cat_textiles', 'cat_tools', 'cat_paper'])[n % 5 + 1],
       'BRX-' || lpad(n::text, 5, '0'),
       CASE WHEN n % 4 = 0 THEN 'L' || n END,
       (ARRAY['Plain', 'Striped', 'Tall', 'Small', 'Folding', 'Blue', 'Oak'])[n % 7 + 1] || ' '
         || (ARRAY['bowl', 'lamp', 'blanket', 'trowel', 'notebook'])[n % 5 + 1],
       round((4 + (n * 37 % 9500) / 100.0)::numeric, 2), n * 13 % 240, n % 17 <> 0,
       jsonb_build_object('colour', (ARRAY['white', 'sand', 'navy'])[n % 3 + 1], 'handmade', n % 2 = 0),
       timestamp '2025-02-10 09:00' + n * interval '3 hours', timestamp '2025-02-10 09:00' + n * interval '3 hours'
  FROM generate_series(1, 1500) n;

INSERT INTO "product_images" ("id", "productId", "url", "position")
SELECT 'img_' || right(p."id", 6) || '_' || i, p."id", 'https://images.example.com/' || p."sku" || '/' || i || '.webp', i
  FROM "products" p, generate_series(0, 1) i;

INSERT INTO "coupons" ("id", "code", "kind", "value", "validFrom", "validUntil", "maxUses")
VALUES ('cpn_spring', 'SPRING10', 'PERCENT', 10, '2025-03-01', '2025-06-01', NULL),
       ('cpn_tide', 'HIGHTIDE', 'AMOUNT', 5, '2025-07-14', NULL, 500),
       ('cpn_welcome', 'WELCOME', 'PERCENT', 15, '2025-07-14', NULL, NULL);

INSERT INTO "orders" ("id", "userId", "addressId", "couponId", "status", "total", "placedAt", "updatedAt")
SELECT 'ord_' || lpad(n::text, 6, '0'), 'usr_' || buyer, 'adr_' || buyer,
       CASE WHEN n % 9 = 0 THEN 'cpn_welcome' WHEN n % 14 = 0 THEN 'cpn_tide' END,
       'PENDING', 0, placed, placed
  FROM generate_series(1, 3000) n,
       LATERAL (SELECT lpad((61 + n * 7 % 1100)::text, 6, '0') AS buyer,
                       timestamp '2025-03-01 07:30' + n * interval '2 hours' AS placed) who;

INSERT INTO "order_items" ("id", "orderId", "productId", "quantity", "unitPrice")
SELECT 'itm_' || right(o."id", 6) || '_' || i, o."id", p."id", (i + right(o."id", 6)::int) % 3 + 1, p."price"
  FROM "orders" o
 CROSS JOIN generate_series(1, 3) i
  JOIN "products" p ON p."id" = 'prd_' || lpad(((right(o."id", 6)::int * 11 + i * 499) % 1500 + 1)::text, 6, '0')
 WHERE i <= right(o."id", 6)::int % 3 + 1;

UPDATE "orders" o
   SET "total" = items.total,
       "status" = (CASE WHEN n % 20 = 0 THEN 'CANCELLED' WHEN n > 2900 THEN 'PENDING' WHEN n > 2750 THEN 'PAID'
                        WHEN n > 2600 THEN 'SHIPPED' ELSE 'DELIVERED' END)::"OrderStatus"
  FROM (SELECT "orderId", sum("quantity" * "unitPrice") AS total, right("orderId", 6)::int AS n
          FROM "order_items" GROUP BY "orderId") items
 WHERE items."orderId" = o."id";

INSERT INTO "payments" ("id", "orderId", "method", "status", "amount", "reference", "capturedAt", "createdAt")
SELECT 'pay_' || right("id", 6), "id",
       (ARRAY['CARD', 'BANK_TRANSFER', 'WALLET'])["number" % 3 + 1]::"PaymentMethod",
       (CASE "status" WHEN 'PENDING' THEN 'AUTHORIZED' WHEN 'CANCELLED' THEN 'FAILED' ELSE 'CAPTURED' END)::"PaymentStatus",
       "total", 'REF-' || upper(substr(md5("id"), 1, 12)),
       CASE WHEN "status" NOT IN ('PENDING', 'CANCELLED') THEN "placedAt" + interval '4 minutes' END,
       "placedAt"
  FROM "orders";

INSERT INTO "shipments" ("id", "orderId", "carrier", "trackingNo", "shippedAt", "deliveredAt")
SELECT 'shp_' || right("id", 6), "id", (ARRAY['Gull Post', 'Buoy Express'])["number" % 2 + 1],
       'TRK' || right("id", 6), "placedAt" + interval '1 day',
       CASE WHEN "status" = 'DELIVERED' THEN "placedAt" + interval '3 days' END
  FROM "orders" WHERE "status" IN ('SHIPPED', 'DELIVERED');

INSERT INTO "reviews" ("id", "productId", "userId", "rating", "title", "createdAt")
SELECT 'rev_' || right(i."id", 8), i."productId", o."userId", 5 - (o."number" % 7) / 2,
       (ARRAY['Exactly as shown', 'Good', 'Took a while', 'Lovely'])[o."number" % 4 + 1], o."placedAt" + interval '9 days'
  FROM "order_items" i
  JOIN "orders" o ON o."id" = i."orderId"
 WHERE o."status" = 'DELIVERED' AND o."number" % 3 = 0
    ON CONFLICT ("productId", "userId") DO NOTHING;

INSERT INTO "carts" ("id", "userId", "checkedOutAt", "createdAt", "updatedAt")
SELECT 'crt_' || right("id", 6), "id", CASE WHEN right("id", 6)::int % 4 = 0 THEN "createdAt" + interval '1 hour' END,
       "createdAt", "createdAt"
  FROM "users" WHERE "role" = 'CUSTOMER';

INSERT INTO "cart_items" ("cartId", "productId", "quantity", "addedAt")
SELECT c."id", 'prd_' || lpad((right(c."id", 6)::int % 1500 + i)::text, 6, '0'), i, c."createdAt"
  FROM "carts" c, generate_series(1, 2) i
 WHERE right(c."id", 6)::int % 1500 + i <= 1500;

INSERT INTO "notifications" ("id", "userId", "kind", "title", "payload", "readAt", "createdAt")
SELECT 'ntf_' || right("id", 6), "userId", 'ORDER', 'Your order ' || "number", jsonb_build_object('order', "number"),
       CASE WHEN "number" % 2 = 0 THEN "placedAt" + interval '6 hours' END, "placedAt"
  FROM "orders";
