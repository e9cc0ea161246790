"""What checking the seals found, in words."""

from __future__ import annotations

from typing import Any, Final

from geo.seals import Verdict

_FAULTS: Final = {
    "seal_gone": (
        "封存 {seal} 不见了，或号码不连续",
        "seal {seal} is gone, or the numbers have a gap there",
    ),
    "seal_changed": (
        "封存 {seal} 被改动，或不接在前一个之后",
        "seal {seal} was changed, or does not follow the one before it",
    ),
    "event_changed": (
        "封存 {seal} 里的记录被改动：{events}",
        "events of seal {seal} were changed: {events}",
    ),
    "event_gone": (
        "封存 {seal} 里的记录被拿走：{events}",
        "events of seal {seal} were taken away: {events}",
    ),
    "event_added": (
        "有记录被塞进已封存的时段：{events}",
        "events were put in among those sealed: {events}",
    ),
    "event_put_off": (
        "记录的事务号被改动，会重复封存或永不封存：{events}",
        "events were given later transactions, to be sealed again or never: {events}",
    ),
    "words_changed": (
        "记录里的原话被改动：{events}",
        "what was said in events was changed: {events}",
    ),
    "other_chain": (
        "封存 {seal} 与别人保管的不同：整条链被重做过",
        "seal {seal} is not the one somebody else kept: the chain was made anew",
    ),
}


def verdict_told(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as JSON tells it: figures, and a sentence in Chinese and in English."""
    zh, en = "还没有完好的封存", "No seal holds yet"
    if verdict.sealed_at is not None:
        zh = f"封存 {verdict.first}–{verdict.last} 完好，共 {verdict.events} 条记录"
        en = f"Seals {verdict.first} to {verdict.last} hold, {verdict.events} events"
        zh += f"，至 {verdict.sealed_at:%Y-%m-%d %H:%M:%S}"
        en += f", until {verdict.sealed_at:%Y-%m-%d %H:%M:%S}"
    zh, en = f"{zh}；待封存 {verdict.waiting} 条。", f"{en}; {verdict.waiting} wait to be sealed."
    if verdict.breach is not None:
        seal, events = verdict.breach.seal, ", ".join(map(str, verdict.breach.events))
        worse = [said.format(seal=seal, events=events) for said in _FAULTS[verdict.breach.fault]]
        zh, en = f"不一致：{worse[0]}。此前：{zh}", f"Broken: {worse[1]}. Before that: {en}"
    return {
        "holds": verdict.breach is None, "first": verdict.first, "last": verdict.last,
        "events": verdict.events, "waiting": verdict.waiting,
        "fault": verdict.breach and verdict.breach.fault,
        "seal": verdict.breach and verdict.breach.seal,
        "changed": list(verdict.breach.events) if verdict.breach else [], "zh": zh, "en": en,
    }  # fmt: skip
