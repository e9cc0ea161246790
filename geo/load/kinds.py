"""The kinds of finding about files, text, columns and systems; shapes' kinds are in `defects`.

A kind is a stable slug, how grave it is, one sentence in Chinese and one in English, and, for a
question, the option that answers it. Every slug of the importer is in `findings.FINDINGS`.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, TypeAlias

Severity: TypeAlias = Literal["info", "repaired", "quarantined", "question", "error"]


class FindingKind(NamedTuple):
    """One kind of finding; `zh` and `en` are templates over a finding's `values`."""

    code: str
    severity: Severity
    zh: str
    en: str
    answer: str = ""  # of a question: the command-line option that answers it


_FILES: Final = (
    FindingKind(
        "wrong-extension",
        "info",
        "扩展名与内容不符：{name} 实为 {found}，已按内容读取。",
        "The extension does not fit: {name} is really {found}, and was read as that.",
    ),
    FindingKind(
        "members-skipped",
        "info",
        "压缩包里有 {count} 个文件不是数据，已跳过：{names}。",
        "{count} files in the archive are not data and were skipped: {names}.",
    ),
    FindingKind(
        "several-layers",
        "question",
        "文件里有 {count} 个图层（工作表）：{names}。要导入哪些？",
        "The file has {count} layers (sheets): {names}. Which are to be imported?",
        "--layer NAME / --all-layers",
    ),
    FindingKind(
        "layers-ignored",
        "info",
        "没有空间数据的表已跳过：{names}。",
        "Tables without positions were skipped: {names}.",
    ),
    FindingKind(
        "views-ignored",
        "info",
        "视图已跳过：{names}。它们用了只有空间数据库才有、或会生成任意大小文本的函数；要用，请导出成普通图层。",
        "Views were skipped: {names}. They call functions that only a spatial database has, or "
        "that make text of any size; export them as plain layers to use them.",
    ),
    FindingKind(
        "layer-empty",
        "info",
        "图层“{layer}”是空的，没有一行数据。",
        "Layer '{layer}' is empty: it has no row of data.",
    ),
    FindingKind(
        "nothing-usable",
        "error",
        "读出的 {count} 行没有一行能用，原因见各行。",
        "Of {count} rows read not one can be used; see the reasons of the rows.",
    ),
    FindingKind(
        "outlines-joined",
        "info",
        "图层 {layer} 是 {count} 个轮廓，已按编码并入各点。",
        "Layer {layer} holds {count} outlines; they were joined to the points by code.",
    ),
    FindingKind(
        "shx-restored",
        "repaired",
        "缺少 .shx 索引，已在副本上重建；原文件未改动。",
        "The .shx index is missing; it was rebuilt on a copy. The source was not touched.",
    ),
    FindingKind(
        "dbf-missing",
        "info",
        "缺少 .dbf：没有属性，将自动编码。",
        "The .dbf is missing: no attributes, codes will be made.",
    ),
    FindingKind(
        "rows-missing",
        "error",
        "文件声明有 {declared} 行，只读出 {found} 行：文件不完整。",
        "The file declares {declared} rows but only {found} could be read: it is cut short.",
    ),
    FindingKind(
        "rows-deleted",
        "info",
        "表里有 {count} 行标为已删除，没有读入。",
        "{count} rows of the table are marked as deleted and were not read.",
    ),
    FindingKind(
        "names-shortened",
        "info",
        "Shapefile 的列名最多十个字节，已改用短名：{pairs}。建议改用 GeoPackage。",
        "Names in a shapefile have ten bytes at most; shortened: {pairs}. Prefer GeoPackage.",
    ),
    FindingKind(
        "measures-dropped",
        "info",
        "图形带量测值（M），已舍去；平面位置不变。",
        "The geometries carry measures (M), which were dropped; positions are the same.",
    ),
    FindingKind(
        "reader-said",
        "info",
        "读取时的提示：{message}",
        "The reader said: {message}",
    ),
)
_TEXT: Final = (
    FindingKind(
        "encoding-gb18030",
        "info",
        "文字按 GB18030（GBK）读取：{reason_zh}。",
        "Text was read as GB18030 (GBK): {reason_en}.",
    ),
    FindingKind(
        "encoding-utf8",
        "info",
        "文字按 UTF-8 读取：{reason_zh}。",
        "Text was read as UTF-8: {reason_en}.",
    ),
    FindingKind("encoding-utf16", "info", "文字按 UTF-16 读取。", "Text was read as UTF-16."),
    FindingKind(
        "encoding-latin1",
        "info",
        "文字按 Latin-1 读取：{reason_zh}。",
        "Text was read as Latin-1: {reason_en}.",
    ),
    FindingKind(
        "text-elsewhere",
        "info",
        "“{column}”列有 {count} 行是空的，用了“{other}”列的文字。",
        "Column '{column}' is blank in {count} rows; the words of column '{other}' were taken.",
    ),
    FindingKind(
        "text-damaged",
        "repaired",
        "“{column}”列有 {count} 行的文字含无法识别的字节，以 � 代替。",
        "Column '{column}' has undecodable bytes in {count} rows; � stands for them.",
    ),
    FindingKind(
        "controls-removed",
        "repaired",
        "“{column}”列有 {count} 行含不可见的控制字符（如 NUL、零宽空格），已去除。",
        "Column '{column}' held control characters (such as NUL) in {count} rows; removed.",
    ),
    FindingKind(
        "row-ragged",
        "quarantined",
        "该行有 {found} 个字段，表头只有 {expected} 个：分隔符或引号有误。",
        "The row has {found} fields but the heading {expected}: a stray delimiter or quote.",
    ),
    FindingKind(
        "table-ragged",
        "error",
        "全部 {count} 行都有多达 {found} 个字段，而表头只有 {expected} 个：某一列的值里有没加引号的"
        "分隔符（如 117.0,36.6），或表头缺列。请加引号或补表头后重试。",
        "All {count} rows have up to {found} fields but the heading {expected}: values hold a "
        "delimiter without quotes (such as 117.0,36.6), or the heading lacks a column. Mend it.",
    ),
    FindingKind(
        "quote-open",
        "error",
        "该行有一个没有闭合的引号，吞掉了后面 {count} 行。",
        "A quote was left open in this row and swallowed the next {count} lines.",
    ),
    FindingKind(
        "delimiter-guessed",
        "info",
        "分隔符判断为“{delimiter}”。",
        "The delimiter was taken to be '{delimiter}'.",
    ),
    FindingKind(
        "guard-undone",
        "info",
        "{count} 行有以单引号防公式的单元格（如 '=），已去掉这个单引号，还原为原文。",
        "{count} rows have cells kept from running as formulas by an apostrophe (such as '=): it "
        "was taken away, which gives the text as it was.",
    ),
)
_LEDGERS: Final = (
    FindingKind(
        "header-found",
        "info",
        "表头判断为第 {line} 行；其上方 {count} 行按标题处理：{titles}。",
        "Row {line} was taken as the heading; {count} rows above it are titles: {titles}.",
    ),
    FindingKind(
        "merged-filled",
        "info",
        "合并单元格已向下填充：{columns}，共 {count} 行。",
        "Merged cells were filled down: {columns}, {count} rows.",
    ),
    FindingKind(
        "totals-dropped",
        "info",
        "合计、小计行未作为数据：{count} 行（{texts}）。",
        "Total rows were not taken as data: {count} ({texts}).",
    ),
    FindingKind(
        "notes-dropped",
        "info",
        "说明、签字行未作为数据：{count} 行（{texts}）。",
        "Notes and signature rows were not taken as data: {count} ({texts}).",
    ),
    FindingKind(
        "number-read",
        "repaired",
        "“{column}”列 {count} 行的数字由文字读出。",
        "Numbers were read from text in {count} rows of column '{column}'.",
    ),
    FindingKind(
        "number-unreadable",
        "quarantined",
        "“{column}”列的“{found}”读不出数字。",
        "'{found}' in column '{column}' is not a number.",
    ),
    FindingKind(
        "number-impossible",
        "quarantined",
        "“{column}”列的数值 {found} 不可能（应为 0 至 {high}）。",
        "{found} in column '{column}' is impossible (0 to {high} expected).",
    ),
    FindingKind(
        "formula-empty",
        "repaired",
        "公式没有保存计算结果，按空白处理：{cells}。",
        "Formulas without a saved result were taken as blank: {cells}.",
    ),
    FindingKind(
        "sheet-hidden",
        "info",
        "工作表 {names} 是隐藏的，也已读取。",
        "Sheet {names} is hidden; it was read all the same.",
    ),
    FindingKind(
        "rows-hidden",
        "info",
        "{count} 行在工作表里是隐藏的（如被筛选），也按数据读取。",
        "{count} rows are hidden in the sheet (by a filter, perhaps); they were read as data.",
    ),
    FindingKind(
        "cell-error",
        "repaired",
        "单元格是 Excel 的错误值（如 #REF!），按空白处理：{cells}。",
        "Cells hold an error of Excel's (such as #REF!) and were taken as blank: {cells}.",
    ),
)
FILE_KINDS: Final[tuple[FindingKind, ...]] = (*_FILES, *_TEXT, *_LEDGERS)
