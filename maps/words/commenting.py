"""Words of comments on places of a plan."""

from __future__ import annotations

from typing import Final

COMMENT: Final = {
    "comment.title": ("批注", "Comments"),
    "comment.one": ("批注", "Comment"),
    "comment.none": (
        "还没有批注。用“批注”工具在地图上点一处。",
        "No comments yet. Click a place with the comment tool.",
    ),
    "comment.none-any": ("没有批注。", "No comments."),
    "comment.new": ("新批注", "New comment"),
    "comment.new-hint": (
        "看得到这个方案的人都会看到。",
        "Everybody who sees the plan will read it.",
    ),
    "comment.say": ("批注", "Comment"),
    "comment.answer": ("答复", "Answer"),
    "comment.answers": ("{n} 条答复", "{n} {n:answer|answers}"),
    "comment.settle": ("已解决", "Settle"),
    "comment.reopen": ("重新打开", "Open again"),
    "comment.is-settled": ("已解决", "settled"),
    "comment.settled-by": ("{name} 于 {at} 标为已解决", "Settled by {name}, {at}"),
    "comment.file": ("导出", "Export"),
    "what.comments": ("批注", "comments"),
}
