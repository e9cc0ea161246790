"""Words of the page that takes the hotline's file in."""

from __future__ import annotations

from typing import Final

UPLOAD: Final = {
    "upload.title": ("导入工单", "Take a file in"),
    "upload.lead": (
        "热线的 Excel 或 CSV。先试一遍，看清楚再写入；同一编号不会重复。",
        "The hotline's Excel or CSV: a trial first, then written. No number comes in twice.",
    ),
    "upload.file": ("文件", "File"),
    "upload.file-hint": ("也可以拖到这里。最大 32 MB。", "Or drop it here. At most 32 MB."),
    "upload.datum": ("坐标系", "Datum"),
    "upload.datum-none": ("没有坐标，或文件里写明", "none, or the file says"),
    "upload.measured": ("按地名测定", "measured by the place names"),
    "upload.all-sheets": ("读全部工作表", "Read all sheets"),
    "upload.trying": ("正在试读 {name}…", "Trying {name}…"),
    "upload.would": ("写入后会怎样", "What would become of it"),
    "upload.became": ("写入的结果", "What became of it"),
    "upload.new": ("新增 {n}", "{n} new"),
    "upload.same": ("已有、相同 {n}", "{n} there already"),
    "upload.changed": ("有变化 {n}", "{n} changed"),
    "upload.by_address": ("按地址定位 {n}", "{n} placed by address"),
    "upload.sent": ("按规则派出 {n}", "{n} sent by rule"),
    "upload.closed": ("来源已办结 {n}", "{n} closed by their source"),
    "upload.unclaimed": ("待认领 {n}", "{n} unclaimed"),
    "upload.conflicts": (
        "编号已有、内容不同 {n} 件，不会改动：{numbers}",
        (
            "{n} {n:number is|numbers are} there with other content and "
            "{n:stays as it is|stay as they are}: {numbers}"
        ),
    ),
    "upload.differs": ("{key}（{what}）", "{key} ({what})"),
    "upload.anothers": ("{key}（别处的件）", "{key} (an issue elsewhere)"),
    "upload.unknown": (
        "目录里没有的事项（照原样留着）：{words}",
        "Unknown services, kept: {words}",
    ),
    "upload.commit": ("写入 {n} 件", "Write {n}"),
    "upload.questions": ("还有要先回答的问题。", "There are questions to answer first."),
    "upload.done": ("已写入 {n} 件", "{n} written"),
    "upload.replies": (
        "答复按原编号和期限导出：",
        "Replies, with the source's own numbers and due times:",
    ),
    "upload.rows": ("第 {rows} 行（共 {n} 行）", "rows {rows} ({n} in all)"),
    "upload.choose-datum": ("请在上面选坐标系。", "Choose the datum above."),
    "upload.choose-columns": (
        "请在下面给没有认出的列选好它是什么。",
        "Say below what the columns are that were not recognised.",
    ),
    "upload.sheet-all": ("全部", "All of them"),
    "upload.columns": (
        "没有认出的列（{n}），可以逐列指明",
        "Columns that were not recognised ({n}): say what they are",
    ),
    "upload.no-number": (
        "没有认出工单编号，编号是按内容做的：答复对不上来源的编号。请指明哪一列是工单编号。",
        (
            "No column of numbers was recognised, and they were made of the content: replies will "
            "not have the source's own. Say which column they are in."
        ),
    ),
    "upload.column.none": ("不用", "not used"),
    "upload.column.reference": ("工单编号", "number"),
    "upload.column.text": ("诉求内容", "text"),
    "upload.column.service": ("事项", "service"),
    "upload.column.address": ("地址", "address"),
    "upload.column.reported_at": ("受理时间", "reported at"),
    "upload.column.due_at": ("办理时限", "due at"),
    "upload.column.closed_at": ("办结时间", "closed at"),
    "upload.column.reporter": ("来电号码", "telephone"),
    "upload.column.against": ("被反映方", "complained about"),
    "upload.column.confidential": ("是否保密", "confidential"),
    "upload.column.accuracy_m": ("定位精度", "accuracy"),
    "upload.column.position": ("位置", "position"),
    "upload.column.lon": ("经度", "longitude"),
    "upload.column.lat": ("纬度", "latitude"),
    "upload.accept": ("采用建议", "Accept"),
    "upload.reject": ("不采用", "Reject"),
    "upload.answered": ("已答", "answered"),
    "what.upload": ("试读结果", "the trial"),
}
