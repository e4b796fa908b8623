from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from baocao_etl.figures import extract
from baocao_etl.settings import Settings
from tests.figures.support import brief, figures_in
from tests.pages import documents_of


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Đã tiếp nhận 3.338 hồ sơ.", [("count", "3338", "hồ sơ")]),
        ("Tỷ lệ đạt 4,92%.", [("percent", "4.92", "%")]),
        ("Đạt 1 00% kế hoạch.", [("percent", "100", "%")]),
        ("Có 14/14 xã, thị trấn áp dụng.", [("ratio", "14/14", "xã, thị trấn")]),
        ("Chào bán 200 sản phẩm/502 sản phẩm.", [("ratio", "200/502", "sản phẩm")]),
        ("Tỷ lệ máy tính đạt 19MT/21CBCC.", [("ratio", "19/21", "MT/CBCC")]),
        ("Kinh phí 8.699,28 triệu đồng.", [("money", "8699280000", "VND")]),
        ("Kinh phí 2 tỷ 100 triệu đồng.", [("money", "2100000000", "VND")]),
        ("Kinh phí là 4.652.000.000đ.", [("money", "4652000000", "VND")]),
        ("Hỗ trợ 60 triệu đồng/hộ.", [("money", "60000000", "VND")]),
        ("Hỗ trợ 60 ứriệu đồng/hộ.", [("money", "60000000", "VND")]),
        ("Đường truyền tốc độ 60MB.", [("quantity", "60", "MB")]),
        ("Làm mới 12,5 km đường.", [("quantity", "12.5", "km")]),
        (
            "Chỉ số đạt 6,25 điểm, xếp vị trí thứ 23.",
            [("score", "6.25", "điểm"), ("rank", "23", None)],
        ),
        ("Toàn huyện có 16 điểm tiếp nhận hồ sơ.", [("count", "16", "điểm tiếp nhận")]),
        (
            "Có 05 máy Scan, 01 máy Photocopy.",
            [("count", "5", "máy Scan"), ("count", "1", "máy Photocopy")],
        ),
        ("Trang bị 05 Switch 24 cổng.", [("count", "5", "Switch")]),
        ("Tổng hồ sơ nộp trực tuyến là 1952, đạt kế hoạch.", [("count", "1952", "hồ sơ")]),
        ("Hơn 4 triệu nhân viên.", [("count", "4000000", "nhân viên")]),
        ("Có 49 dịch vụ công trực tuyến mức độ 3.", [("count", "49", "dịch vụ công")]),
        ("Hướng dẫn 30 huyện, thị xã, thành phố.", [("count", "30", "huyện, thị xã, thành phố")]),
        ("Thu đạt 87,25 nghìn tỷ đồng.", [("money", "87250000000000", "VND")]),
        ("Vay 5 tỷ tỷ đồng.", [("money", "5000000000", "VND")]),
        ("Hỗ trợ 12 ly đồng.", [("count", "12", "ly đồng")]),  # what it was cannot be told
        ("Hỗ trợ 3 trăm triệu đồng.", [("money", "300000000", "VND")]),
        ("Trồng mới 5 triệu ha rừng.", [("quantity", "5000000", "ha")]),
        ("Nộp 03 (ba) bộ hồ sơ.", [("count", "3", "bộ hồ sơ")]),
        ("Lệ phí 6.500 (sáu nghìn năm trăm) đồng/hồ sơ.", [("money", "6500", "VND")]),
        ("Thu 400.000 đồng/01 giấy phép.", [("money", "400000", "VND")]),
        ("Đón 12 500 lượt người.", [("count", "12500", "lượt người")]),
        ("Tăng trưởng ở mức 5,6%; đạt kế hoạch.", [("percent", "5.6", "%")]),
        ("Đạt 82,6/100 điểm.", [("score", "82.6/100", "điểm")]),
        ("Mật độ 250 người/km2.", [("quantity", "250", "người/km2")]),
        ("Công suất 500 m3/ngày đêm.", [("quantity", "500", "m3/ngày đêm")]),
        ("Tổ chức được 41 chủ đề.", [("count", "41", "chủ đề")]),
        ("Mật độ 115 thuê bao/100 dân.", [("quantity", "115", "thuê bao/100 dân")]),
        ("Số hồ sơ gấp 2,4 lần.", [("count", "2.4", "lần")]),
        ("PAPI đạt 41,9653 điểm.", [("score", "41.9653", "điểm")]),
        ("Sửa chữa trụ sở 720 triệu đồng.", [("money", "720000000", "VND")]),
        ("Chi chuyển đổi số 39.700 triệu đồng.", [("money", "39700000000", "VND")]),
        ("Trợ cấp hằng tháng 10,4 tỷ đồng.", [("money", "10400000000", "VND")]),
        ("Chia làm 02 giai đoạn.", [("count", "2", "giai đoạn")]),
        ("Phải mở 08 cửa xả.", [("count", "8", "cửa xả")]),
        (
            "Có 29 doanh nghiệp, ban hành 2 văn bản.",
            [
                ("count", "29", "doanh nghiệp"),
                ("count", "2", "văn bản"),
            ],
        ),
        (
            "Lắp camera tại 15 điểm, xử lý 02 vụ tai nạn.",
            [
                ("count", "15", "điểm"),
                ("count", "2", "vụ"),
            ],
        ),
        (
            "Đạt 17,8 điểm; mức độ hài lòng 18 điểm.",
            [
                ("score", "17.8", "điểm"),
                ("score", "18", "điểm"),
            ],
        ),
        ("Chậm 04 tháng so với kế hoạch.", [("quantity", "4", "tháng")]),
        ("Thời hạn thuê đất là 50 năm.", [("quantity", "50", "năm")]),
        ("Tước quyền sử dụng chứng chỉ 03 tháng.", [("quantity", "3", "tháng")]),
        ("Cầu phao ách tắc 5 giờ đêm 12/8.", [("quantity", "5", "giờ")]),
        ("Tuổi đời bình quân 38,5 tuổi.", [("quantity", "38.5", "tuổi")]),
        ("Tỷ lệ thất nghiệp giảm 0,4 điểm phần trăm.", [("percent", "0.4", "%")]),
        ("Tỷ suất sinh thô 14,6‰.", [("quantity", "14.6", "‰")]),
        ("Sấy ở 65 °€ trong lò.", [("quantity", "65", "°C")]),
        ("Hỗ trợ 50.000 đồng Việt Nam/01 suất/1 bữa.", [("money", "50000", "VND")]),
        ("Bố trí không quá 02 Phó Chi cục trưởng.", [("count", "2", "Phó Chi cục trưởng")]),
        ("Công tác kiểm tra sổ sách định kỳ 06 tháng và hàng năm.", []),
        ("Công tác kiểm kê chiếm 5 ngày.", [("quantity", "5", "ngày")]),
        ("Chỉ có 1/3 số thôn có nhà văn hóa.", [("ratio", "1/3", "thôn")]),
        ("Mạng 4G 97,5% dân số.", [("percent", "97.5", "%")]),
        ("Theo Đề án 120 nhà vệ sinh.", [("count", "120", "nhà vệ sinh")]),
        (
            "Chỉ số PAPI xếp thứ nhì vùng, DTI đứng ở vị trí thứ mười bảy.",
            [("rank", "2", None), ("rank", "17", None)],
        ),
        ("PCI xếp thứ ba mươi mốt cả nước.", [("rank", "31", None)]),
        (
            "Phát 40 bài giảng, tước 6 giấy phép lái xe.",
            [("count", "40", "bài giảng"), ("count", "6", "giấy phép lái xe")],
        ),
        (
            "Đến 700 văn bản, văn bản đi 90 văn bản.",
            [("count", "700", "văn bản"), ("count", "90", "văn bản")],
        ),
        ("Tập huấn cho 14 xã, thị xã Kỳ Anh.", [("count", "14", "xã")]),
        ("Còn 70 hộ chưa ký nhận.", [("count", "70", "hộ")]),
        (
            "Có 31 nhiệm vụ (đúng hạn 26, quá hạn 5).",
            [("count", "31", "nhiệm vụ"), ("count", "26", "nhiệm vụ"), ("count", "5", "nhiệm vụ")],
        ),
        (
            "Nhận 600 đơn, trong đó đủ điều kiện 540, trả lại 60.",
            [("count", "600", "đơn"), ("count", "540", "đơn"), ("count", "60", "đơn")],
        ),
        ("Có 18 hộ (thôn 5, tổ 3).", [("count", "18", "hộ")]),
        ("Mở 04 lớp/130 người.", [("count", "4", "lớp"), ("count", "130", "người")]),
        ("Chôn 90 con lợn.", [("count", "90", "con")]),
        ("Chuyển đổi số 17/19 ấp có tổ công nghệ.", [("ratio", "17/19", "ấp")]),
        ("Phạt 416 viên chức, người lao động.", [("count", "416", "viên chức")]),
        (
            "Xếp thứ 12/63, giảm 1/3 so với trước.",
            [("ratio", "12/63", None), ("ratio", "1/3", None)],
        ),
        (
            "Nhiệt độ 36°C; tỷ lệ 9,1 bác sĩ/vạn dân.",
            [("quantity", "36", "°C"), ("quantity", "9.1", "bác sĩ/vạn dân")],
        ),
        ("Đội Phản ứng 911 xử lý 02 vụ cháy.", [("count", "2", "vụ")]),
        (
            "Chi 20 tr.đ sửa mái, 350 trđ đắp nền, thu 1.250 ngđ.",
            [
                ("money", "20000000", "VND"),
                ("money", "350000000", "VND"),
                ("money", "1250000", "VND"),
            ],
        ),
        ("Đã ra kết luận 05/07 chi bộ.", [("ratio", "5/7", "chi bộ")]),
        ("Mời 35 cụ ra đình.", [("count", "35", "cụ")]),
        (
            "Lập 07 ban chỉ huy, 06 trạm, chốt; mua 09 máy định vị.",
            [
                ("count", "7", "ban chỉ huy"),
                ("count", "6", "trạm, chốt"),
                ("count", "9", "máy định vị"),
            ],
        ),
        (
            "Giữ 54 quầy, lập 41 quầy tại các nơi: Sơn Động (12), thị xã Chũ (08), Lục Nam (21).",
            [("count", n, "quầy") for n in ("54", "41", "12", "8", "21")],
        ),
        (
            "Nhận ở cấp tỉnh 120 đơn; cấp huyện 45; cấp xã 30.",
            [("count", "120", "đơn"), ("count", "45", "đơn"), ("count", "30", "đơn")],
        ),
        (
            "Ba tháng lần lượt có 12, 15 và 18 vụ cháy; chi lần lượt 1,5; 2 và 3 tỷ đồng.",
            [
                *(("count", n, "vụ") for n in ("12", "15", "18")),
                *(("money", f"{n}00000000", "VND") for n in ("15", "20", "30")),
            ],
        ),
        (
            "Công suất 1,4 triệu tấn/năm, số máy tăng lên 2.483.",
            [("quantity", "1400000", "tấn/năm"), ("count", "2483", "máy")],
        ),
        (
            "Cấp 01 bộ tài liệu, bầu 01 Chủ tịch; chiếm tỷ lệ 1/3.",
            [("count", "1", "bộ tài liệu"), ("count", "1", "Chủ tịch"), ("ratio", "1/3", None)],
        ),
        (
            "Trẻ ra lớp đạt 98,8% (512/518 cháu).",
            [("percent", "98.8", "%"), ("ratio", "512/518", "cháu")],
        ),
        (
            "Nữ chiếm 20/21 (95,2%); đạt 10% (2/20).",
            [
                ("ratio", "20/21", None),
                ("percent", "95.2", "%"),
                ("percent", "10", "%"),
                ("ratio", "2/20", None),
            ],
        ),
        (
            "Có 78.355 hội viên, gồm: cấp tỉnh và tương đương 7.080, cấp huyện và tương đương 71.275.",
            [("count", n, "hội viên") for n in ("78355", "7080", "71275")],
        ),
        (
            "Trả 6.588 hồ sơ; đúng hạn 6.571; trễ hạn 17, có xin lỗi.",
            [("count", n, "hồ sơ") for n in ("6588", "6571", "17")],
        ),
        (
            "Có 195 máy vi tính/122 biên chế; đổi vị trí 16 công chức; tặng 02 Bằng Lao động sáng tạo.",
            [
                ("ratio", "195/122", "máy vi tính/biên chế"),
                ("count", "16", "công chức"),
                ("count", "2", "Bằng Lao động sáng tạo"),
            ],
        ),
        (
            "Tiết kiệm trên 1,1 tỷ đồng chi phí, có 35 đồng chí dự.",
            [("money", "1100000000", "VND"), ("count", "35", "đồng chí")],
        ),
        (
            "Có 58 người: thạc sĩ 02, đại học 39, cao đẳng 17.",
            [("count", n, "người") for n in ("58", "2", "39", "17")],
        ),
        (
            "Số dịch vụ công: mức độ 1 có 1.843, mức độ 2 có 1.126; tỷ lệ 1MT/1,6CBCC.",
            [
                ("count", "1843", "dịch vụ công"),
                ("count", "1126", "dịch vụ công"),
                ("ratio", "1/1.6", "MT/CBCC"),
            ],
        ),
        (
            "Ký số 1.742/1.742 văn bản, xếp thứ 7/10 điểm đến, đứng thứ 2/5 phường, thứ 17 toàn thành phố.",
            [
                ("ratio", "1742/1742", "văn bản"),
                ("ratio", "7/10", "điểm đến"),
                ("ratio", "2/5", "phường"),
                ("rank", "17", None),
            ],
        ),
        (
            "Có 01 ổ dịch cúm A/H5N6, độ mặn 14,8 g/l.",
            [
                ("count", "1", "ổ dịch"),
                ("quantity", "14.8", "g/l"),
            ],
        ),
        ("Điểm trung bình môn Toán đạt 7,25, cao hơn năm trước.", [("score", "7.25", "điểm")]),
        ("Mở lớp cho 5 Học viện trong nước.", [("count", "5", "Học viện")]),
        (
            "Xếp vị trí thứ 88, tăng 01 bậc (2016: 89).",
            [("rank", "88", None), ("count", "1", "bậc"), ("rank", "89", None)],
        ),
        (
            "Xếp thứ 12, tăng 3 bậc so với năm ngoái (hạng 15), bệnh viện hạng 2.",
            [("rank", "12", None), ("count", "3", "bậc"), ("rank", "15", None)],
        ),
        ("Ốc bươu vàng mật độ 4 con/m2.", [("count", "4", "con/m2")]),
        ("Bơm tưới hết 0,37 kwWh/m3.", [("quantity", "0.37", "kwWh/m3")]),
        ("Bình quân đạt 1,4 máy in/phòng.", [("quantity", "1.4", "máy in/phòng")]),
        ("Bình quân mỗi phòng đạt 1.4 máy in.", [("count", "1.4", "máy in")]),
        (
            "Nam 53 người, viên chức 41 người.",
            [("count", "53", "người"), ("count", "41", "người")],
        ),
        ("Đường truyền có băng thông từ 30 đến 80 Mbps.", [("quantity", "30", "Mbps")]),
        ("Khai thác 8.215 m3gỗ tròn.", [("quantity", "8215", "m3")]),
        ("Dự án chậm bàn giao 05 tháng.", [("quantity", "5", "tháng")]),
        (
            "Luân chuyển 412 triệu tấn.km và 96,5 triệu HK.km trong quý.",
            [("quantity", "412000000", "tấn.km"), ("quantity", "96500000", "HK.km")],
        ),
        (
            "Bắt 07 vụ (tăng 02 so với quý trước).",
            [("count", "7", "vụ"), ("count", "2", "vụ")],
        ),
        ("Tổ chức ba mươi hai (32) buổi tập huấn.", [("count", "32", "buổi")]),
        (
            "Đội thi công khoan 14 giếng, lắp 06 họng nước, hàn 32 mối nối.",
            [("count", "14", "giếng"), ("count", "6", "họng nước"), ("count", "32", "mối nối")],
        ),
        ("Văn bản gửi qua mạng 3.406, tăng so với quý trước.", [("count", "3406", "văn bản")]),
    ],
)
def test_what_is_a_figure(sentence: str, expected: list[object], tmp_path: Path) -> None:
    assert [brief(f) for f in figures_in(sentence, tmp_path)] == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Thực hiện Công văn số 276/HĐND-DGS ngày 29/05/2019 của HĐND tỉnh.",
        "Theo Nghị định số 43/2011/NĐ-CP ngày 13 tháng 6 năm 2011 của Chính phủ.",
        "Theo quy định tại khoản 2 Điều 28 Luật Công nghệ thông tin.",
        "Dịch vụ công mức độ 3, 4 và mức độ 2.",
        "Phần mềm Autocad 2005, Microsoft office 2010, Vilis 2.0.",
        "Hệ thống quản lý chất lượng ISO 9001:2008.",
        "Giai đoạn 2016-2020, các năm 2018, 2019 và 2020.",
        "Trong 5 tháng đầu năm 2019 và quý I/2019.",
        "Cuộc cách mạng công nghiệp 4.0 đang diễn ra.",
        "Hoạt động thông suốt 24/24h.",
        "Giải quyết tại bộ phận 1 cửa.",
        "Nghị quyết 22 ra đời.",
        "Điện thoại: 0237.3852.246.",
        "Truy cập http://bimson.thanhhoa.gov.vn/web/thu-tuc?id=3 để biết.",
        "Phụ lục 2 kèm theo.",
        "Theo khoản 2, 3 Điều 53 của Luật; theo khoản 2-3, điểm 4-5 nêu trên.",
        "Kế hoạch của Ban Chỉ đạo 389 tỉnh.",
        "Thời gian thực hiện: 2010.",
        "Bãi bỏ điểm 1.5 khoản 1 mục II Thông tư này.",
        "Nghị quyết Hội nghị lần thứ 4 Ban Chấp hành Trung ương.",
        "Báo cáo trước 10 giờ 00 ngày 05/02/2022.",
        "Lễ trao giải được tổ chức lúc 20 giờ ngày 27/4/2019.",
        "Khai mạc hồi 7 giờ 30 phút, từ ngày 16-18/11.",
        "Cần chú trọng tới 3 yếu tố chính; còn 2 vấn đề.",
        "Luật Đất đai 2013 cụ thể hóa về giá đất.",
        "Gồm ấp Bình Tây 2 thuộc xã Bình Hòa, cụm 5 xã Phụng Thượng.",
        "2.1 Tổ chức bộ máy được kiện toàn.",
        "Xe biển kiểm soát 31A-5945 cho bệnh viện.",
        "Cấp cho đối tượng 3, 4 thuộc diện bồi dưỡng.",
        "Phản ánh qua 1022 trả lời chậm; đường dây nóng 1022.",
        "Trong vòng 2 tuần; trong 6 tháng qua; 5 năm tới.",
        "Áp dụng tại huyện 30a, nghỉ đến mùng 5 Tết.",
        "Mỗi nơi bố trí 01 cán bộ/01 máy tính.",
        "Nứt mặt đường tại km 41+250 và Km 9 + 700, lý trình Km1203+50.",
        "Đoạn từ Km 5 đến Km 12 đã thông.",
        "Trẻ dưới 6 tuổi, học sinh từ 11 đến 15 tuổi, người từ 60 tuổi trở lên.",
        "Trẻ em từ 6 tháng đến 36 tháng tuổi được uống vitamin A.",
        "Ngày hội toàn dân 18/11 thu hút đông đảo bà con; dịp 30/4 và 1/5 cũng vậy.",
        "Phương châm 6 rõ, khách sạn 4 sao; tắt loa sau 22 giờ, mở cửa từ 7 giờ đến 17 giờ hằng ngày.",
        "Trung đoàn 81 giúp dân; chợ họp vào các ngày 4, 14, 24 hằng tháng.",
        "Vào thứ hai và thứ ba hằng tuần; Thứ nhất, cần xếp lại.",
        "Luật sửa đổi, bổ sung một số điều của 09 luật về đầu tư.",
        "Nghị quyết Trung ương 7 khóa XI, Kết luận 45 được quán triệt.",
        "Sau 3 ngày thi đấu sôi nổi; trong 02 ngày 14 và 15/5 đã bế mạc.",
        "Chương trình 404 giải ngân chậm; Đề án 08 huyện bắt đầu.",
        "Hotline: 1080 luôn sẵn sàng, gọi cấp cứu 115 trực tiếp.",
        "Trong thời gian 3 năm qua; tốc độ tăng bình quân 5 năm 2016 - 2020.",
        "Thư viện đón khách từ 8 giờ 15 đến 10 giờ rồi nghỉ, chiều từ 14 giờ đến 16 giờ 30 lại mở.",
        "Đơn vị tính: 1.000 đồng.",
        "ĐVT: 1000đ",
        "Quy hoạch tỷ lệ 1/500, bản đồ tỷ lệ 1:2.000 và 1/5.000.",
        "Trạm biến áp 110 kV, lưới điện 22kV, trạm 110/35 kV.",
        "Trong 07 ngày nghỉ Tết trật tự được giữ vững.",
        "Đại hội 9 đề ra nhiệm vụ, lọt vào top 10 chung kết, so với 3 ngày trước đó.",
        "Rầy lứa 5 dự báo nở rộ giữa tháng.",
        "Chương trình 134 giai đoạn III được tổng kết.",
        "Quầy hàng hoạt động quá 23 giờ bị nhắc nhở; thư viện mở cửa đến 20 giờ các ngày thứ bảy.",
        "Bảng xếp hạng năm 2019 Phòng Văn hóa biên soạn.",
        "Trộm thường vào khung giờ từ 22 giờ đến 24 giờ; khung thời gian 5 giờ - 7 giờ.",
        "Xe đổ tạiKm 42+150 gần cầu.",
    ],
)
def test_what_is_no_figure(sentence: str, tmp_path: Path) -> None:
    assert [f.text for f in figures_in(sentence, tmp_path)] == []


@pytest.mark.parametrize(
    ("sentence", "low", "high"),
    [
        ("Từ 5 đến 7 ngày làm việc.", 5, 7),
        ("Mỗi xã 5-8 hồ sơ.", 5, 8),
        ("Đạt 16 – 18 tiêu chí.", 16, 18),
        ("Diện tích 2.000-3.000 m2.", 2000, 3000),
        ("Giảm 20-40%.", 20, 40),
        ("Vốn 5 - 7 triệu đồng.", 5_000_000, 7_000_000),
        ("1. Xóa dứt điểm 04-06 lò gạch thủ công trong quý.", 4, 6),
    ],
)
def test_a_range_is_one_figure(sentence: str, low: int, high: int, tmp_path: Path) -> None:
    (figure,) = figures_in(sentence, tmp_path)
    assert (figure.value, figure.value_high) == (low, high)


@pytest.mark.parametrize(
    ("sentence", "qualifier"),
    [
        ("Có hơn 20 hồ sơ.", "more_than"),
        ("Cao hơn 20 triệu đồng so với năm trước.", "exact"),
        ("Tăng hơn 20%.", "more_than"),
        ("Không quá 20 ngày.", "at_most"),
        ("Không dưới 20 người.", "at_least"),
        ("Dưới 20 người.", "less_than"),
        ("Từ 20 hộ trở lên.", "at_least"),
        ("Gần 20 hộ.", "nearly"),
        ("Khoảng 20 hộ.", "about"),
        ("Vượt 20% kế hoạch.", "exact"),
    ],
)
def test_how_exact_a_figure_is(sentence: str, qualifier: str, tmp_path: Path) -> None:
    (figure,) = figures_in(sentence, tmp_path)
    assert figure.qualifier == qualifier


@pytest.mark.parametrize(
    "text",
    [f"đạt {'5' * 67}%", f"chi {'9' * 41} đồng", f"có 3/{'7' * 40} xã", f"từ 5 đến {'8' * 50}%"],
)
def test_numbers_that_no_report_can_mean_are_no_figures(text: str, tmp_path: Path) -> None:
    for figure in figures_in(text, tmp_path):
        for value in (figure.value, figure.denominator, figure.value_high):
            assert value is None or value < 10**20


@hypothesis_settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            ["12", "3.338", "4,92%", "14/14", "xã", "hồ sơ", "triệu đồng", "ngày", "tháng", "số",
             "mức độ", "3,", "1/", "/2", "(", ")", "%", "điểm", "thứ", "–", "a)", "1.", "II.", "\n"]
        ),
        max_size=30,
    )
)  # fmt: skip
def test_figures_stay_traceable_whatever_the_text(tmp_path: Path, tokens: list[str]) -> None:
    text = " ".join(tokens) + " x"
    documents = documents_of(text, tmp_path, Settings())
    for document in documents:
        for figure in extract(document, Settings()).figures:
            words = document.words(figure.span)
            assert figure.raw_text == " ".join(word.raw for word in words)
            assert any(c.isdigit() for c in figure.raw_text)
            assert figure.value >= 0
            assert figure.denominator is None or figure.denominator > 0
            assert figure.value == figure.value.quantize(Decimal("0.000001"))
