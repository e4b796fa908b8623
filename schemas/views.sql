-- Views and macros that spare people SQL. They hold no data, so they are made anew (OR REPLACE)
-- whenever the schema is created or upgraded.

CREATE OR REPLACE MACRO bo_dau(words) AS replace(replace(strip_accents(words), 'đ', 'd'), 'Đ', 'D');
COMMENT ON MACRO bo_dau IS 'Text without its Vietnamese marks (bỏ dấu): Đông Sơn becomes Dong Son';

-- Whole years, halves and quarters by their names, whole months as in ISO 8601, other periods as its intervals
-- (an open end is ..), so that text sorts by time: 2019, 2019-H1, 2019-Q3, 2019-05, 2015/2018, 2019-01/2019-05.
CREATE OR REPLACE MACRO period_name(first_day, last_day) AS CASE
    WHEN coalesce(first_day, last_day) IS NULL THEN NULL
    WHEN first_day IS NULL OR last_day IS NULL OR day(first_day) <> 1 OR day(last_day + 1) <> 1 THEN
        CASE WHEN first_day = last_day THEN strftime(first_day, '%Y-%m-%d')
        ELSE concat(coalesce(strftime(first_day, '%Y-%m-%d'), '..'), '/',
                    coalesce(strftime(last_day, '%Y-%m-%d'), '..')) END
    WHEN month(first_day) = 1 AND month(last_day) = 12 THEN
        strftime(first_day, '%Y') ||
        CASE WHEN year(first_day) = year(last_day) THEN '' ELSE strftime(last_day, '/%Y') END
    WHEN month(first_day) IN (1, 7) AND date_diff('month', first_day, last_day) = 5 THEN
        concat(strftime(first_day, '%Y-H'), (month(first_day) + 5) // 6)
    WHEN month(first_day) IN (1, 4, 7, 10) AND date_diff('month', first_day, last_day) = 2 THEN
        concat(strftime(first_day, '%Y-Q'), quarter(first_day))
    ELSE strftime(first_day, '%Y-%m') ||
        CASE WHEN date_diff('month', first_day, last_day) = 0 THEN '' ELSE strftime(last_day, '/%Y-%m') END
END;
COMMENT ON MACRO period_name IS 'A period (kỳ báo cáo) in short: 2019, 2019-H1, 2019-Q3, 2019-05, 2015/2018, 2019-01-01/2019-10-28';

-- Codes were used again after mergers: the first unit of a code stands for all days before, the last
-- for all after.
CREATE OR REPLACE VIEW v_places AS
SELECT code, name, concat_ws(' ', type, name) AS full_name, level, parent,
       CASE WHEN lag(code) OVER w IS NULL THEN DATE '0001-01-01' ELSE valid_from END AS first_day,
       CASE WHEN lead(code) OVER w IS NULL THEN DATE '9999-12-31' ELSE valid_to END AS last_day
FROM places
WINDOW w AS (PARTITION BY code ORDER BY coalesce(valid_to, DATE '9999-12-31'));
COMMENT ON VIEW v_places IS 'Administrative units (đơn vị hành chính): which one a code named on which day';
COMMENT ON COLUMN v_places.full_name IS 'Name with its type: huyện Đông Sơn';
COMMENT ON COLUMN v_places.first_day IS 'First day that the code is taken to name it';
COMMENT ON COLUMN v_places.last_day IS 'Last day that the code is taken to name it';

-- The titles above a section, outermost first. A bullet has no title and adds none.
CREATE OR REPLACE VIEW v_sections AS
WITH RECURSIVE tree AS (
    SELECT section_id, section_id AS ancestor_id, parent_id, title, 0 AS height FROM sections
    UNION ALL
    SELECT tree.section_id, s.section_id, s.parent_id, s.title, tree.height + 1
    FROM tree JOIN sections s ON s.section_id = tree.parent_id
    WHERE tree.height < 20
),
titles AS (
    SELECT section_id, string_agg(title, ' > ' ORDER BY height DESC) AS titles
    FROM tree WHERE title <> '' GROUP BY section_id
)
SELECT s.section_id, s.doc_id, s.parent_id, s.ordinal, s.kind, s.path, s.title,
       coalesce(t.titles, '') AS titles, s.page_from, s.page_to
FROM sections s LEFT JOIN titles t USING (section_id);
COMMENT ON VIEW v_sections IS 'Sections with the titles they stand under, outermost first';
COMMENT ON COLUMN v_sections.titles IS 'Headings from the outermost to its own, joined with >';

CREATE OR REPLACE VIEW v_figures AS
SELECT f.figure_id, f.kind, f.value, f.denominator, f.value_high, f.qualifier, f.unit, f.subject,
       f.indicator, coalesce(f.place_code, d.issuer_place_code) AS place_code, f.level,
       f.period_from, f.period_to, f.is_target, f.section_path, s.titles AS section_titles,
       f.sentence, f.raw_text, f.confidence, f.review,
       d.doc_id, parse_filename(d.source_path) AS file, d.source_path, f.page, f.line,
       f.x0, f.y0, f.x1, f.y1, d.doc_type,
       nullif(concat_ws('/', d.number, d.symbol), '') AS document, d.issuer, d.issued_on, d.subject AS document_subject,
       p.full_name AS place, i.name AS indicator_name, f.quoted_from,
       period_name(f.period_from, f.period_to) AS period
FROM figures f
JOIN documents d USING (doc_id)
LEFT JOIN v_sections s ON s.section_id = f.section_id
LEFT JOIN v_places p ON p.code = coalesce(f.place_code, d.issuer_place_code)
    AND coalesce(f.period_to, d.issued_on, current_date) BETWEEN p.first_day AND p.last_day
LEFT JOIN indicators i ON i.indicator = f.indicator;
COMMENT ON VIEW v_figures IS 'Figures (số liệu) with their document, issuer, place and section titles in one row';
COMMENT ON COLUMN v_figures.place_code IS 'Administrative unit code the figure is about; where none is named, that of the issuer';
COMMENT ON COLUMN v_figures.section_titles IS 'Headings it stands under, outermost first, joined with >';
COMMENT ON COLUMN v_figures.file IS 'Name of the file, without its folder';
COMMENT ON COLUMN v_figures.document IS 'Number and symbol of the document (số, ký hiệu)';
COMMENT ON COLUMN v_figures.place IS 'Name of the place, as it was then';
COMMENT ON COLUMN v_figures.indicator_name IS 'Name of the indicator in Vietnamese';
COMMENT ON COLUMN v_figures.period IS 'The period in short: 2019, 2019-H1, 2019-Q3, 2019-05, 2015/2018, 2019-01-01/2019-10-28';
COMMENT ON COLUMN v_figures.document_subject IS 'Subject of the document (trích yếu nội dung)';

CREATE OR REPLACE VIEW v_findings AS
SELECT n.verdict, n.rule, n.message, d.doc_id, parse_filename(d.source_path) AS file,
       nullif(concat_ws('/', d.number, d.symbol), '') AS document, d.issuer,
       (SELECT list({figure_id: f.figure_id, value: f.value, unit: f.unit, section_path: f.section_path, page: f.page}
                    ORDER BY f.figure_id)
        FROM figures f WHERE f.doc_id = n.doc_id AND list_contains(n.figures, f.figure_id)) AS figures,
       d.source_path
FROM findings n JOIN documents d USING (doc_id);
COMMENT ON VIEW v_findings IS 'What the checks found (kiểm tra), with the figures concerned';
COMMENT ON COLUMN v_findings.file IS 'Name of the file, without its folder';
COMMENT ON COLUMN v_findings.document IS 'Number and symbol of the document (số, ký hiệu)';
COMMENT ON COLUMN v_findings.figures IS 'The figures concerned: id, value, unit, section path, page';

CREATE OR REPLACE VIEW v_doubtful AS
WITH failing AS (
    SELECT figure_id, string_agg(DISTINCT message, '; ' ORDER BY message) AS messages
    FROM (SELECT unnest(figures) AS figure_id, message FROM findings WHERE verdict = 'fails')
    GROUP BY figure_id
)
SELECT f.confidence, x.messages AS failed_checks, f.figure_id, f.value, f.unit, f.kind, f.raw_text, f.sentence,
       f.section_path, parse_filename(d.source_path) AS file, d.source_path, f.page, f.line, f.doc_id
FROM figures f
JOIN documents d USING (doc_id)
LEFT JOIN failing x USING (figure_id)
WHERE f.review IS NULL AND (x.figure_id IS NOT NULL OR f.confidence < 0.8)
ORDER BY x.figure_id IS NULL,
    NOT contains(x.messages, concat(' ', rtrim(rtrim(f.value::VARCHAR, '0'), '.'), ' may be a misread')),
    f.confidence, f.figure_id;
COMMENT ON VIEW v_doubtful IS 'Figures that a person should look at, the most doubtful first: what a misread digit would explain, others of failed checks, then confidence under 0.8';
COMMENT ON COLUMN v_doubtful.failed_checks IS 'What the checks that it fails say';
COMMENT ON COLUMN v_doubtful.file IS 'Name of the file, without its folder';

CREATE OR REPLACE VIEW v_corrections AS
SELECT c.raw, c.text, c.reason, c.confidence, c.alternatives,
       substr(p.raw_text, greatest(1, c."offset" - 39), 80 + length(c.raw)) AS raw_context,
       parse_filename(d.source_path) AS file, d.source_path, c.page, c."offset", c.doc_id
FROM corrections c
JOIN documents d USING (doc_id)
JOIN pages p ON p.doc_id = c.doc_id AND p.page = c.page;
COMMENT ON VIEW v_corrections IS 'Repairs (chỗ sửa) with the raw text around them';
COMMENT ON COLUMN v_corrections.raw_context IS 'Raw text around it, 40 characters to either side';
COMMENT ON COLUMN v_corrections.file IS 'Name of the file, without its folder';
COMMENT ON COLUMN v_corrections.raw IS 'As it was read';
COMMENT ON COLUMN v_corrections.text IS 'What it was changed to';
COMMENT ON COLUMN v_corrections.confidence IS 'Probability that text is what was printed';

CREATE OR REPLACE VIEW panel AS
WITH whole AS (
    SELECT f.indicator, coalesce(f.place_code, d.issuer_place_code) AS place_code, d.issuer, f.level,
           f.period_from, f.period_to, f.is_target, f.kind, f.value, f.denominator, f.unit, f.confidence,
           f.doc_id, parse_filename(d.source_path) AS file, f.section_path, f.page, f.figure_id, d.source_path,
           f.quoted_from, d.number || '/' || d.symbol AS reference,
           coalesce(f.period_to, d.issued_on, current_date) AS day
    FROM figures f JOIN documents d USING (doc_id)
    WHERE f.indicator IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY f.doc_id, f.indicator, f.kind, f.place_code, f.level, f.period_from, f.period_to, f.is_target,
            f.quoted_from
        ORDER BY f.confidence < 0.5, CASE WHEN f.kind IN ('count', 'money') THEN f.value END DESC,
            f.confidence DESC, f.figure_id) = 1
)
SELECT s.* EXCLUDE (day, source_path, quoted_from, reference), p.full_name AS place, i.name AS indicator_name,
       s.source_path, s.quoted_from, period_name(s.period_from, s.period_to) AS period,
       coalesce(s.reference, s.file) AS document
FROM whole s
LEFT JOIN v_places p ON p.code = s.place_code AND s.day BETWEEN p.first_day AND p.last_day
LEFT JOIN indicators i USING (indicator);
COMMENT ON VIEW panel IS 'Indicators (chỉ tiêu) by place, level and period; of a document''s several figures for one, the largest count or amount (a total, not its parts), of other kinds the surest';
COMMENT ON COLUMN panel.place_code IS 'Administrative unit code the figure is about; where none is named, that of the issuer';
COMMENT ON COLUMN panel.place IS 'Name of the place, as it was then';
COMMENT ON COLUMN panel.indicator_name IS 'Name of the indicator in Vietnamese';
COMMENT ON COLUMN panel.period IS 'The period in short: 2019, 2019-H1, 2019-Q3, 2019-05, 2015/2018, 2019-01-01/2019-10-28';
COMMENT ON COLUMN panel.document IS 'Number and symbol of the document (số, ký hiệu); where these were not read, the name of its file';
COMMENT ON COLUMN panel.file IS 'Name of the file, without its folder';

CREATE OR REPLACE VIEW v_coverage AS
WITH reported AS (
    SELECT issuer, indicator, year(coalesce(period_to, period_from)) AS year, count(*) AS figures,
           list(DISTINCT file ORDER BY file) AS files
    FROM panel WHERE NOT is_target AND issuer IS NOT NULL GROUP BY ALL
)
SELECT i.issuer, p.indicator, p.year, r.figures IS NOT NULL AS reported, coalesce(r.figures, 0) AS figures, r.files,
       n.name AS indicator_name
FROM (SELECT DISTINCT issuer FROM reported) i
CROSS JOIN (SELECT DISTINCT indicator, year FROM reported) p
LEFT JOIN reported r ON r.issuer = i.issuer AND r.indicator = p.indicator AND r.year IS NOT DISTINCT FROM p.year
LEFT JOIN indicators n ON n.indicator = p.indicator;
COMMENT ON VIEW v_coverage IS 'Which issuer reported which indicator (chỉ tiêu) in which year, and which did not';
COMMENT ON COLUMN v_coverage.year IS 'Year that the period ends in; none where the report names no period';
COMMENT ON COLUMN v_coverage.reported IS 'Whether the issuer reported the indicator for the year';
COMMENT ON COLUMN v_coverage.figures IS 'How many figures it reported';
COMMENT ON COLUMN v_coverage.files IS 'Files that report it';
COMMENT ON COLUMN v_coverage.indicator_name IS 'Name of the indicator in Vietnamese';

-- Nghị định 30/2020/NĐ-CP, Phụ lục VI: number, symbol and issuer name a document; numbers begin anew every
-- year. Documents of one file, and of the same bytes under two names, are not meant.
CREATE OR REPLACE VIEW v_duplicates AS
SELECT concat_ws('/', number, symbol) AS document, first(issuer ORDER BY doc_id) AS issuer, year(issued_on) AS year,
       count(*) AS copies, list(doc_id ORDER BY doc_id) AS doc_ids, list(source_path ORDER BY doc_id) AS source_paths
FROM documents
WHERE number IS NOT NULL AND symbol IS NOT NULL AND issuer IS NOT NULL AND issued_on IS NOT NULL
GROUP BY concat_ws('/', number, symbol), lower(bo_dau(issuer)), year(issued_on)
HAVING count(DISTINCT sha256) > 1;
COMMENT ON VIEW v_duplicates IS 'Documents that are loaded more than once from different files (trùng số, ký hiệu, cơ quan ban hành và năm)';
COMMENT ON COLUMN v_duplicates.document IS 'Number and symbol of the document (số, ký hiệu)';
COMMENT ON COLUMN v_duplicates.year IS 'Year of issue';
COMMENT ON COLUMN v_duplicates.copies IS 'How many documents bear it';
COMMENT ON COLUMN v_duplicates.doc_ids IS 'These documents';
COMMENT ON COLUMN v_duplicates.source_paths IS 'Their files, in the same order';
