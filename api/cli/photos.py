"""`jingwei issue photo`: a photo kept with an issue."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from api.cli.issue_number import Issue, number_of
from api.cli.planning import DRY, Commit, owner_engine
from api.photo_words import photo_told
from api.settings import photo_folder, settings
from geo.errors import MissingFileError
from geo.scratch import scratch
from geo.store.database import transaction
from geo.store.working.photos import STAGES, Stage, add_photo

File = Annotated[Path, typer.Argument(help="照片：JPEG、PNG 或 WebP The photo")]
Which = Annotated[Stage, typer.Option("--stage", help="处置前、处置后、其他：" + "、".join(STAGES))]
Person = Annotated[str, typer.Option("--as", help="由谁操作（人员代码） Who acts")]


def photo(
    issue: Issue, file: File, *, stage: Which = "other", who: Person, commit: Commit = False
) -> None:
    """上传照片：核对拍摄位置，去除一切附带信息。Keep a photo, its position checked and removed."""
    if not file.is_file():
        raise MissingFileError(file=file.name)
    with ExitStack() as opened, owner_engine() as engine:
        tried = opened.enter_context(scratch())
        folder = photo_folder(settings()) if commit else tried
        with transaction(engine, who, commit=commit) as conn:
            number = number_of(conn, issue)
            told = photo_told(add_photo(conn, folder, number, file.read_bytes(), stage))
    typer.echo(
        f"照片 {told['id']} · {told['stage']} · {told['width']}×{told['height']} · {told['zh']}"
    )
    typer.echo(f"Photo {told['id']}: {told['en']}.")
    if not commit:
        typer.echo(DRY)
