"""Every failure a person can mend: one class each, one sentence in Chinese and in English.

A sentence says what was found, where, and what to do next. `api.problems` maps each class to an
HTTP status; a test holds the two together.
"""

from __future__ import annotations

from typing import ClassVar


class JingweiError(Exception):
    """A failure with a sentence for the person who met it.

    Sub-classes set the two templates; the values found are keyword arguments, kept in `values`.
    """

    zh: ClassVar[str]
    en: ClassVar[str]

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.en.format(**values))

    @property
    def sentence_zh(self) -> str:
        """The sentence in Chinese, with the values found."""
        return self.zh.format(**self.values)

    @property
    def sentence_en(self) -> str:
        """The sentence in English, with the values found."""
        return self.en.format(**self.values)


class UnknownDatumError(JingweiError):
    """A datum that is none of the four."""

    zh = "不认识的坐标基准“{datum}”；可用：{known}。"
    en = "Unknown datum '{datum}'; use one of {known}."


class MissingBoundaryFileError(JingweiError):
    """A file of names, codes or rules that should come with the program and is not there."""

    zh = "找不到随程序提供的数据文件“{name}”；请重新安装经纬。"
    en = "The data file '{name}' that comes with the program is missing; install Jingwei again."


class BadFrameError(JingweiError):
    """A frame that breaks its contract (a fault of the caller, not of a row)."""

    zh = "{contract} 数据缺少或不符合约定的列：{columns}。"
    en = "The {contract} frame lacks or breaks these columns: {columns}."


class NobodyActsError(JingweiError):
    """A request that does not come from this machine, while nobody has an account."""

    zh = (
        "还没有人登录过：第一个账号登录之前只能在服务器本机使用（来自 {client}）。"
        "已有一次性口令请登录；没有，请在服务器上运行 jingwei account add。"
    )
    en = (
        "Nobody has signed in yet: until somebody does, this server is for its own machine alone "
        "(asked from {client}). Sign in with a one-time password; without one, run jingwei account "
        "add on the server."
    )


class MetricsClosedError(JingweiError):
    """Figures asked for from elsewhere, or without their token."""

    zh = "运行指标只给本机，或持有 JINGWEI_METRICS 所定口令的采集程序（来自 {client}）。"
    en = "Figures are for this machine, or with the token of JINGWEI_METRICS (asked from {client})."


class SignInNeededError(JingweiError):
    """A request of nobody, where whoever acts must sign in."""

    zh = "请先登录：打开 /sign-in。没有账号请找管理员开通。"
    en = "Sign in first: open /sign-in. Ask an administrator for an account."


class NotLetInError(JingweiError):
    """A name and a password that do not open an account now; which of them is not told."""

    zh = (
        "账号或口令不对，或连错几次后要等一会，或一次性口令已过期、账号已停用。请稍后再试，"
        "或请管理员重置口令。"
    )
    en = (
        "Name or password is wrong, or you must wait after several wrong ones, or a one-time "
        "password is over or the account closed. Try later, or ask an administrator to reset it."
    )


class NotOursError(JingweiError):
    """Whom the city's sign-on sends and who has no account here."""

    zh = "统一身份认证已通过，但这里没有你的账号（{subject}）。请管理员用这个标识开通。"
    en = "The city signed you in, but you have no account here ({subject}). Ask an administrator."


class CitySignOnError(JingweiError):
    """The city's sign-on did not say who it is."""

    zh = "统一身份认证没有完成：{reason}。请重试；仍不行请告诉管理员。"
    en = "The city's sign-on did not finish: {reason}. Try again, or tell an administrator."


class TicketError(JingweiError):
    """A ticket to choose a password that is old, used, or none of ours."""

    zh = "这一步已过期。请用一次性口令重新登录。"
    en = "This step is over. Sign in with the one-time password again."


class WeakPasswordError(JingweiError):
    """A password that is guessed."""

    zh = "口令太弱：要 {least} 到 {most} 个字，至少 {different} 个不同的字，不含账号名。"
    en = (
        "The password is weak: {least} to {most} letters, at least {different} different ones, "
        "without the account's name."
    )


class RepeatedWrongError(JingweiError):
    """A password that was typed twice, differently."""

    zh = "两次输入的口令不一样，请重输。"
    en = "The two passwords differ: type them again."


class AccountTakenError(JingweiError):
    """An account that is there already."""

    zh = "{party} 已有账号，或账号名“{name}”、认证标识已被别人使用。请换一个，或重置口令。"
    en = "{party} has an account, or another has '{name}' or that subject. Reset it, or change it."


class OtherSiteError(JingweiError):
    """A step that another web site asked a browser to take."""

    zh = "这个请求来自别的网站（{origin}），没有执行。请在本系统的页面里操作。"
    en = "Another site ({origin}) asked for this; nothing was done. Use this server's own pages."


class UnknownPersonError(JingweiError):
    """A request whose cookie names a person whom the city does not know."""

    zh = "这里没有“{person}”这个人（也许数据已重建）。请刷新页面，到首页重新选择演示身份。"
    en = "Nobody here is {person!r} (perhaps the data is new). Load the page again, then choose."


class NoServerError(JingweiError):
    """No PostgreSQL server programs, or none that has PostGIS."""

    zh = "没有找到带 PostGIS 的 PostgreSQL（{found}）。请运行：{command}"
    en = "No PostgreSQL with PostGIS was found ({found}). Run: {command}"


class HomeUnreachableError(JingweiError):
    """A data folder that the account of the database server cannot reach."""

    zh = "数据库账号“{account}”进不去数据目录 {home}。请把 JINGWEI_HOME 设到它能进入的目录。"
    en = "Account '{account}' of the database cannot reach {home}. Set JINGWEI_HOME elsewhere."


class HomeOwnerError(JingweiError):
    """A data folder made by another account."""

    zh = "{path} 属于账号“{owner}”，当前不能使用。请用同一账号运行，或换一个 JINGWEI_HOME。"
    en = "{path} belongs to '{owner}'. Run as that account, or set another JINGWEI_HOME."


class HomeBusyError(JingweiError):
    """Another process has been starting or stopping the server for too long."""

    zh = "另一个进程正在启动或停止 {home} 的数据库，等了 {waited} 秒。请稍后再试。"
    en = "Another process starts or stops the database of {home}; waited {waited} s. Try later."


class ClusterError(JingweiError):
    """A server program that failed: initdb, start or stop."""

    zh = "数据库{step}失败：{reason}。{todo_zh}。日志：{log}"
    en = "The database failed to {step}: {reason}. {todo_en}. Log: {log}"


class LostSecretsError(JingweiError):
    """A cluster whose generated passwords are gone."""

    zh = "数据库还在，口令文件 {path} 却没有了。请从备份恢复该文件。"
    en = "The database is there but its secrets {path} are gone. Restore that file from a backup."


class DatabaseSetupError(JingweiError):
    """A database that lacks a role or an extension that the caller may not create."""

    zh = "数据库缺少 {missing}，当前账号无权创建。请让管理员执行：{sql}"
    en = "The database lacks {missing} and this account may not create it. Ask for: {sql}"


class ServerTooOldError(JingweiError):
    """A PostgreSQL server of a version that cannot hold the tables."""

    zh = (
        "数据库服务器是 PostgreSQL {found}，至少要 {least}；什么都没有改动。"
        "请让管理员升级服务器，或换一台（docker-compose.yml 用的是 17）。"
    )
    en = (
        "The server is PostgreSQL {found}, at least {least} is needed; nothing was changed. Ask "
        "for an upgrade, or use another server (docker-compose.yml has 17)."
    )


class DatabaseEncodingError(JingweiError):
    """A database whose encoding cannot hold every text."""

    zh = (
        "数据库的编码是 {found}，要 UTF8；什么都没有改动。请让管理员另建一个："
        "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
    )
    en = (
        "The database has the encoding {found}, it must be UTF8; nothing was changed. Ask for "
        "another: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
    )


class DatabaseAwayError(JingweiError):
    """A database that is away for a moment, or gave up waiting."""

    zh = "数据库暂时不能回答：{reason}。什么也没有写入，请稍后再试。"
    en = "The database does not answer for the moment: {reason}. Nothing was kept; try again."


class KeptUnknownError(DatabaseAwayError):
    """A database that went away while it committed: nobody knows whether it had."""

    zh = "数据库在提交时断开：这一步可能已写入，也可能没有。请先查看再重做；带编号的诉求可以重发。"
    en = (
        "The database went away while it committed: this step may be kept or not. Look before you"
        " do it again; an issue with its number may be sent again safely."
    )


class DiskFullError(DatabaseAwayError):
    """A disk without room for what is to be kept."""

    zh = "磁盘已满，什么也没有写入；查看不受影响。请管理员腾出空间，之后不用重启，重试即可。"
    en = (
        "The disk is full, nothing was kept; reading goes on. Whoever runs the machine must make"
        " room; then try again, nothing needs to be restarted."
    )


class StoppingError(DatabaseAwayError):
    """A server that was told to stop, and what it could not finish before."""

    zh = "服务器正在停止，没来得及做完，什么也没有写入。请稍后再试。"
    en = "The server is stopping and could not finish this; nothing was kept. Try again later."


class NotAwaitedError(JingweiError):
    """A redraw that nobody waits for any more: whoever asked has cancelled it, or is cut off."""

    zh = "要结果的人没有再等（已取消或断线），草案没有改动。需要的话再提一次。"
    en = (
        "Nobody waited for the result any more (cancelled, or cut off); the draft is as it was. "
        "Ask again if it is still wanted."
    )


class NotReadyError(JingweiError):
    """A server that cannot take issues in yet, or for the moment."""

    zh = "服务器尚未就绪：{reason_zh}。"
    en = "The server is not ready: {reason_en}."


class SchemaNewerError(JingweiError):
    """A database whose tables a newer program made."""

    zh = "数据库的表结构是 {found}，本程序只认到 {newest}；什么都没有改动。请换用更新的经纬。"
    en = (
        "The database has schema {found}, this program knows {newest} at most; nothing was "
        "changed. Use a newer program."
    )


class DatabaseUrlError(JingweiError):
    """A JINGWEI_DATABASE_URL that cannot be used."""

    zh = "JINGWEI_DATABASE_URL 不能用：{reason}。格式：postgresql://用户:口令@主机:5432/库名"
    en = "JINGWEI_DATABASE_URL is unusable: {reason}. Form: postgresql://user:secret@host:5432/name"


class BadDeadlinesError(JingweiError):
    """A file of deadlines that cannot be used."""

    zh = (
        "时限文件 {path} 无法使用：{found}。请写 [hours] zone、spans（如 08:30-12:00，先后排列）和"
        " [days] answer、extend、return、yellow、[whistle] on_the_spot_minutes（不小于 0 的数）。"
    )
    en = (
        "The deadlines file {path} cannot be used: {found}. It needs [hours] zone and spans (such"
        " as 08:30-12:00, in order), [days] answer, extend, return, yellow and [whistle]"
        " on_the_spot_minutes (numbers from 0)."
    )


class BeyondCalendarError(JingweiError):
    """A moment outside the years that working time is reckoned for."""

    zh = "时间超出可计算工时的年份（{first}–{last}）；请检查日期。"
    en = (
        "A moment lies outside the years working time is reckoned for ({first} to {last});"
        " check the date."
    )


class BadCalendarError(JingweiError):
    """A table of days that cannot be used as a calendar."""

    zh = (
        "日历文件 {path} 第 {row} 行无法使用：{found}。"
        "请写三列 day（2027-01-01）、works（yes 或 no）、name，每天一行，不重复。"
    )
    en = (
        "Row {row} of the calendar file {path} cannot be used: {found}. It needs the columns day"
        " (2027-01-01), works (yes or no) and name, one row a day, none twice."
    )


class BadRulesError(JingweiError):
    """A rules file that cannot be used."""

    zh = "规则文件 {path} 的 {key} 不对：{found}。应为：{expected}。"
    en = "{key} in the rules file {path} is wrong: {found}. It should be {expected}."


class UnknownRuleError(JingweiError):
    """A kind of area that the rules do not name."""

    zh = "规则文件里没有“{rule}”这一类；现有：{known}。请在规则文件中添加，或改正数据的 rule 列。"
    en = "No rule is named '{rule}'; there are {known}. Add it, or mend the rule column."


class PlanStepError(JingweiError):
    """A step that the plan's state does not allow."""

    zh = "方案现为“{state_zh}”，不能{step_zh}；现在可以：{allowed_zh}。"
    en = "The plan is '{state}', so '{step}' is not possible; now possible: {allowed}."


class CommentElsewhereError(JingweiError):
    """A comment on a place far from the ground of the plan it is about."""

    zh = "批注的位置（{lon}, {lat}）离方案范围 {metres} 米。请核对经纬度的次序和基准（datum）。"
    en = (
        "The place of the comment ({lon}, {lat}) is {metres} m from the plan's ground. Check the "
        "order of longitude and latitude, and the datum."
    )


class ReasonNeededError(JingweiError):
    """A step that goes back without a word why."""

    zh = "“{step_zh}”要说明理由。请写明理由再试。"
    en = "The step '{step}' has to say why. Give a reason."


class CodesExhaustedError(JingweiError):
    """A community that needs more numbers than are left of its 999."""

    zh = (
        "社区 {community} 的网格序号 {first}–{last} 不够：要新号 {needed} 个，只剩 {free} 个，"
        "用过的不再用。请核对户数标准，或请区县拆分社区、调整编码。"
    )
    en = (
        "Community {community} needs {needed} new of the numbers {first} to {last}, and {free} are "
        "left; none is ever reused. Check the band, or have the district divide the community."
    )


class StaleDiffError(JingweiError):
    """A difference applied to an assignment it was not made from."""

    zh = "差异与现状不符：{count} 处（{piece}：应为 {expected}，现为 {found}）。请重新比较。"
    en = (
        "The difference does not fit: {count} pieces, such as {piece}, should be in {expected} "
        "and are in {found}. Compare again with the present state."
    )


class UnsafePageError(JingweiError):
    """A page that would ask another server for something, or carry code the policy blocks."""

    zh = "页面里有不该有的外部地址或内联代码：{what}。请改用本站文件，或在 maps/offline.py 登记。"
    en = "The page holds an outside address or inline code: {what}. Use a file of our own instead."


class BadPageCodeError(JingweiError):
    """A code put into a page's address that is not made of digits and letters."""

    zh = "页面地址里的编号不对：“{code}”。只能用数字、字母和短横线。"
    en = "The code in the page's address is not valid: '{code}'. Use digits, letters and hyphens."


class GridCodesError(JingweiError):
    """Grids whose codes cannot tell them apart."""

    zh = "网格编码{fault_zh}：{codes}。每个网格要有唯一的文字编码；请改正后再试。"
    en = "Grid codes are {fault_en}: {codes}. Give every grid a code of its own, as text."


class GridFrameError(JingweiError):
    """What was given for grids is no frame of them."""

    zh = "网格要用 GeoDataFrame 给出（索引是编码，有一列图形），这里是：{found}。"
    en = "Give grids as a GeoDataFrame, indexed by code, with a column of shapes; this is {found}."


class GridShapesError(JingweiError):
    """Grids whose shapes cannot own a point."""

    zh = (
        "{count} 个网格{fault_zh}：{codes}。"
        "请在 GIS 中修复或删除它们（“修复几何”，或 shapely.make_valid），再试一次。"
    )
    en = (
        "{count} grid(s) {fault_en}: {codes}. Mend or drop them first (in a GIS: Fix geometries; "
        "in Python: shapely.make_valid)."
    )


class SpecialMarkError(JingweiError):
    """A mark of special grids that is neither yes nor no."""

    zh = "special 列里有看不懂的值：{found}。请用 是/否、true/false 或 1/0。"
    en = "The column special holds {found}. Use true/false, 1/0 or 是/否."


class ImportRefusedError(JingweiError):
    """A file that cannot be imported at all; the family of the importer's errors."""

    zh = "“{file}”不能导入：{reason}。"
    en = "'{file}' cannot be imported: {reason}."


class MissingFileError(ImportRefusedError):
    """A file that is not there."""

    zh = "找不到文件“{file}”。请检查名称和所在文件夹。"
    en = "There is no file '{file}'. Check its name and folder."


class FolderGivenError(ImportRefusedError):
    """A folder where a file is needed."""

    zh = "“{file}”是文件夹。请给出其中的文件，或压缩成 .zip。"
    en = "'{file}' is a folder. Name the files in it, or zip it."


class EmptyFileError(ImportRefusedError):
    """A file of zero bytes, or without a single row."""

    zh = "“{file}”是空的，没有一行数据。请重新导出。"
    en = "'{file}' is empty: it has no row of data. Export it again."


class UnsupportedFileError(ImportRefusedError):
    """A kind of file that is not read, with what to save it as."""

    zh = "“{file}”是{found_zh}，不能直接读取。{advice_zh}"
    en = "'{file}' is {found_en}, which is not read. {advice_en}"


class UnreadableFileError(ImportRefusedError):
    """A file of a known kind that is broken or cut short."""

    zh = "“{file}”读不出来，可能损坏或不完整：{reason_zh}。请重新导出或重新传送。"
    en = (
        "'{file}' cannot be read; broken or cut short, it seems: {reason}. Send or export it again."
    )


class BeyondLimitError(ImportRefusedError):
    """A file that holds more of something than such files do; reading it could do harm."""

    zh = "“{file}”没有读入：{found_zh}。{advice_zh}"
    en = "'{file}' was not read: {found_en}. {advice_en}"


class UnsafeArchiveError(ImportRefusedError):
    """An archive that could harm this machine: a bomb, a member outside its folder, a link."""

    zh = "压缩包“{file}”不安全，没有解压：{reason_zh}。请重新打包。"
    en = "The archive '{file}' is unsafe and was not unpacked: {reason_en}. Pack it again."


class UnknownLayerError(ImportRefusedError):
    """A layer asked for that the file does not have."""

    zh = "“{file}”里没有图层“{layer}”；有：{known}。"
    en = "'{file}' has no layer '{layer}'; it has: {known}."


class UnknownColumnError(ImportRefusedError):
    """A column named on the command line that is not in the file, or not in the contract."""

    zh = "没有“{column}”这一列；可用：{known}。"
    en = "There is no column '{column}'; there are: {known}."


class UnknownCrsError(ImportRefusedError):
    """A coordinate system that nobody knows."""

    zh = "不认识的坐标系“{crs}”。请写成 EPSG:4548 这样的编号。"
    en = "Unknown coordinate system '{crs}'. Write a code such as EPSG:4548."


class UnknownChoiceError(ImportRefusedError):
    """An option whose value is none of the allowed ones."""

    zh = "{option} 不能是“{found}”；可用：{known}。"
    en = "{option} cannot be '{found}'; use one of: {known}."


class OpenQuestionsError(ImportRefusedError):
    """An import asked to write while a question is open."""

    zh = "还有 {count} 个问题没有回答，什么也没有写入。"
    en = "{count} questions are open; nothing was written."


class BadPolygonsError(JingweiError):
    """Rows that should be valid polygons and are not."""

    zh = "有 {count} 行不是有效的面（第 {rows} 行等；第一处：{reason}）。请修复后重试。"
    en = "{count} rows are no valid polygons (rows {rows}; the first: {reason}). Mend them first."


class OverlapError(JingweiError):
    """Polygons that should tile and overlap."""

    zh = (
        "有 {count} 对面互相重叠（第 {first} 行与第 {second} 行等），宽度超过 10 厘米。"
        "若坐标被舍入过，经纬度请至少保留六位小数；请先用 jingwei import 检查。"
    )
    en = (
        "{count} pairs of polygons overlap by more than 10 cm (such as rows {first} and {second}). "
        "Check them with jingwei import and mend them first; where coordinates were rounded, keep "
        "at least six decimals of a degree."
    )


class RefusedRowsError(JingweiError):
    """Rows the store does not take; nothing of the import was kept."""

    zh = "{noun} 有 {count} 行不能存储：{reason_zh}（如 {example}）。什么也没有写入，请改正后重试。"
    en = "{count} rows of {noun} cannot be stored: {reason} (such as {example}). Nothing was kept."


class UnknownPartyError(JingweiError):
    """Duties of parties that nobody has imported."""

    zh = "{count} 个责任主体编号不存在（如 {codes}）。请先导入人员和单位，或改正 party 列。"
    en = "{count} parties of these duties are unknown ({codes}). Import them first, or mend party."


class UnknownParentError(JingweiError):
    """Areas or parties whose parent is nowhere, or is themselves by a roundabout way."""

    zh = "{count} 个上级编码不存在或互为上级（如 {codes}）。请先导入上级，或改正 parent 列。"
    en = (
        "{count} parents are unknown or form a circle ({codes}). Import them first, or mend parent."
    )


class MissingError(JingweiError):
    """A thing asked for that is not there, or that the acting person may not see."""

    zh = "没有这个{noun_zh}：{key}，或者你无权查看。"
    en = "There is no {noun} {key}, or it is not yours to see."


class BadValueError(JingweiError):
    """A value that no database keeps, such as text with a NUL in it."""

    zh = "有一个值数据库不能处理：{reason}。什么也没有写入，请改正后再试。"
    en = "The database cannot take a value: {reason}. Nothing was kept; mend it and try again."


class NumberTooLargeError(JingweiError):
    """A number asked for that is larger than any there can be."""

    zh = "没有这个编号：数字太大。请核对后再试。"
    en = "There is nothing of that number: it is too large. Check it and try again."


class NotAllowedError(JingweiError):
    """A step that the acting person has no duty for."""

    zh = "“{person}”在 {scope} 没有{role_zh}的职责，不能这样做。请由有此职责的人操作。"
    en = "'{person}' holds no duty as {role} over {scope}. Ask somebody who does."


class NoDutyError(NotAllowedError):
    """A step that is for whoever holds a duty anywhere, and the acting person holds none."""

    zh = "“{person}”没有{role_zh}的职责，不能这样做。请由有此职责的人操作。"
    en = "'{person}' holds no duty as {role}. Ask somebody who does."


class StepNotYoursError(NotAllowedError):
    """A step on what the acting person may see, and others handle."""

    zh = "{noun_zh} {key} 你可以查看，但不能做“{step_zh}”：请找{who_zh}。"
    en = "You may see {noun} {key}, but '{step}' is not yours to take: ask {who}."


class RowRefusedError(JingweiError):
    """A row that row-level security does not let the acting person write."""

    zh = "你的身份不能这样写入：{reason}。什么也没有写入，请由有此职责的人操作。"
    en = "This is not yours to write: {reason}. Nothing was kept; ask somebody whose duty it is."


class StaleBaseError(JingweiError):
    """A plan whose scope changed after it was drawn; `codes` are those that differ."""

    zh = "范围 {scope} 自第 {base} 版后已变：{codes}。请更新方案（rebase），看过后再提交。"
    en = "{scope} has changed since revision {base}: {codes}. Rebase the plan and look at it again."


class ChangedAgainError(StaleBaseError):
    """A revision to be taken back whose areas have changed again since."""

    zh = "版本 {base} 不能撤销：{scope} 之后又有变动：{codes}。请先撤销较新的版本，或另拟方案。"
    en = (
        "Revision {base} cannot be taken back: {scope} has changed since: {codes}. Take back the "
        "newer revisions first, or draw a plan."
    )


class NotTiledError(JingweiError):
    """A plan whose grids do not cover its communities exactly."""

    zh = "方案的网格没有正好铺满社区 {communities}：{reason_zh}。请改好后再提交。"
    en = "The grids do not tile {communities} exactly: {reason}. Mend the plan, then submit it."


class BadDraftError(JingweiError):
    """A draft that cannot be kept as it is."""

    zh = "方案不能保存：{reason_zh}（{codes}）。什么也没有写入；请改正后再试。"
    en = "The draft cannot be kept: {reason} ({codes}). Nothing was kept; mend it and try again."


class BadAssignmentError(JingweiError):
    """A table of atoms and grids that does not fit the plan it is for."""

    zh = "分配表{fault_zh}：{count} 处（{some}）。什么也没有写入；请改正后再试。"
    en = "The assignment {fault_en}: {count} ({some}). Nothing was kept; mend it and try again."


class EffectiveDateError(JingweiError):
    """A date of effect before the last revision's, or no day to come where one is needed."""

    zh = "生效日期 {date} 不行：须为 {first} 或以后。请换一个日期。"
    en = "{date} cannot be the day of effect: use {first} or later."


class PlanChangedError(JingweiError):
    """An edit of a plan that is of another version than the editor has seen."""

    zh = "方案 {plan} 已有人改动（现为第 {version} 版，你看到的是第 {seen} 版）；请重新载入后再改。"
    en = "Plan {plan} has changed: it is of version {version}, you saw {seen}. Load it again first."


class VersionNotNamedError(JingweiError):
    """A change over HTTP that does not name the version it is meant for."""

    zh = '没有说明改的是哪一版（找到 {found}）；请带上 If-Match，写读取方案时得到的 ETag，如 "3"。'
    en = 'Which version is meant? Found {found}: send If-Match with the ETag you read, such as "3".'


class BodyTooLargeError(JingweiError):
    """A body sent over HTTP that is larger than it may be."""

    zh = "请求的内容超过 {most} MB，没有读取；请拆分后再发，或用命令行导入。"
    en = (
        "What was sent is larger than {most} MB and was not read: part it, or import it by command."
    )


class BadPeriodError(JingweiError):
    """A period that ends before it begins."""

    zh = "时段从 {since} 到 {until}：结束早于开始。请把两个日期对调或改正。"
    en = "The period from {since} to {until} ends before it begins: mend one of the two days."


class ScheduledAlreadyError(JingweiError):
    """A plan to be scheduled over a scope for which another one is."""

    zh = (
        "范围 {scope} 已有方案 {plan} 定于 {date} 生效，两者只能生效一个。"
        "请先把它退回，或等它生效后再更新本方案。"
    )
    en = (
        "Plan {plan} is to come into force over {scope} on {date}, which would make this one stale."
        " Return that plan first, or rebase this one after that day."
    )


class PlanScopeError(JingweiError):
    """A plan for an area, or of a net, that is not drawn by plans."""

    zh = "不能为{what_zh}“{found}”拟方案；可用：{known}。"
    en = "No plan can be drawn for the {what} '{found}'; use one of: {known}."


class BeforeFirstError(JingweiError):
    """A date before the first revision of a net."""

    zh = "“{net}”在 {date} 还没有任何版本；最早的自 {first} 起生效。请换一个日期。"
    en = "The net '{net}' had no revision on {date}; the first took effect on {first}."


class BadMomentError(JingweiError):
    """An `at` or `plan` that names no moment, or both at once."""

    zh = "{name} 的值“{found}”不能用；{expected_zh}。"
    en = "{name} cannot be '{found}': {expected}."


class ConflictError(JingweiError):
    """The same reference with other content."""

    zh = "{source} 的编号 {reference} 已收到过，内容不同。请换新编号，或按原内容重发。"
    en = "{source} {reference} was received with other content. Use a new one, or send the same."


class IssueStepError(JingweiError):
    """A step that an issue's or a task's state does not have."""

    zh = "现在不能{step_zh}；可以：{allowed_zh}。"
    en = "The issue is '{state}' and has no step '{step}'; it has: {allowed}."


class UnknownStepError(IssueStepError):
    """A step that no issue and no task ever has."""

    zh = "没有“{step}”这个环节；可以是：{allowed}。"
    en = "There is no step '{step}'; it may be: {allowed}."


class StaleIssueError(JingweiError):
    """A step on an issue that has changed since the person saw it."""

    zh = (
        "诉求 {issue} 已被他人更新（现为第 {version} 版，你看到的是第 {seen} 版）。请刷新后再办理。"
    )
    en = "Issue {issue} has changed (version {version}, you saw {seen}). Load it again, then act."


class StepsRefusedError(JingweiError):
    """Steps with several issues that belong together, of which some were refused."""

    zh = "{asked} 项中有 {refused} 项不能办，按“全部或全不”的要求，都没有办。请去掉或改正后再提交。"
    en = "{refused} of {asked} steps were refused, so that none was taken. Mend or leave them out."


class KeyReusedError(JingweiError):
    """An Idempotency-Key that stood for something else before."""

    zh = "Idempotency-Key “{key}”此前用于别的内容；同一个键只能重发同一请求，请换一个新键。"
    en = "Idempotency-Key '{key}' stood for something else before; choose a fresh one."


class LinkClosedError(JingweiError):
    """A signed link that opens nothing: which fault it has."""

    zh = "这个手机链接打不开：{reason_zh}。请向派单员要一个新的。"
    en = "This phone link does not open: {reason}. Ask the dispatcher for a new one."
    faults: ClassVar[dict[str, tuple[str, str]]] = {
        "device": ("已在另一台手机（或浏览器）打开过", "it was opened on another phone or browser"),
        "expired": ("已过期", "its time is over"),
        "left": ("它所属的人或单位已停用", "whose it is has left the city"),
        "replaced": ("已换了新的", "it was replaced by a newer one"),
        "revoked": ("已收回", "it was taken back"),
        "unknown": ("链接不完整，或没有从链接进来", "it is incomplete, or was not come by"),
    }

    @classmethod
    def of(cls, fault: str) -> LinkClosedError:
        """The error of one of its faults."""
        zh, en = cls.faults[fault]
        return cls(reason_zh=zh, reason=en)


class DutyNotGivenError(JingweiError):
    """A duty that somebody may not give or end, or that cannot be: why."""

    zh = "这项职责不能这样给出或终止：{reason_zh}。"
    en = "This duty cannot be given or ended so: {reason}."
    faults: ClassVar[dict[str, tuple[str, str]]] = {
        "held": ("本人已担任", "the person holds it already"),
        "order": ("终止日须在开始日之后", "it must end after it begins"),
        "outside": (
            "不在你管理的区域内；管理员职责只能给到更小的区域",
            "it is not within what you administer; administrators are made for areas below yours",
        ),
        "own": ("自己的职责由上级管理员办理", "your own duties are for an administrator above you"),
    }

    @classmethod
    def of(cls, fault: str) -> DutyNotGivenError:
        """The error of one of its faults."""
        zh, en = cls.faults[fault]
        return cls(reason_zh=zh, reason=en)


class NotOfLinkError(JingweiError):
    """Something that a signed link does not reach: another task, another step."""

    zh = "这个手机链接办不了：{what}。它只办自己的任务；别的请到电脑上办。"
    en = (
        "This phone link does not reach {what}: it is for its own tasks. Use a computer for others."
    )


class TaskGoneError(JingweiError):
    """A task that a link still shows, but that has gone from whoever it stands for."""

    zh = "任务 {task} 已不在你名下（已转交、撤回或改派），这一样没有收下。要紧的请转告派单员。"
    en = (
        "Task {task} is no longer yours: handed over, withdrawn or given to others. "
        "This was not taken; tell the dispatcher what matters."
    )


class ReportUnknownError(JingweiError):
    """A number and a word, or a link, that open no resident's report."""

    zh = "编号和口令对不上，或链接不完整。请照收到的样子再填一遍；字母不分大小写。"
    en = "Number and word do not belong together, or the link is cut short. Type them as given."


class ResidentsClosedError(JingweiError):
    """The residents' page, while it is shut."""

    zh = "本服务没有开放居民上报页（JINGWEI_RESIDENTS=off）。"
    en = "The residents' page is turned off here (JINGWEI_RESIDENTS=off)."


class TooOftenError(JingweiError):
    """Asked more often than a minute allows."""

    zh = "一分钟内请求太多（上限 {most}）。请等 {seconds} 秒再试，填好的内容都还在。"
    en = "Asked too often within a minute (at most {most}). Try again in {seconds} seconds."


class BadVersionError(JingweiError):
    """An If-Match header that names no version of ours."""

    zh = 'If-Match 应为先前答复里 ETag 的值（如 "3"），收到：{found}。'
    en = 'If-Match must be the ETag of an earlier answer (such as "3"); got {found}.'


class BadPhotoError(JingweiError):
    """Bytes that are no photo of a form we take, or too large a one."""

    zh = "照片不能收：{zh}。请用 JPEG、PNG 或 WebP，不超过 {most_mb} MB、{most_mp} 百万像素。"
    en = (
        "The photo is not taken: {en}. Send JPEG, PNG or WebP of at most {most_mb} MB and {most_mp}"
        " million pixels."
    )


class BadUploadError(JingweiError):
    """A file that was sent and is no table, or none at all."""

    zh = "发来的文件不能收：{zh}。请把一个 CSV 或 Excel（.xlsx）文件作为正文或表单文件发来。"
    en = (
        "The file is not taken: {en}. Send one CSV or Excel (.xlsx) file, as the body or as the one"
        " file of a form."
    )


class PhotoElsewhereError(JingweiError):
    """A photo that the issue has already, as one of another stage."""

    zh = "这张照片在本件中已作为“{stage_zh}”收到过，不能又作为“{asked_zh}”。请另拍一张。"
    en = "This photo is here already as '{stage}', it cannot be '{asked}' too. Take another one."


class BadReviewError(JingweiError):
    """A review that lacks something, or comes from somebody who may not give it."""

    zh = "不能评价：{zh}。"
    en = "Cannot review: {en}."


class ReviewedAlreadyError(JingweiError):
    """A review of what the same rater has rated otherwise."""

    zh = "“{rater}”已评价过 {what}，评价不能修改。"
    en = "'{rater}' has rated {what} already; a review is not changed."


class StepRefusedError(JingweiError):
    """A step that lacks something, comes too late or asks too much."""

    zh = "不能{step_zh}：{zh}。"
    en = "Cannot {step}: {en}."


class NobodyInChargeError(JingweiError):
    """An issue to be sent for which no party is named or found."""

    zh = "诉求 {issue} 找不到承办人：网格 {grid} 没有网格长或网格员。请指定承办人。"
    en = "Nobody is in charge of issue {issue}: grid {grid} has no leader or worker. Name a party."


class PositionColumnsError(JingweiError):
    """A table whose columns of coordinates cannot be told."""

    zh = "{fault_zh}；现有的列：{found}。请把列名改为 lon、lat（或 经度、纬度）。"
    en = "There are {fault_en}; found: {found}. Rename them lon and lat."


class DatumNotNamedError(JingweiError):
    """Coordinates in degrees whose datum nobody named."""

    zh = (
        "请用 --datum 指明坐标基准：wgs84（GPS）、cgcs2000（测绘）、gcj02（高德、腾讯、微信）或 "
        "bd09（百度）。用错会偏约 500 米，所以不猜。"
    )
    en = (
        "Name the datum of the coordinates with --datum: wgs84 (GPS), cgcs2000 (surveys), gcj02 "
        "(Amap, Tencent, WeChat) or bd09 (Baidu). A wrong one is 500 m off, so none is guessed."
    )


class NotPointsError(JingweiError):
    """Geometries that should be points and are not."""

    zh = "第 {rows} 行等 {count} 个图形不是点（而是 {kind}）。请先转成点（如“面内点”）。"
    en = "{count} geometries are no points but {kind}, such as rows {rows}: make points first."


class FileUnreadableError(JingweiError):
    """A file that cannot be opened as what it should be."""

    zh = "读不了 {path}：{reason_zh}。请检查文件是否完整、扩展名是否正确。"
    en = "Cannot read {path}: {reason}. See that it is whole and its ending says what it is."


class TextTableError(JingweiError):
    """A text file that is no table."""

    zh = "{path} 不是可用的 CSV 表：{fault_zh}。请改正或另存为 UTF-8 CSV。"
    en = "{path} is no usable CSV table: {fault_en}. Mend it, or save it as CSV in UTF-8."


class LayerNotNamedError(JingweiError):
    """A file of several layers of which none, or none that exists, was named."""

    zh = "{path} 有图层：{found}。请用 {option} 指明要读的图层。"
    en = "{path} has the layers {found}. Name the one to read with {option}."


class FormatUnknownError(JingweiError):
    """A file to write whose ending names no form we write."""

    zh = "不知道怎样写 {path}；可用的扩展名：{known}。（Shapefile 会截断列名和文字，请用 .gpkg。）"
    en = (
        "No form is known for {path}; use one of {known}. (A Shapefile would cut names and text: "
        "use .gpkg.)"
    )


class FileNotWrittenError(JingweiError):
    """A file that could not be written; nothing of it is left."""

    zh = "写不了 {path}：{reason}。没有留下半个文件；请换一个位置或格式。"
    en = "Cannot write {path}: {reason}. No part of it is left; try another place or form."


class SameFileError(JingweiError):
    """A file to write that is one of those read."""

    zh = "--out 就是输入文件 {path}。请写到另一个文件，原件保持不动。"
    en = "--out is the input file {path} itself. Write to another one; the original stays as it is."


class ColumnTakenError(JingweiError):
    """A new column whose name is there already."""

    zh = "输入里已有“{column}”列。请用 --column 另取一个列名。"
    en = "The input already has a column '{column}'. Name the new one with --column."


class GridColumnsError(JingweiError):
    """A file of grids without a column that grids need."""

    zh = (
        "网格文件 {path} 没有“{wanted}”列；现有的列：{found}。"
        "请改列名，或用选项指明别的列（map：--code、--name；assign：--code、--with）。"
    )
    en = (
        "The grids in {path} have no column '{wanted}'; found: {found}. Rename it, or name "
        "another by an option (map: --code, --name; assign: --code, --with)."
    )


class GridSystemError(JingweiError):
    """A file of grids that declares no CRS and whose coordinates are no degrees."""

    zh = (
        "网格文件 {path} 没有声明坐标系，坐标（{west}，{south}）也不像经纬度。"
        "请用 --grids-crs 指明。"
    )
    en = (
        "The grids in {path} declare no CRS and are not in degrees ({west}, {south}). "
        "Name it with --grids-crs."
    )


class NoRowsError(JingweiError):
    """A table to redraw without a single row."""

    zh = "输入没有任何一行数据。请检查文件和图层是否选对。"
    en = "The input has no rows. Check that it is the right file and layer."


class WrongPlanError(JingweiError):
    """A plan of the program's own that breaks what every plan must hold."""

    zh = "程序划出的方案没有通过复核（{faults}）。没有写出方案；请把输入和这句话告诉开发者。"
    en = (
        "The plan drawn did not pass its own audit ({faults}). It was not kept; please report this "
        "sentence with the input."
    )


class NoShapesError(JingweiError):
    """A table to redraw, or of barriers, without geometries."""

    zh = "{zh}没有几何列。请给出带地块（面）、楼栋（点）或道路（线）的地理数据。"
    en = "{en} has no geometry column. Give polygons, points or lines of a map."


class NoSuchColumnsError(JingweiError):
    """Columns named by the person that the table has not."""

    zh = "没有名为“{columns}”的列；现有：{known}。请改正列名。"
    en = "There is no column '{columns}'; there are {known}. Name one of these."


class RepeatedColumnError(JingweiError):
    """A column that the table has more than once."""

    zh = "名为“{column}”的列不止一个。请改名或删去多余的。"
    en = "There is more than one column '{column}'. Rename or drop the others."


class NoCommunityError(JingweiError):
    """Rows without the code of a community."""

    zh = "列“{column}”有 {count} 行没有社区（第 {rows} 行等）。请补上社区编码，或删去这些行。"
    en = (
        "Column '{column}' is empty in {count} rows (rows {rows}), so their community is unknown. "
        "Fill or drop these rows."
    )


class WrongColumnError(JingweiError):
    """A column named for something that its values cannot be."""

    zh = "列“{column}”里是{found_zh}，不能用作{use_zh}。请换一列。"
    en = "Column '{column}' holds {found_en}, which cannot be {use_en}. Name another column."


class BadFlagError(JingweiError):
    """A column of yes and no with other words in it."""

    zh = (
        "列“{column}”有 {count} 行既不是“是”也不是“否”（第 {rows} 行等；如“{value}”）。"
        "可用：是、否、1、0、true、false，留空为否。"
    )
    en = (
        "Column '{column}' holds {count} values that are neither yes nor no (rows {rows}; such as "
        "'{value}'). Use 是, 否, 1, 0, true, false; empty means no."
    )


class RepeatedAtomError(JingweiError):
    """Atoms of one name, or without a name."""

    zh = "列“atom”有 {count} 行为空或重名（第 {rows} 行等；如“{value}”）。请改正，或删去此列。"
    en = (
        "Column 'atom' is empty or repeated in {count} rows (rows {rows}; such as '{value}'). "
        "Mend it or drop the column."
    )


class LockedNowhereError(JingweiError):
    """Locked atoms of which it is not known in which grid they are."""

    zh = (
        "列“{column}”锁定了 {count} 行，但它们在“{previous}”中没有现有网格（第 {rows} 行等）。"
        "请补上网格，或解除锁定。"
    )
    en = (
        "Column '{column}' locks {count} rows that have no grid in '{previous}' (rows {rows}). "
        "Fill in their grid or release them."
    )


class BadWeightError(JingweiError):
    """Weights that are no numbers, negative, infinite or beyond all measure."""

    zh = (
        "列“{column}”有 {count} 行不是 0 到 1e12 的数（第 {rows} 行等；如“{value}”）。"
        "请改正或删去这些行。"
    )
    en = (
        "Column '{column}' holds {count} values that are no number from 0 to 1e12 (rows {rows}; "
        "such as '{value}'). Mend or drop these rows."
    )


class BadWorthError(JingweiError):
    """A worth of roads, rivers or walls as borders that is no number from 0 to 1."""

    zh = (
        "列“{column}”有 {count} 行不是 0 到 1 的数（第 {rows} 行等；如“{value}”）。请改正，或留空。"
    )
    en = (
        "Column '{column}' holds {count} values that are no number from 0 to 1 (rows {rows}; such "
        "as '{value}'). Mend them or leave them empty."
    )


class LocksNeedPreviousError(JingweiError):
    """Locked atoms without a column that says which grid they are in."""

    zh = "锁定列“{column}”需要同时给出现有网格的列（--previous），才知道锁定在哪个网格。"
    en = "The lock column '{column}' needs the column of today's grids too (--previous)."


class LockConflictError(JingweiError):
    """Locks, anchors and groups that no plan can keep all at once."""

    zh = "锁定或锚点互相矛盾（社区 {within}）：{atoms}。请解除其中一个。"
    en = "Locks or anchors contradict each other (community {within}): {atoms}. Release one."


class LocksApartError(JingweiError):
    """Atoms locked or anchored to one grid, and no way found to join them."""

    zh = (
        "锁定或锚定在网格 {grids} 的地块连不成一片（社区 {within}）：去路被锁定在其他网格的地块"
        "挡住。请解除其中一些锁定或锚点。"
    )
    en = (
        "The atoms locked or anchored to grid {grids} cannot be made one piece (community "
        "{within}): those of other grids are in every way that was found. Release some of them."
    )


class MissingSolversError(JingweiError):
    """A proof asked for while the solvers, an optional extra, are not installed."""

    zh = (
        "“proven” 需要求解器（{package}），尚未安装。请运行：pip install 'jingwei[solvers]'，"
        "或在源码目录运行：uv sync --extra solvers"
    )
    en = (
        "Quality 'proven' needs the solvers ({package}), which are not installed. Run: "
        "pip install 'jingwei[solvers]', or in a checkout: uv sync --extra solvers"
    )


class BadIssueError(JingweiError):
    """An issue with a field that cannot be stored."""

    zh = "诉求的 {field} 不能存储：{reason_zh}。什么也没有保存，请改正后重发。"
    en = "The issue's {field} cannot be stored: {reason}. Nothing was kept; mend it and send again."


class BadFormError(JingweiError):
    """A service whose form is not one."""

    zh = (
        "服务 {service} 的表单读不懂：{found}。应为 JSON 列表，每题含 code，可含 datatype、"
        "required、description、values（key、name）。"
    )
    en = (
        "The form of service {service} cannot be read: {found}. It should be a JSON list of "
        "questions with code, and datatype, required, description, values (key, name) as needed."
    )


class BadAnswerError(JingweiError):
    """An answer that does not fit the form of its service."""

    zh = "表单项 {code} 的答案不能用：{reason_zh}。请改正后重发。"
    en = "The answer to {code} does not fit: {reason}. Mend it and send again."


class BadFieldError(JingweiError):
    """A field of a request to Open311 with a value it cannot have, or without one it needs."""

    zh = "{field} 不能用：{reason_zh}。"
    en = "{field} cannot be used: {reason}."


class ApiKeyError(JingweiError):
    """A request to Open311 that needs a key and has none that is known."""

    zh = "缺少 api_key，或 api_key 不对。{how_zh}"
    en = "The api_key is missing or not known. {how}"


class DoorClosedError(JingweiError):
    """A request to Open311 while that door is shut."""

    zh = "本服务没有开放 Open311 接口（JINGWEI_OPEN311=off）。"
    en = "Open311 is turned off here (JINGWEI_OPEN311=off)."


class BadOptionError(JingweiError):
    """An option with a value it cannot have."""

    zh = "选项 {option} 的值“{found}”不能用；应为：{expected}。"
    en = "Option {option} cannot be '{found}'; it should be {expected}."


class WordOrderError(JingweiError):
    """A command whose words stand in another order than they are read in."""

    zh = "这样的次序读不懂；请写：{right}"
    en = "Not understood in that order; write: {right}"


class NobodyHoldsError(JingweiError):
    """A role that nobody holds over an area."""

    zh = "{scope} 及其上级都没有人担任{role_zh}。请先导入职责，或用 --as 指明由谁操作。"
    en = (
        "Nobody holds the role {role} over {scope} or above it. Import duties first, or name who "
        "acts with --as."
    )


class NoDatumError(JingweiError):
    """A position whose datum is not named."""

    zh = "坐标 {lon}, {lat} 没有注明基准（datum）：wgs84、cgcs2000、gcj02 或 bd09。"
    en = "The position {lon}, {lat} names no datum: wgs84, cgcs2000, gcj02 or bd09."


class ScopeNotNamedError(JingweiError):
    """A plan whose scope is not named, where there is not exactly one subdistrict."""

    zh = "有 {count} 个街道（{some}），请用 --scope 指明方案的范围代码。"
    en = "There are {count} subdistricts ({some}): name the plan's scope with --scope."


class BadPointsError(JingweiError):
    """Rows that should be points with coordinates and are not."""

    zh = "有 {count} 行没有有效坐标（第 {rows} 行等）。请补上坐标或删去这些行。"
    en = "{count} rows have no usable coordinates (rows {rows}). Give them or drop these rows."


class NoGroundError(JingweiError):
    """A community whose points all lie on points of other communities."""

    zh = (
        "社区 {within} 没有自己的地面：它的点（共 {count} 行没有地面）都与其他社区的点重合。"
        "请改正社区编码或坐标（例如地址未定位时的默认坐标）。"
    )
    en = (
        "Community {within} has no ground of its own: its points ({count} rows are without) all "
        "lie on points of others. Mend the community or the coordinates (such as a default place "
        "for addresses that were not found)."
    )


class NoPlaneError(JingweiError):
    """A coordinate system whose first two axes are no plane and no globe."""

    zh = "坐标系 {system} 是地心坐标，不能在其中量面积。请换成经纬度或投影坐标系（如 EPSG:4548）。"
    en = "{system} is geocentric: nothing can be measured in it. Use degrees or a projection."


class NotCoordinatesError(JingweiError):
    """An array asked for as degrees that holds another kind of thing."""

    zh = "经纬度要是数，这里是 {found}。请给出以度为单位的数，缺失的用 NaN 或 None。"
    en = "Longitudes and latitudes are numbers, in degrees, NaN or None where missing: not {found}."


class UnequalArraysError(JingweiError):
    """Arrays of longitudes, latitudes or accuracies that do not go together point by point."""

    zh = "经度、纬度（和精度）要一一对应，这里的形状是 {shapes}。请给出同样长的数组。"
    en = (
        "Longitudes and latitudes (and accuracies) go together point by point: these have the"
        " shapes {shapes}. Give arrays of one length."
    )


class NotDegreesError(JingweiError):
    """Coordinates that are said to be degrees and are not on the globe."""

    zh = (
        "坐标系为 {system}（经纬度），坐标范围 {bounds} 却不是“经度，纬度”："
        "可能是米，或纬度写在前面。请改正坐标系或调换坐标次序。"
    )
    en = (
        "The system is {system}, in degrees, but the coordinates {bounds} are no longitudes and "
        "latitudes: metres perhaps, or northing first. Mend the system or swap the axes."
    )


class NoGeometryError(JingweiError):
    """A layer without geometry where polygons or points are needed."""

    zh = "{path} 的图层没有几何。请给出面（地块）或点（楼栋）图层。"
    en = "The layer of {path} has no geometry. Give polygons (atoms) or points (buildings)."


class UnknownGridError(JingweiError):
    """An edit of a grid that holds nothing in the draft."""

    zh = "草案里没有网格“{grid}”；有：{some}……请改用现有的编码。"
    en = "The draft has no grid '{grid}'; it has {some} … Use a code that is there."


class UnknownAtomError(JingweiError):
    """An edit of an atom that is not there."""

    zh = "没有地块“{atom}”（共 {count} 个）。请按 atom 列的名称指明。"
    en = "There is no atom '{atom}' among {count}. Name it as the column atom does."


class UnknownAreaError(JingweiError):
    """An area to draw anew that no atom is in."""

    zh = "{count} 个社区里没有“{area}”，它也不是其街道的 9 位编码；有：{some}……请改用其中之一。"
    en = (
        "'{area}' is none of {count} communities, nor a subdistrict (nine digits) of one; there "
        "are {some} … Use one of them."
    )


class OtherCommunityError(JingweiError):
    """Atoms of one community that would come into a grid of another."""

    zh = "“{what}”属于社区 {found}，不能划入社区 {wanted} 的网格。请选同一社区的网格。"
    en = "'{what}' is in {found} and cannot join a grid of {wanted}. Choose a grid of its own."


class SpecialAtomError(JingweiError):
    """A special grid that would be moved."""

    zh = "地块“{atom}”是专属网格，不随普通网格调整。请从选择中去掉它。"
    en = "The atom '{atom}' is a special grid and stays as it is. Leave it out."


class GridLockedError(JingweiError):
    """A locked grid that would gain or lose atoms."""

    zh = "网格“{grid}”已锁定，不能增减地块。请先解锁，或换一个网格。"
    en = "The grid '{grid}' is locked: no atom enters or leaves it. Unlock it, or take another."


class AtomFixedError(JingweiError):
    """An atom that would leave the grid it is locked or anchored to."""

    zh = "地块“{atom}”锁定在网格“{grid}”，不能移出。请在输入数据中解除，或不选它。"
    en = "The atom '{atom}' is locked to the grid '{grid}'. Release it in the input, or leave it."


class BadLineError(JingweiError):
    """Something to split along that is no line."""

    zh = "分割线应为有长度的折线，坐标须为有限数；得到的是：{found}。请重画。"
    en = "A grid is split along a line of some length with finite coordinates, not {found}."


class LineCutsNothingError(JingweiError):
    """A line that leaves all atoms of a grid on one side."""

    zh = "这条线没有把网格“{grid}”的地块分成两边。请从边界画到边界，穿过地块之间。"
    en = (
        "The line leaves all atoms of the grid '{grid}' on one side. Draw it from border to "
        "border, between atoms."
    )


class MergeNeedsTwoError(JingweiError):
    """Fewer than two grids to merge."""

    zh = "合并至少要两个不同的网格；得到：{found}。"
    en = "It takes two different grids to merge; given: {found}."


class NothingToUndoError(JingweiError):
    """No change to take back."""

    zh = (
        "没有可撤销的修改：草案自上次整体保存、提交或更新底图（rebase）以来没有改过，"
        "更早的修改不能撤销。"
    )
    en = (
        "There is no change to undo: none was made since the draft was last saved as a whole, "
        "submitted or rebased, and what is older cannot be taken back."
    )


class NothingToRebaseError(JingweiError):
    """A plan that is based on the newest grids already."""

    zh = "方案 {plan} 已经以现行网格（第 {base} 次公布）为底，不用更新；方案没有改动。"
    en = "Plan {plan} is based on the grids in force (publication {base}) already: nothing changed."


class NothingToRedoError(JingweiError):
    """No change to make again."""

    zh = "没有可重做的修改：撤销之后又改过，或已是最新。"
    en = "There is no change to redo: nothing was undone since the last edit."


class OneNetError(JingweiError):
    """Fewer than two nets to merge."""

    zh = "多网融合至少要两张网；只给出：{net}。只重划一张网请用 jingwei redraw。"
    en = "It takes two nets to merge; given: {net}. To draw one net anew use `jingwei redraw`."


class EmptyNetError(JingweiError):
    """A net without a single unit."""

    zh = "“{net}”里没有可用的单元（面）。请核对文件和图层。"
    en = "'{net}' holds no unit (polygon) that can be used. Check the file and its layer."


class NetPolygonsError(JingweiError):
    """Units of a net that are no valid polygons."""

    zh = "“{net}”有 {count} 行不是有效的面（第 {rows} 行等；第一处：{reason}）。请修复后重试。"
    en = (
        "{count} rows of '{net}' are no valid polygons (rows {rows}; the first: {reason}). "
        "Mend them first."
    )


class NetSystemError(JingweiError):
    """Nets of which only some name their coordinate system."""

    zh = "“{net}”没有写明坐标系，其他数据写明了（或相反），无法放在一起。请为它写明坐标系。"
    en = (
        "'{net}' names no coordinate system and others do, or the reverse: they cannot be laid "
        "together. Name its system."
    )


class NetsApartError(JingweiError):
    """A net that shares no ground with what it is to be merged with."""

    zh = "“{net}”与“{other}”没有任何共同的地面。请核对坐标系和坐标基准（--crs、--datum）。"
    en = (
        "'{net}' shares no ground with '{other}'. Check their coordinate systems and datums "
        "(--crs, --datum)."
    )


class NoHouseholdsError(JingweiError):
    """Nets to merge of which nobody knows the households."""

    zh = (
        "不知道户数：“{nets}”都没有可用的“{column}”列，也没有楼栋。请给出 --places 或 --weight 列；"
        "只能按面积时用 --weight ground，--band 以公顷计。"
    )
    en = (
        "Households are not known: none of '{nets}' has figures in a column '{column}', and no "
        "places are given. Give --places or --weight COLUMN, or, to go by area alone, "
        "--weight ground with --band in hectares."
    )


class NetFileError(JingweiError):
    """A file of a net that cannot be used at all."""

    zh = "“{net}”（{file}）不能用：{zh}"
    en = "'{net}' ({file}) cannot be used: {en}"


class NetQuestionsError(JingweiError):
    """A file of a net of which something has to be answered first."""

    zh = (
        "“{net}”（{file}）有 {count} 个问题要先回答，第一个：{zh}回答：{answer}。"
        "只对这一个文件说，写成 --crs {net}=…、--datum {net}=…。"
    )
    en = (
        "'{net}' ({file}) has {count} questions to be answered first: {en} Answer: {answer}. "
        "Said of this file alone: --crs {net}=…, --datum {net}=…"
    )


class BadLimitsError(JingweiError):
    """A file of the limits of what leaves that breaks its form."""

    zh = "对外通知规则文件“{path}”有误：{found}。请对照随程序提供的 outbox.toml 修改。"
    en = "The file of limits '{path}' is wrong: {found}. Compare it with the outbox.toml supplied."


class HookTargetError(JingweiError):
    """An address that nothing may be sent to."""

    zh = "不能向“{url}”发送：{zh}允许的主机和网段由 JINGWEI_HOOK_HOSTS 指定，用逗号分开。"
    en = (
        "Nothing may be sent to '{url}': {en} The hosts and networks allowed are those of "
        "JINGWEI_HOOK_HOSTS, separated by commas."
    )


class HookTakenError(JingweiError):
    """A hook of that name is there already."""

    zh = "名为“{name}”的订阅已经有了。请换一个名字，或先删除它。"
    en = "There is a hook '{name}' already. Choose another name, or remove that one first."


class HookNameError(JingweiError):
    """A name of a hook that is not plain."""

    zh = "订阅名“{name}”不合规：用小写字母、数字和连字符，以字母或数字开头，最长 40 个字符。"
    en = (
        "'{name}' cannot name a hook: small letters, digits and hyphens, beginning with a letter "
        "or a digit, 40 at the most."
    )


class HookSecretError(JingweiError):
    """A hook whose secret is not where it should be, or no secret."""

    zh = "订阅“{name}”的密钥不可用：{place}。请放入密钥（whsec_ 开头），或删除后重新添加订阅。"
    en = (
        "The secret of hook '{name}' cannot be used: {place}. Put it there (it begins with "
        "whsec_), or remove the hook and add it anew."
    )


class DeliveryStateError(JingweiError):
    """A delivery that is not in a state for what is asked of it."""

    zh = "第 {delivery} 号投递现在是“{state}”，不能{zh}。"
    en = "Delivery {delivery} is '{state}' now and cannot be {en}."


class NoTileError(JingweiError):
    """A tile's address that is none: beyond the last zoom, or beside the map."""

    zh = "没有瓦片 {z}/{x}/{y}：缩放 0 到 {most}，第 z 级横竖各 2 的 z 次方张。"
    en = "There is no tile {z}/{x}/{y}: zooms go from 0 to {most}, with 2^z tiles each way."


class BadBoxError(JingweiError):
    """A part of the map that cannot be asked for."""

    zh = (
        "bbox 应是“西,南,东,北”四个度数，并且在所要的缩放级不超过 {most} 个格；"
        "现在是“{found}”。请缩小范围或降低 zoom。"
    )
    en = (
        "bbox takes west,south,east,north in degrees, of at most {most} cells at the zoom asked "
        "for; found '{found}'. Ask for a smaller part, or a lower zoom."
    )


class MapNeedsError(JingweiError):
    """A map that was asked for without what it shows."""

    zh = "画“{kind}”图还需要：{what}。请补上再画。"
    en = "A map of kind '{kind}' needs {what_en}. Name it and try again."


class NoBrowserError(JingweiError):
    """No browser that makes a picture of a page."""

    zh = (
        "没有找到能截图的浏览器（{found}）：PNG、PDF 需要 Chromium、Chrome 或 Edge。"
        "网页 {html} 已写好；装好浏览器，或把它的路径写进 JINGWEI_CHROMIUM 再试。"
    )
    en = (
        "No browser that takes pictures ({found}): PNG and PDF need Chromium, Chrome or Edge. "
        "The page {html} is written; install one, or name its path in JINGWEI_CHROMIUM."
    )


class TooManySheetsError(JingweiError):
    """More sheets asked for at once than a page holds."""

    zh = "一次最多印 {most} 张网格单，这里有 {count} 张：请按社区或网格分开印。"
    en = "At most {most} sheets at once, and these are {count}: print by community or by grid."


class BadSealsFileError(JingweiError):
    """A file of seals that cannot be read, or is none."""

    zh = "封存文件“{path}”读不了：{reason}。请用 jingwei audit seals 写出的文件。"
    en = "The file of seals '{path}' cannot be read: {reason}. Take one of jingwei audit seals."


class NoClientError(JingweiError):
    """No program of PostgreSQL that is new enough for a server."""

    zh = "缺少 {program}（PostgreSQL {major} 或更新；找到：{found}）。请安装：{command}。"
    en = "{program} of PostgreSQL {major} or newer is missing (found: {found}). Run: {command}."


class BackupProgramError(JingweiError):
    """A program of PostgreSQL that failed at writing or reading a backup; nothing is left of it."""

    zh = "{program} 没有完成：{reason}。没有留下半份；请按这句话处理后再试。"
    en = "{program} did not finish: {reason}. Nothing is left of it; mend that and try again."


class BackupThereError(JingweiError):
    """A backup that would be written over something."""

    zh = "{path} 已经有了，备份不覆盖任何东西。请换一个新的文件夹名。"
    en = "{path} is there already, and a backup overwrites nothing. Name a new folder."


class BackupBrokenError(JingweiError):
    """A backup that is not whole."""

    zh = "{path} 不是完好的备份：{reason}。请用另一份备份。"
    en = "{path} is no whole backup: {reason}. Take another one."


class BackupNewerError(JingweiError):
    """A backup of a newer program."""

    zh = "这份备份的表结构是 {found}，本程序只认到 {newest}。请先升级经纬。"
    en = "The backup has schema {found}, this program knows {newest} at most: upgrade it first."


class NotEmptyError(JingweiError):
    """A place to restore to that holds something."""

    zh = "要恢复到的地方不是空的（已有 {found}）。请换一个空的 JINGWEI_HOME 或数据库。"
    en = "The place to restore to is not empty ({found}). Name an empty JINGWEI_HOME or database."


class RestoredOtherwiseError(JingweiError):
    """Tables that would not hold after restoring what was dumped."""

    zh = "恢复出来的这些表与备份不一致：{tables}。什么也没有写入；请换一份备份，并告诉开发者。"
    en = "These tables come out other than they were: {tables}. Nothing kept; try another backup."


class NobodyNamedError(JingweiError):
    """A telephone or account that names nobody."""

    zh = "“{found}”不是电话或账号，认不出是谁。请写完整的号码。"
    en = "'{found}' is no telephone or account that names somebody: write it in full."


class OtherKeyError(JingweiError):
    """A contact that was kept under another key, or changed."""

    zh = "联系方式解不开：密钥（JINGWEI_KEY_FILE 或 person.key）不是当时的那把，或数据被改动。"
    en = "The contact cannot be opened: JINGWEI_KEY_FILE or person.key is another key than then."
