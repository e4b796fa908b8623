-- The tables of the warehouse. Other people's SQL depends on these names: columns are added at the
-- end of a table, never renamed or moved, and every change is a migration (warehouse/schema.py).
--
-- Boxes and page sizes are points (1/72 inch), origin at the top left of the page as it is seen.
-- Confidences and qualities are probabilities between 0 and 1. Times are UTC.
-- References between tables are not declared as foreign keys: a document is replaced whole in one
-- transaction, and DuckDB checks foreign keys row by row, before the transaction is complete.

CREATE TABLE schema_migrations (
    version     INTEGER   PRIMARY KEY,
    name        VARCHAR   NOT NULL,
    applied_at  TIMESTAMP NOT NULL
);
COMMENT ON TABLE schema_migrations IS 'Versions of this schema that the file has been through';
COMMENT ON COLUMN schema_migrations.version IS 'Number of the version; the highest one is in force';
COMMENT ON COLUMN schema_migrations.name IS 'What the migration did';
COMMENT ON COLUMN schema_migrations.applied_at IS 'When it was applied (UTC)';

CREATE TABLE documents (
    doc_id            VARCHAR   PRIMARY KEY,
    source_path       VARCHAR   NOT NULL,
    sha256            VARCHAR   NOT NULL,
    part              INTEGER   NOT NULL CHECK (part >= 1),
    media_type        VARCHAR   NOT NULL,
    doc_type          VARCHAR,
    number            VARCHAR,
    symbol            VARCHAR,
    issuer            VARCHAR,
    issuer_place_code VARCHAR,
    issued_place      VARCHAR,
    issued_on         DATE,
    subject           VARCHAR,
    signer            VARCHAR,
    signer_title      VARCHAR,
    page_count        INTEGER   NOT NULL,
    text_origin       VARCHAR   CHECK (text_origin IN ('layer', 'ocr', 'both', 'text')),
    damage            VARCHAR,
    quality           DOUBLE    NOT NULL,
    run_id            VARCHAR   NOT NULL,
    ingested_at       TIMESTAMP NOT NULL,
    superior          VARCHAR,
    addressees        VARCHAR[] NOT NULL,
    recipients        VARCHAR[] NOT NULL,
    evidence          JSON      NOT NULL
);
COMMENT ON TABLE documents IS 'One row per report (văn bản); a file may hold several';
COMMENT ON COLUMN documents.doc_id IS 'Stable id: the same bytes and settings give the same id on every machine';
COMMENT ON COLUMN documents.source_path IS 'File it was read from; other names of the same bytes are in sources';
COMMENT ON COLUMN documents.sha256 IS 'SHA-256 of the file';
COMMENT ON COLUMN documents.part IS 'Which document of the file this is, from 1';
COMMENT ON COLUMN documents.media_type IS 'Media type of the file, such as application/pdf';
COMMENT ON COLUMN documents.doc_type IS 'Type code (tên loại, Nghị định 30/2020 Phụ lục III): BC, TB, KH, ...; none for a công văn';
COMMENT ON COLUMN documents.number IS 'Number (số) as printed, without the symbol';
COMMENT ON COLUMN documents.symbol IS 'Symbol (ký hiệu), such as BC-UBND';
COMMENT ON COLUMN documents.issuer IS 'Issuing body (cơ quan ban hành)';
COMMENT ON COLUMN documents.issuer_place_code IS 'Administrative unit code (mã đơn vị hành chính) of the issuer';
COMMENT ON COLUMN documents.issued_place IS 'Place of issue (địa danh)';
COMMENT ON COLUMN documents.issued_on IS 'Date of issue (ngày ban hành)';
COMMENT ON COLUMN documents.subject IS 'Subject (trích yếu nội dung)';
COMMENT ON COLUMN documents.signer IS 'Name of the signer (người ký)';
COMMENT ON COLUMN documents.signer_title IS 'Authority and post of the signer (quyền hạn, chức vụ)';
COMMENT ON COLUMN documents.page_count IS 'Pages of the document, failed ones included';
COMMENT ON COLUMN documents.text_origin IS 'Where the text came from: layer, ocr, text; both where pages differ or were merged';
COMMENT ON COLUMN documents.damage IS 'Damage that most of its words suffer from, such as clean or stripped';
COMMENT ON COLUMN documents.quality IS 'Mean quality of its pages, weighted by words';
COMMENT ON COLUMN documents.run_id IS 'Run that loaded it';
COMMENT ON COLUMN documents.ingested_at IS 'When it was loaded (UTC)';
COMMENT ON COLUMN documents.superior IS 'Body above the issuer (cơ quan chủ quản)';
COMMENT ON COLUMN documents.addressees IS 'Addressees (kính gửi)';
COMMENT ON COLUMN documents.recipients IS 'Recipients (nơi nhận)';
COMMENT ON COLUMN documents.evidence IS 'For letterhead fields not read in the letterhead: field to where it was taken from';

CREATE TABLE pages (
    doc_id      VARCHAR NOT NULL,
    page        INTEGER NOT NULL,
    width       DOUBLE,
    height      DOUBLE,
    text_origin VARCHAR NOT NULL CHECK (text_origin IN ('layer', 'ocr', 'both', 'text')),
    damage      VARCHAR,
    raw_text    VARCHAR NOT NULL,
    text        VARCHAR NOT NULL,
    quality     DOUBLE  NOT NULL,
    error       VARCHAR,
    judgement   VARCHAR,
    PRIMARY KEY (doc_id, page)
);
COMMENT ON TABLE pages IS 'Pages (trang) with their text before and after repair';
COMMENT ON COLUMN pages.doc_id IS 'Document the page belongs to';
COMMENT ON COLUMN pages.page IS 'Number of the page in the file, from 1';
COMMENT ON COLUMN pages.width IS 'Width in points; none for text files';
COMMENT ON COLUMN pages.height IS 'Height in points; none for text files';
COMMENT ON COLUMN pages.text_origin IS 'layer: text layer kept; ocr: read by OCR; both: merged; text: a text file';
COMMENT ON COLUMN pages.damage IS 'What was wrong with the text as read, such as clean or stripped';
COMMENT ON COLUMN pages.raw_text IS 'Text as it was read';
COMMENT ON COLUMN pages.text IS 'Text after repair; white space as in raw_text';
COMMENT ON COLUMN pages.quality IS 'How sure we are of the text';
COMMENT ON COLUMN pages.error IS 'Why the page could not be read; none when it was';
COMMENT ON COLUMN pages.judgement IS 'How the page was read, and why so';

CREATE TABLE sections (
    section_id VARCHAR PRIMARY KEY,
    doc_id     VARCHAR NOT NULL,
    parent_id  VARCHAR,
    ordinal    INTEGER NOT NULL,
    kind       VARCHAR NOT NULL CHECK (kind IN (
        'letterhead', 'article', 'part', 'section', 'clause', 'point',
        'appendix', 'recipients', 'signature', 'table')),
    label      VARCHAR,
    path       VARCHAR NOT NULL,
    title      VARCHAR NOT NULL,
    text       VARCHAR NOT NULL,
    page_from  INTEGER NOT NULL,
    page_to    INTEGER NOT NULL
);
COMMENT ON TABLE sections IS 'The section tree (phần, chương, mục, điều, khoản, điểm) of each document';
COMMENT ON COLUMN sections.section_id IS 'Stable id';
COMMENT ON COLUMN sections.doc_id IS 'Document the section belongs to';
COMMENT ON COLUMN sections.parent_id IS 'Section it stands under; none at the top';
COMMENT ON COLUMN sections.ordinal IS 'Order within the document';
COMMENT ON COLUMN sections.kind IS 'letterhead, article (bài), part (phần), section (mục), clause (khoản), point (điểm), appendix (phụ lục), recipients (nơi nhận), signature (chữ ký), table (bảng)';
COMMENT ON COLUMN sections.label IS 'Label as printed, such as I. or a)';
COMMENT ON COLUMN sections.path IS 'Numbering as a person would cite it, joined with dots: I.4.1, Đ5.2.a, PL.1';
COMMENT ON COLUMN sections.title IS 'Heading (đề mục), repaired; empty where there is none';
COMMENT ON COLUMN sections.text IS 'Text of the section itself, repaired';
COMMENT ON COLUMN sections.page_from IS 'Page it begins on';
COMMENT ON COLUMN sections.page_to IS 'Page it ends on';

CREATE TABLE figures (
    figure_id    VARCHAR        PRIMARY KEY,
    doc_id       VARCHAR        NOT NULL,
    section_id   VARCHAR,
    section_path VARCHAR        NOT NULL,
    table_id     VARCHAR,
    page         INTEGER        NOT NULL,
    line         INTEGER        NOT NULL,
    x0           DOUBLE,
    y0           DOUBLE,
    x1           DOUBLE,
    y1           DOUBLE,
    raw_text     VARCHAR        NOT NULL,
    text         VARCHAR        NOT NULL,
    sentence     VARCHAR        NOT NULL,
    kind         VARCHAR        NOT NULL CHECK (kind IN (
        'count', 'percent', 'ratio', 'money', 'quantity', 'score', 'rank', 'change')),
    value        DECIMAL(38, 6) NOT NULL,
    denominator  DECIMAL(38, 6),
    value_high   DECIMAL(38, 6),
    qualifier    VARCHAR        NOT NULL CHECK (qualifier IN (
        'exact', 'about', 'at_least', 'at_most', 'more_than', 'less_than', 'nearly')),
    unit         VARCHAR,
    subject      VARCHAR,
    indicator    VARCHAR,
    place_code   VARCHAR,
    level        VARCHAR,
    period_from  DATE,
    period_to    DATE,
    is_target    BOOLEAN        NOT NULL,
    confidence   DOUBLE         NOT NULL,
    review       VARCHAR,
    raw_from     INTEGER        NOT NULL,
    raw_to       INTEGER        NOT NULL,
    quoted_from  VARCHAR
);
COMMENT ON TABLE figures IS 'One row per number (số liệu) that a report states';
COMMENT ON COLUMN figures.figure_id IS 'Stable id';
COMMENT ON COLUMN figures.doc_id IS 'Document it stands in';
COMMENT ON COLUMN figures.section_id IS 'Innermost section it stands in';
COMMENT ON COLUMN figures.section_path IS 'Path of the innermost numbered section, such as I.4.1; empty above the first';
COMMENT ON COLUMN figures.table_id IS 'Table (bảng) it stands in; none in running text';
COMMENT ON COLUMN figures.page IS 'Page, from 1';
COMMENT ON COLUMN figures.line IS 'Line, from 1: on the page where there are boxes, in the file where there are none';
COMMENT ON COLUMN figures.x0 IS 'Left edge on the page, points';
COMMENT ON COLUMN figures.y0 IS 'Top edge on the page, points';
COMMENT ON COLUMN figures.x1 IS 'Right edge on the page, points';
COMMENT ON COLUMN figures.y1 IS 'Bottom edge on the page, points';
COMMENT ON COLUMN figures.raw_text IS 'The words as they were read';
COMMENT ON COLUMN figures.text IS 'The words after repair';
COMMENT ON COLUMN figures.sentence IS 'Sentence or table row around it, repaired';
COMMENT ON COLUMN figures.kind IS 'count (số lượng), percent (tỷ lệ %), ratio (a/b), money (tiền), quantity (đại lượng đo), score (điểm), rank (thứ hạng), change (mức tăng giảm)';
COMMENT ON COLUMN figures.value IS 'Value with its multiplier applied: 4 triệu is 4000000; 93 % is 93; of a ratio a/b, a';
COMMENT ON COLUMN figures.denominator IS 'Of a ratio a/b, b';
COMMENT ON COLUMN figures.value_high IS 'Upper end of a range (5-8, từ 5 đến 7)';
COMMENT ON COLUMN figures.qualifier IS 'exact, about (khoảng), at_least (ít nhất), at_most (không quá), more_than (hơn, trên), less_than (dưới), nearly (gần)';
COMMENT ON COLUMN figures.unit IS 'Unit or classifier phrase (đơn vị tính), repaired; VND for money in đồng, % for percents';
COMMENT ON COLUMN figures.subject IS 'What is counted, in the words of the report';
COMMENT ON COLUMN figures.indicator IS 'Indicator code (chỉ tiêu) of dictionaries/indicators, where one fits';
COMMENT ON COLUMN figures.place_code IS 'Administrative unit code (mã đơn vị hành chính) the figure is about';
COMMENT ON COLUMN figures.level IS 'Level of administration it is about (cấp tỉnh, cấp huyện, cấp xã)';
COMMENT ON COLUMN figures.period_from IS 'First day of the period (kỳ) it is about';
COMMENT ON COLUMN figures.period_to IS 'Last day of the period it is about';
COMMENT ON COLUMN figures.is_target IS 'True for a target (mục tiêu, phấn đấu), false for a result';
COMMENT ON COLUMN figures.confidence IS 'Probability that the row is right';
COMMENT ON COLUMN figures.review IS 'What an analyst decided about it; none until someone looked';
COMMENT ON COLUMN figures.raw_from IS 'Where it begins in pages.raw_text, characters from 0';
COMMENT ON COLUMN figures.raw_to IS 'Where it ends in pages.raw_text (not included)';
COMMENT ON COLUMN figures.quoted_from IS 'Whose figure the report quotes (theo Bộ Y tế; cả nước); none for its own results and targets';

CREATE TABLE tables (
    table_id     VARCHAR PRIMARY KEY,
    doc_id       VARCHAR NOT NULL,
    section_id   VARCHAR,
    ordinal      INTEGER NOT NULL,
    page_from    INTEGER NOT NULL,
    page_to      INTEGER NOT NULL,
    title        VARCHAR,
    row_count    INTEGER NOT NULL,
    column_count INTEGER NOT NULL,
    problem      VARCHAR
);
COMMENT ON TABLE tables IS 'Tables (bảng, biểu) of the documents';
COMMENT ON COLUMN tables.table_id IS 'Stable id';
COMMENT ON COLUMN tables.doc_id IS 'Document it stands in';
COMMENT ON COLUMN tables.section_id IS 'Section it stands in';
COMMENT ON COLUMN tables.ordinal IS 'Order within the document';
COMMENT ON COLUMN tables.page_from IS 'Page it begins on';
COMMENT ON COLUMN tables.page_to IS 'Page it ends on';
COMMENT ON COLUMN tables.title IS 'Caption (tên bảng)';
COMMENT ON COLUMN tables.row_count IS 'Rows, headings included';
COMMENT ON COLUMN tables.column_count IS 'Columns';
COMMENT ON COLUMN tables.problem IS 'What could not be rebuilt; none when the table is whole';

CREATE TABLE table_cells (
    table_id     VARCHAR NOT NULL,
    doc_id       VARCHAR NOT NULL,
    row_index    INTEGER NOT NULL,
    column_index INTEGER NOT NULL,
    text         VARCHAR NOT NULL,
    is_header    BOOLEAN NOT NULL,
    page         INTEGER,
    x0           DOUBLE,
    y0           DOUBLE,
    x1           DOUBLE,
    y1           DOUBLE,
    PRIMARY KEY (table_id, row_index, column_index)
);
COMMENT ON TABLE table_cells IS 'Cells (ô) of the tables';
COMMENT ON COLUMN table_cells.table_id IS 'Table it belongs to';
COMMENT ON COLUMN table_cells.doc_id IS 'Document it stands in';
COMMENT ON COLUMN table_cells.row_index IS 'Row (hàng), from 0, headings included';
COMMENT ON COLUMN table_cells.column_index IS 'Column (cột), from 0';
COMMENT ON COLUMN table_cells.text IS 'Text, repaired';
COMMENT ON COLUMN table_cells.is_header IS 'True for a heading (tiêu đề)';
COMMENT ON COLUMN table_cells.page IS 'Page of its first word; none for an empty cell';
COMMENT ON COLUMN table_cells.x0 IS 'Left edge on the page, points';
COMMENT ON COLUMN table_cells.y0 IS 'Top edge on the page, points';
COMMENT ON COLUMN table_cells.x1 IS 'Right edge on the page, points';
COMMENT ON COLUMN table_cells.y1 IS 'Bottom edge on the page, points';

CREATE TABLE citations (
    doc_id     VARCHAR NOT NULL,
    ordinal    INTEGER NOT NULL,
    section_id VARCHAR,
    page       INTEGER NOT NULL,
    raw_text   VARCHAR NOT NULL,
    type       VARCHAR,
    number     VARCHAR,
    symbol     VARCHAR,
    issuer     VARCHAR,
    issued_on  DATE,
    clause     VARCHAR,
    raw_from   INTEGER NOT NULL,
    raw_to     INTEGER NOT NULL,
    text       VARCHAR,
    PRIMARY KEY (doc_id, ordinal)
);
COMMENT ON TABLE citations IS 'References to other documents (văn bản được viện dẫn)';
COMMENT ON COLUMN citations.doc_id IS 'Document that cites';
COMMENT ON COLUMN citations.ordinal IS 'Order within the document';
COMMENT ON COLUMN citations.section_id IS 'Section it stands in';
COMMENT ON COLUMN citations.page IS 'Page, from 1';
COMMENT ON COLUMN citations.raw_text IS 'The words as they were read';
COMMENT ON COLUMN citations.type IS 'Type of the cited document (tên loại)';
COMMENT ON COLUMN citations.number IS 'Number (số) of the cited document';
COMMENT ON COLUMN citations.symbol IS 'Symbol (ký hiệu) of the cited document';
COMMENT ON COLUMN citations.issuer IS 'Who issued the cited document (cơ quan ban hành)';
COMMENT ON COLUMN citations.issued_on IS 'When the cited document was issued (ngày ban hành)';
COMMENT ON COLUMN citations.clause IS 'Part of it that is cited (khoản 2 Điều 28)';
COMMENT ON COLUMN citations.raw_from IS 'Where it begins in pages.raw_text, characters from 0';
COMMENT ON COLUMN citations.raw_to IS 'Where it ends in pages.raw_text (not included)';
COMMENT ON COLUMN citations.text IS 'The reference as repaired; of a law, with its name (Luật Đất đai năm 2013)';

CREATE TABLE mentions (
    doc_id     VARCHAR NOT NULL,
    ordinal    INTEGER NOT NULL,
    section_id VARCHAR,
    page       INTEGER NOT NULL,
    kind       VARCHAR NOT NULL CHECK (kind IN ('system', 'place', 'organisation')),
    name       VARCHAR NOT NULL,
    raw_text   VARCHAR NOT NULL,
    confidence DOUBLE  NOT NULL,
    raw_from   INTEGER NOT NULL,
    raw_to     INTEGER NOT NULL,
    PRIMARY KEY (doc_id, ordinal)
);
COMMENT ON TABLE mentions IS 'Named information systems (hệ thống), places (địa danh) and organisations (tổ chức)';
COMMENT ON COLUMN mentions.doc_id IS 'Document it stands in';
COMMENT ON COLUMN mentions.ordinal IS 'Order within the document';
COMMENT ON COLUMN mentions.section_id IS 'Section it stands in';
COMMENT ON COLUMN mentions.page IS 'Page, from 1';
COMMENT ON COLUMN mentions.kind IS 'system (hệ thống), place (địa danh) or organisation (tổ chức)';
COMMENT ON COLUMN mentions.name IS 'Standard name';
COMMENT ON COLUMN mentions.raw_text IS 'The words as they were read';
COMMENT ON COLUMN mentions.confidence IS 'Probability that the name is right';
COMMENT ON COLUMN mentions.raw_from IS 'Where it begins in pages.raw_text, characters from 0';
COMMENT ON COLUMN mentions.raw_to IS 'Where it ends in pages.raw_text (not included)';

CREATE TABLE corrections (
    doc_id       VARCHAR NOT NULL,
    page         INTEGER NOT NULL,
    "offset"     INTEGER NOT NULL,
    raw          VARCHAR NOT NULL,
    text         VARCHAR NOT NULL,
    reason       VARCHAR NOT NULL,
    confidence   DOUBLE  NOT NULL,
    ordinal      INTEGER NOT NULL,
    alternatives STRUCT(text VARCHAR, probability DOUBLE)[] NOT NULL,
    PRIMARY KEY (doc_id, page, ordinal)
);
COMMENT ON TABLE corrections IS 'Repairs (chỗ sửa) of the text: nothing is changed without a row here';
COMMENT ON COLUMN corrections.doc_id IS 'Document that was repaired';
COMMENT ON COLUMN corrections.page IS 'Page, from 1';
COMMENT ON COLUMN corrections."offset" IS 'Where raw begins in pages.raw_text, characters from 0; write it in double quotes';
COMMENT ON COLUMN corrections.raw IS 'As it was read';
COMMENT ON COLUMN corrections.text IS 'What it was changed to';
COMMENT ON COLUMN corrections.reason IS 'Step that changed it, such as ftfy, nfc, tcvn3, lexicon, decoder';
COMMENT ON COLUMN corrections.confidence IS 'Probability that text is what was printed';
COMMENT ON COLUMN corrections.ordinal IS 'Order within the page, from 0';
COMMENT ON COLUMN corrections.alternatives IS 'Other readings with their probabilities, likeliest first';

CREATE TABLE findings (
    doc_id  VARCHAR   NOT NULL,
    ordinal INTEGER   NOT NULL,
    rule    VARCHAR   NOT NULL,
    figures VARCHAR[] NOT NULL,
    verdict VARCHAR   NOT NULL CHECK (verdict IN ('holds', 'fails', 'note')),
    message VARCHAR   NOT NULL,
    PRIMARY KEY (doc_id, ordinal)
);
COMMENT ON TABLE findings IS 'What the arithmetic and consistency checks (kiểm tra) found';
COMMENT ON COLUMN findings.doc_id IS 'Document that was checked';
COMMENT ON COLUMN findings.ordinal IS 'Order within the document';
COMMENT ON COLUMN findings.rule IS 'Name of the check';
COMMENT ON COLUMN findings.figures IS 'figure_id of the figures concerned';
COMMENT ON COLUMN findings.verdict IS 'holds (khớp), fails (lệch) or note (ghi chú)';
COMMENT ON COLUMN findings.message IS 'What was found, in words';

CREATE TABLE quarantine (
    source_path    VARCHAR   PRIMARY KEY,
    sha256         VARCHAR,
    stage          VARCHAR   NOT NULL,
    error          VARCHAR   NOT NULL,
    message        VARCHAR   NOT NULL,
    run_id         VARCHAR   NOT NULL,
    remedy         VARCHAR   NOT NULL,
    quarantined_at TIMESTAMP NOT NULL,
    fingerprint    VARCHAR   NOT NULL
);
COMMENT ON TABLE quarantine IS 'Files that could not be read or loaded (tệp bị cách ly); a file that loads later leaves';
COMMENT ON COLUMN quarantine.source_path IS 'The file';
COMMENT ON COLUMN quarantine.sha256 IS 'SHA-256 of the file; none where its bytes could not be read';
COMMENT ON COLUMN quarantine.stage IS 'Step that failed, such as read or load';
COMMENT ON COLUMN quarantine.error IS 'Class of the error';
COMMENT ON COLUMN quarantine.message IS 'What is wrong';
COMMENT ON COLUMN quarantine.run_id IS 'Run that quarantined it';
COMMENT ON COLUMN quarantine.remedy IS 'What to do about it';
COMMENT ON COLUMN quarantine.quarantined_at IS 'When it was quarantined (UTC)';
COMMENT ON COLUMN quarantine.fingerprint IS 'Settings it was tried with; it is tried again when they or its bytes change';

CREATE TABLE runs (
    run_id      VARCHAR   PRIMARY KEY,
    started_at  TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,
    status      VARCHAR   NOT NULL CHECK (status IN ('running', 'finished', 'interrupted')),
    version     VARCHAR   NOT NULL,
    settings    JSON      NOT NULL,
    fingerprint VARCHAR   NOT NULL,
    searchable  BOOLEAN   NOT NULL
);
COMMENT ON TABLE runs IS 'Runs (lượt nạp) of ingest that changed something';
COMMENT ON COLUMN runs.run_id IS 'Id; ids sort by time';
COMMENT ON COLUMN runs.started_at IS 'When it began (UTC)';
COMMENT ON COLUMN runs.finished_at IS 'When it ended (UTC); none while it runs or when it was killed';
COMMENT ON COLUMN runs.status IS 'running, finished, or interrupted: stopped or killed, the next run goes on';
COMMENT ON COLUMN runs.version IS 'Version of the program';
COMMENT ON COLUMN runs.settings IS 'Settings in force';
COMMENT ON COLUMN runs.fingerprint IS 'Hash of what decides the result: version, settings, dictionaries';
COMMENT ON COLUMN runs.searchable IS 'Whether search() knows what the run loaded';

CREATE TABLE run_files (
    run_id          VARCHAR NOT NULL,
    source_path     VARCHAR NOT NULL,
    sha256          VARCHAR,
    outcome         VARCHAR NOT NULL CHECK (outcome IN ('loaded', 'replaced', 'duplicate', 'quarantined', 'forgotten')),
    previous_sha256 VARCHAR,
    documents       INTEGER NOT NULL,
    pages           INTEGER NOT NULL,
    figures         INTEGER NOT NULL,
    corrections     INTEGER NOT NULL,
    seconds         DOUBLE  NOT NULL,
    PRIMARY KEY (run_id, source_path)
);
COMMENT ON TABLE run_files IS 'What each run did with each file that it loaded or quarantined: the history of the warehouse';
COMMENT ON COLUMN run_files.run_id IS 'The run';
COMMENT ON COLUMN run_files.source_path IS 'The file';
COMMENT ON COLUMN run_files.sha256 IS 'SHA-256 of the file then';
COMMENT ON COLUMN run_files.outcome IS 'loaded for the first time, replaced an earlier version, duplicate (bytes loaded under another name), quarantined, or forgotten';
COMMENT ON COLUMN run_files.previous_sha256 IS 'SHA-256 of the version that was replaced';
COMMENT ON COLUMN run_files.documents IS 'Documents found in it';
COMMENT ON COLUMN run_files.pages IS 'Pages found in it';
COMMENT ON COLUMN run_files.figures IS 'Figures found in it';
COMMENT ON COLUMN run_files.corrections IS 'Corrections made in it';
COMMENT ON COLUMN run_files.seconds IS 'Time from its first page to its last document';

CREATE TABLE sources (
    source_path VARCHAR   PRIMARY KEY,
    sha256      VARCHAR   NOT NULL,
    size        BIGINT    NOT NULL,
    media_type  VARCHAR   NOT NULL,
    fingerprint VARCHAR   NOT NULL,
    run_id      VARCHAR   NOT NULL,
    loaded_at   TIMESTAMP NOT NULL
);
COMMENT ON TABLE sources IS 'Files (tệp nguồn) that are loaded; the same bytes under two names are two rows here and one document';
COMMENT ON COLUMN sources.source_path IS 'The file';
COMMENT ON COLUMN sources.sha256 IS 'SHA-256 of its bytes';
COMMENT ON COLUMN sources.size IS 'Size in bytes';
COMMENT ON COLUMN sources.media_type IS 'Media type';
COMMENT ON COLUMN sources.fingerprint IS 'Settings it was loaded with; it is loaded again when they change';
COMMENT ON COLUMN sources.run_id IS 'Run that loaded it';
COMMENT ON COLUMN sources.loaded_at IS 'When it was loaded (UTC)';

CREATE TABLE reviews (
    review_id   VARCHAR        PRIMARY KEY,
    figure_id   VARCHAR,
    doc_id      VARCHAR        NOT NULL,
    source_path VARCHAR        NOT NULL,
    page        INTEGER        NOT NULL,
    raw_from    INTEGER        NOT NULL,
    raw_text    VARCHAR        NOT NULL,
    sentence    VARCHAR        NOT NULL,
    kind        VARCHAR        NOT NULL,
    value       DECIMAL(38, 6) NOT NULL,
    review      VARCHAR        NOT NULL,
    reviewed_at TIMESTAMP      NOT NULL
);
COMMENT ON TABLE reviews IS 'What people decided about figures (kết quả rà soát), kept when their documents are read anew: a decision finds its figure again by place, or by value and words';
COMMENT ON COLUMN reviews.review_id IS 'Id: the document and place where the decision was first made';
COMMENT ON COLUMN reviews.figure_id IS 'Figure it now belongs to; none when the figure was not found again';
COMMENT ON COLUMN reviews.doc_id IS 'Document where the figure was last seen';
COMMENT ON COLUMN reviews.source_path IS 'File where the figure was last seen';
COMMENT ON COLUMN reviews.page IS 'Page where the figure was last seen';
COMMENT ON COLUMN reviews.raw_from IS 'Where it began in the raw text of the page';
COMMENT ON COLUMN reviews.raw_text IS 'The figure as it was read';
COMMENT ON COLUMN reviews.sentence IS 'Sentence it stood in';
COMMENT ON COLUMN reviews.kind IS 'Kind of the figure';
COMMENT ON COLUMN reviews.value IS 'Value that was decided about';
COMMENT ON COLUMN reviews.review IS 'The decision, as in figures.review';
COMMENT ON COLUMN reviews.reviewed_at IS 'When it was recorded here (UTC)';

CREATE TABLE places (
    code       VARCHAR NOT NULL,
    name       VARCHAR NOT NULL,
    type       VARCHAR NOT NULL,
    level      VARCHAR NOT NULL,
    parent     VARCHAR,
    valid_from DATE,
    valid_to   DATE
);
COMMENT ON TABLE places IS 'Administrative units (đơn vị hành chính) with the days they were valid, from the dictionary of the latest run';
COMMENT ON COLUMN places.code IS 'Code (mã đơn vị hành chính); codes were used again after mergers';
COMMENT ON COLUMN places.name IS 'Name without its type';
COMMENT ON COLUMN places.type IS 'Type: tỉnh, thành phố, huyện, xã, phường, ...';
COMMENT ON COLUMN places.level IS 'province, district or commune';
COMMENT ON COLUMN places.parent IS 'Code of the unit above; none for provinces';
COMMENT ON COLUMN places.valid_from IS 'First day; none where it is not known';
COMMENT ON COLUMN places.valid_to IS 'Last day; none for units that exist today';

CREATE TABLE indicators (
    indicator  VARCHAR PRIMARY KEY,
    name       VARCHAR NOT NULL,
    name_en    VARCHAR,
    definition VARCHAR,
    unit       VARCHAR,
    kind       VARCHAR,
    level      VARCHAR
);
COMMENT ON TABLE indicators IS 'Indicators (chỉ tiêu) by their ids, from the dictionary of the latest run';
COMMENT ON COLUMN indicators.indicator IS 'Id, as in figures.indicator';
COMMENT ON COLUMN indicators.name IS 'Name in Vietnamese';
COMMENT ON COLUMN indicators.name_en IS 'Name in English';
COMMENT ON COLUMN indicators.definition IS 'What it counts';
COMMENT ON COLUMN indicators.unit IS 'Units it may have, separated by |';
COMMENT ON COLUMN indicators.kind IS 'Kinds of figure that may state it, separated by |';
COMMENT ON COLUMN indicators.level IS 'Level it belongs to (tỉnh, huyện, xã), where it belongs to one';
