INSERT INTO schema_migrations VALUES (1, 'create', '2026-11-25 21:44:20.084112');
INSERT INTO documents VALUES ('a062692fe0994cff', '/reports/report.txt', 'a062692fe0994cff8d76c8065d46d1f6b48e2ce61229d56bf5964751c851922d', 1, 'text/plain', 'BC', '118', 'BC-UBND', 'Ủy ban nhân dân huyện Thanh Sơn', '25.238', 'Thanh Sơn', '2021-11-12', 'Kết quả cải cách thủ tục hành chính năm 2021', NULL, NULL, 1, 'text', 'clean', 0.9734063245900989, '20261125T214420-7fdd0f', '2026-11-25 21:44:21.367611', NULL, '[]'::JSON, '["Như trên; CHỦ TỊCH", "Lưu: VT. Trần Văn Bình"]'::JSON, '{}');
INSERT INTO pages VALUES ('a062692fe0994cff', 1, NULL, NULL, 'text', 'clean', 'ỦY BAN NHÂN DÂN            CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
HUYỆN THANH SƠN            Độc lập - Tự do - Hạnh phúc
Số: 118/BC-UBND            Thanh Sơn, ngày 12 tháng 11 năm 2021

BÁO CÁO
Kết quả cải cách thủ tục hành chính năm 2021

I. KẾT QUẢ THỰC HIỆN
1. Tiếp nhận và giải quyết hồ sơ
Trong năm, Bộ phận Một cửa đã tiếp nhận 4.210 hồ sơ, trong đó có 1.305 hồ sơ trực tuyến.
Tỷ lệ giải quyết đúng hạn đạt 98,5%.
2. Trang thiết bị
Đã lắp đặt 17 máy tính tại 12/23 xã với kinh phí 640 triệu đồng.
II. PHƯƠNG HƯỚNG
Phấn đấu năm 2022 có 80% hồ sơ được tiếp nhận trực tuyến.

Nơi nhận:                                   TM. ỦY BAN NHÂN DÂN
- Như trên;                                 CHỦ TỊCH
- Lưu: VT.                                  Trần Văn Bình
', 'ỦY BAN NHÂN DÂN            CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
HUYỆN THANH SƠN            Độc lập - Tự do - Hạnh phúc
Số: 118/BC-UBND            Thanh Sơn, ngày 12 tháng 11 năm 2021

BÁO CÁO
Kết quả cải cách thủ tục hành chính năm 2021

I. KẾT QUẢ THỰC HIỆN
1. Tiếp nhận và giải quyết hồ sơ
Trong năm, Bộ phận Một cửa đã tiếp nhận 4.210 hồ sơ, trong đó có 1.305 hồ sơ trực tuyến.
Tỷ lệ giải quyết đúng hạn đạt 98,5%.
2. Trang thiết bị
Đã lắp đặt 17 máy tính tại 12/23 xã với kinh phí 640 triệu đồng.
II. PHƯƠNG HƯỚNG
Phấn đấu năm 2022 có 80% hồ sơ được tiếp nhận trực tuyến.

Nơi nhận:                                   TM. ỦY BAN NHÂN DÂN
- Như trên;                                 CHỦ TỊCH
- Lưu: VT.                                  Trần Văn Bình
', 0.9734063245900989, NULL, NULL);
INSERT INTO sections VALUES ('a062692fe0994cff-s0000', 'a062692fe0994cff', NULL, 0, 'letterhead', NULL, '', '', 'ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
HUYỆN THANH SƠN Độc lập - Tự do - Hạnh phúc
Số: 118/BC-UBND Thanh Sơn, ngày 12 tháng 11 năm 2021
BÁO CÁO
Kết quả cải cách thủ tục hành chính năm 2021', 1, 1);
INSERT INTO sections VALUES ('a062692fe0994cff-s0001', 'a062692fe0994cff', NULL, 1, 'part', 'I.', 'I', 'KẾT QUẢ THỰC HIỆN', 'I. KẾT QUẢ THỰC HIỆN', 1, 1);
INSERT INTO sections VALUES ('a062692fe0994cff-s0002', 'a062692fe0994cff', 'a062692fe0994cff-s0001', 2, 'section', '1.', 'I.1', 'Tiếp nhận và giải quyết hồ sơ', '1. Tiếp nhận và giải quyết hồ sơ
Trong năm, Bộ phận Một cửa đã tiếp nhận 4.210 hồ sơ, trong đó có 1.305 hồ sơ trực tuyến. Tỷ lệ giải quyết đúng hạn đạt 98,5%.', 1, 1);
INSERT INTO sections VALUES ('a062692fe0994cff-s0003', 'a062692fe0994cff', 'a062692fe0994cff-s0001', 3, 'section', '2.', 'I.2', 'Trang thiết bị', '2. Trang thiết bị
Đã lắp đặt 17 máy tính tại 12/23 xã với kinh phí 640 triệu đồng.', 1, 1);
INSERT INTO sections VALUES ('a062692fe0994cff-s0004', 'a062692fe0994cff', NULL, 4, 'part', 'II.', 'II', 'PHƯƠNG HƯỚNG', 'II. PHƯƠNG HƯỚNG
Phấn đấu năm 2022 có 80% hồ sơ được tiếp nhận trực tuyến.', 1, 1);
INSERT INTO sections VALUES ('a062692fe0994cff-s0005', 'a062692fe0994cff', NULL, 5, 'recipients', NULL, '', '', '- Như trên; CHỦ TỊCH
- Lưu: VT. Trần Văn Bình', 1, 1);
INSERT INTO sections VALUES ('a062692fe0994cff-s0006', 'a062692fe0994cff', NULL, 6, 'signature', NULL, '', '', 'Nơi nhận: TM. ỦY BAN NHÂN DÂN', 1, 1);
INSERT INTO figures VALUES ('a062692fe0994cff-f00000', 'a062692fe0994cff', 'a062692fe0994cff-s0002', 'I.1', NULL, 1, 10, NULL, NULL, NULL, NULL, '4.210', '4.210 hồ sơ', 'Trong năm, Bộ phận Một cửa đã tiếp nhận 4.210 hồ sơ, trong đó có 1.305 hồ sơ trực tuyến.', 'count', 4210.000000, NULL, NULL, 'exact', 'hồ sơ', 'Bộ phận Một cửa đã tiếp nhận 4.210 hồ sơ', 'files_received', NULL, NULL, '2021-01-01', '2021-12-31', false, 0.974, 'confirmed', 330, 335);
INSERT INTO figures VALUES ('a062692fe0994cff-f00001', 'a062692fe0994cff', 'a062692fe0994cff-s0002', 'I.1', NULL, 1, 10, NULL, NULL, NULL, NULL, '1.305', '1.305 hồ sơ', 'Trong năm, Bộ phận Một cửa đã tiếp nhận 4.210 hồ sơ, trong đó có 1.305 hồ sơ trực tuyến.', 'count', 1305.000000, NULL, NULL, 'exact', 'hồ sơ', 'trong đó có 1.305 hồ sơ trực tuyến', 'files_online', NULL, NULL, '2021-01-01', '2021-12-31', false, 0.974, NULL, 355, 360);
INSERT INTO figures VALUES ('a062692fe0994cff-f00002', 'a062692fe0994cff', 'a062692fe0994cff-s0002', 'I.1', NULL, 1, 11, NULL, NULL, NULL, NULL, '98,5%.', '98,5%', 'Tỷ lệ giải quyết đúng hạn đạt 98,5%.', 'percent', 98.500000, NULL, NULL, 'exact', '%', 'Tỷ lệ giải quyết đúng hạn đạt 98,5%', 'files_on_time_share', NULL, NULL, '2021-01-01', '2021-12-31', false, 0.9851, NULL, 409, 415);
INSERT INTO figures VALUES ('a062692fe0994cff-f00003', 'a062692fe0994cff', 'a062692fe0994cff-s0003', 'I.2', NULL, 1, 13, NULL, NULL, NULL, NULL, '17', '17 máy tính', 'Đã lắp đặt 17 máy tính tại 12/23 xã với kinh phí 640 triệu đồng.', 'count', 17.000000, NULL, NULL, 'exact', 'máy tính', 'Đã lắp đặt 17 máy tính tại 12/23 xã với kinh phí 640 triệu đồng', 'computers', NULL, NULL, '2021-01-01', '2021-12-31', false, 0.974, NULL, 445, 447);
INSERT INTO figures VALUES ('a062692fe0994cff-f00004', 'a062692fe0994cff', 'a062692fe0994cff-s0003', 'I.2', NULL, 1, 13, NULL, NULL, NULL, NULL, '12/23', '12/23 xã', 'Đã lắp đặt 17 máy tính tại 12/23 xã với kinh phí 640 triệu đồng.', 'ratio', 12.000000, 23.000000, NULL, 'exact', 'xã', 'Đã lắp đặt 17 máy tính tại 12/23 xã với kinh phí 640 triệu đồng', NULL, NULL, NULL, '2021-01-01', '2021-12-31', false, 0.974, NULL, 461, 466);
INSERT INTO figures VALUES ('a062692fe0994cff-f00005', 'a062692fe0994cff', 'a062692fe0994cff-s0003', 'I.2', NULL, 1, 13, NULL, NULL, NULL, NULL, '640 triệu đồng.', '640 triệu đồng', 'Đã lắp đặt 17 máy tính tại 12/23 xã với kinh phí 640 triệu đồng.', 'money', 640000000.000000, NULL, NULL, 'exact', 'VND', 'Đã lắp đặt 17 máy tính tại 12/23 xã với kinh phí 640 triệu đồng', NULL, NULL, NULL, '2021-01-01', '2021-12-31', false, 0.9812, NULL, 483, 498);
INSERT INTO figures VALUES ('a062692fe0994cff-f00006', 'a062692fe0994cff', 'a062692fe0994cff-s0004', 'II', NULL, 1, 15, NULL, NULL, NULL, NULL, '80%', '80%', 'Phấn đấu năm 2022 có 80% hồ sơ được tiếp nhận trực tuyến.', 'percent', 80.000000, NULL, NULL, 'exact', '%', 'Phấn đấu năm 2022 có 80% hồ sơ được tiếp nhận trực tuyến', 'files_online_share', NULL, NULL, '2022-01-01', '2022-12-31', true, 0.9851, NULL, 537, 540);
INSERT INTO runs VALUES ('20261125T214420-7fdd0f', '2026-11-25 21:44:20.119927', '2026-11-25 21:44:21.484026', 'finished', '0.1.0', '{}', 'c4c27edddeb663c5', true);
INSERT INTO run_files VALUES ('20261125T214420-7fdd0f', '/reports/report.txt', 'a062692fe0994cff8d76c8065d46d1f6b48e2ce61229d56bf5964751c851922d', 'loaded', NULL, 1, 1, 7, 0, 1.025);
INSERT INTO sources VALUES ('/reports/report.txt', 'a062692fe0994cff8d76c8065d46d1f6b48e2ce61229d56bf5964751c851922d', 932, 'text/plain', 'c4c27edddeb663c5', '20261125T214420-7fdd0f', '2026-11-25 21:44:21.367611');
