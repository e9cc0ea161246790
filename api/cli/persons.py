"""`jingwei person`: what is kept of one who reported something, told or erased; on the server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Final

import typer

from api.cli.planning import DRY, Commit, opened
from api.contacts import Contacts, key_file
from api.files.replacing import replacing
from api.forgetting import forget
from api.rekeying import rekey
from api.reporters import reporter_secret
from api.settings import photo_folder, settings
from geo.errors import NobodyNamedError
from geo.issues.reporters import reporter_key
from geo.store.database import transaction
from geo.store.persons import contact_of, said_by

app = typer.Typer(no_args_is_help=True)

Contact = Annotated[str, typer.Argument(help="电话或账号 The telephone or account")]
Reason = Annotated[str, typer.Option("--reason", help="为什么查，记入审计 Why; kept in history")]
Who = Annotated[str, typer.Option("--as", help="由谁操作（人员代码） Who acts")]
Out = Annotated[Path, typer.Option("--out", help="写到哪个文件（JSON） The file to write")]


# Nothing reaches into a backup: whoever asks for the erasure is to be told so.
_BACKUPS: Final = (
    "此前的备份里还有这些数据：让它们按期销毁，恢复后再删除一次。"
    "Backups made before still hold it: let them go in their turn, "
    "and erase again after restoring one."
)

_OLDER: Final = (
    "此前的备份里的联系方式从此解不开。Contacts in backups made before can no longer be opened."
)


@app.command("export")
def export(contact: Contact, *, reason: Reason, who: Who, out: Out) -> None:
    """导出一个人的全部数据。Write what is kept of a person."""
    key = _key(contact)
    # The file is there once history says that it was asked for; a file of that name gives way, for
    # others may be able to read that one.
    with opened() as store, replacing(out) as draft, transaction(store.owner, who) as conn:
        found, sealed = said_by(conn, key, reason), contact_of(conn, key)
        reached = sealed and Contacts(store, settings().home, keeps=True).open(sealed, key)
        told = {"contact": reached, "issues": found}
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(told, ensure_ascii=False, indent=1, default=str), "utf-8")
    typer.echo(f"写出 {len(found)} 件诉求：{out}。{len(found)} issues written.")


@app.command("erase")
def erase(contact: Contact, *, reason: Reason, who: Who, commit: Commit = False) -> None:
    """删除一个人的数据：原话、地址、照片、同一人的标识。Erase what is kept of a person."""
    key = _key(contact)
    with opened() as store:
        home, photos = settings().home, photo_folder(settings())
        done = forget(store.owner, photos, key, reason=reason, who=who, commit=commit, home=home)
    gone = len(done.photos)
    typer.echo(f"诉求 {done.issues} 件，照片 {gone} 张。{done.issues} issues, {gone} photos.")
    if commit:
        typer.echo(f"登记号 {done.request}。Known in history as {done.request}.")
    typer.echo(_BACKUPS if commit else DRY)


@app.command("rekey")
def rekey_all(*, reason: Reason, who: Who, commit: Commit = False) -> None:
    """换联系方式的密钥：逐批重新加密，可中断续做，换完旧密钥作废。Change the key of contacts."""
    path = key_file(settings().home)
    if not commit:
        typer.echo(f"将更换 {path}。{path} would be changed.")
        typer.echo(DRY)
        return
    with opened() as store:
        done = rekey(store.owner, path, who=who, reason=reason)
    said = f"{done.contacts} contacts, {done.wrapped} of them now"
    typer.echo(f"联系方式 {done.contacts} 条，本次改了 {done.wrapped} 条。{said}.")
    typer.echo(_OLDER)


def _key(contact: str) -> str:
    found = reporter_key(contact, reporter_secret(settings()))
    if found is None:
        raise NobodyNamedError(found=contact)
    return found
