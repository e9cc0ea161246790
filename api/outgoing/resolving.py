"""Names turned into addresses when a message leaves, those left out that may not be reached."""

from __future__ import annotations

import socket

from aiohttp import ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult

from api.outgoing.targets import Allowed
from geo.errors import HookTargetError


class CheckedResolver(AbstractResolver):
    """Names turned into addresses, those left out that may not be connected to."""

    def __init__(self, may: Allowed) -> None:
        self.may, self.inner = may, ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of a host that may be connected to.

        Raises
        ------
        HookTargetError
            When there is none.
        """
        named = self.may.names(host)
        found = await self.inner.resolve(host, port, family)
        kept = [one for one in found if self.may.holds(one["host"], named=named)]
        if not kept:
            zh, en = (
                f"主机 {host} 指向未获允许的地址。",
                f"host {host} leads to no allowed address.",
            )
            raise HookTargetError(url=host, zh=zh, en=en)
        return kept

    async def close(self) -> None:
        """Give back what resolving took."""
        await self.inner.close()
