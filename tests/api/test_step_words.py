"""A step said on the command line in another order is answered by the right one."""

from __future__ import annotations

import pytest

from api.cli import main


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("steps 24 send --as wang", "steps send 24 --as wang"),
        ("step send 24", "step 24 send"),
        ("take 24", "step 24 take"),
        ("派单 24", "step 24 '派单'"),
        ("step 24 25@3 take", "steps take 24 25@3"),
    ],
)
def test_a_step_in_another_order_is_answered_by_the_right_one(
    said: str, right: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["jingwei", "issue", *said.split()])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 1
    assert f"请写：jingwei issue {right}\n" in capsys.readouterr().err
