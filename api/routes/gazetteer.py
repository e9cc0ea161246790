"""What an address may name: candidates, and the one that stands out."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.gazetteers import KnownAddresses, found_by, told
from api.transactions import Acting

router = APIRouter(prefix="/api", tags=["issues"])
Words = Annotated[str, Query(min_length=1, max_length=1000, examples=["历下区文化东路88号3号楼"])]


@router.get("/gazetteer")
def candidates(conn: Acting, q: Words, known: KnownAddresses) -> dict[str, Any]:
    """Return what an address may name, best first, in WGS 84, with what agrees and contradicts.

    `taken` is the code of the one that would be taken by itself, null where none stands out:
    never a silent best guess.
    """
    return {"q": q, **told(found_by(known(conn), q))}
