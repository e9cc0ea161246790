"""Where messages may be sent: only hosts and networks that the operator has named.

An address is checked when a hook is made and again at every connection, on the very numbers the
connection goes to, so that a name that points elsewhere meanwhile leads nowhere. A URL is read by
what reads it when it is posted to: to that one １２７.0.0.1 is an address, and asks no resolver.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

from yarl import URL

from geo.errors import HookTargetError

Network: TypeAlias = IPv4Network | IPv6Network
_SCHEMES: Final = ("http", "https")
_LONGEST: Final = 2000


@dataclass(frozen=True)
class Allowed:
    """Host names (`*.gov.cn` for all below it), and networks of addresses."""

    hosts: tuple[str, ...] = ()
    networks: tuple[Network, ...] = ()

    def names(self, host: str) -> bool:
        """Tell whether a host is named.

        >>> allowed("*.gov.cn").names("hooks.jinan.gov.cn"), allowed("*.gov.cn").names("gov.cn")
        (True, False)
        >>> allowed("*.政务.cn").names("a.xn--zfr164b.cn")
        True
        """
        plain = _in_ascii(host)
        return any(
            plain.endswith(named[1:]) if named.startswith("*.") else plain == named
            for named in self.hosts
        )

    def holds(self, address: str, *, named: bool) -> bool:
        """Tell whether an address may be connected to, reached by a name that is allowed or not.

        A name leads to any address but this machine's own and those of its link: these need a
        network of their own.

        >>> allowed("10.0.0.0/8").holds("10.1.2.3", named=False)
        True
        >>> [allowed("a.cn").holds(to, named=True) for to in ("127.0.0.1", "1.2.3.4")]
        [False, True]
        """
        number = ip_address(address.partition("%")[0])
        if isinstance(number, IPv6Address) and number.ipv4_mapped is not None:
            number = number.ipv4_mapped
        if any(number in network for network in self.networks):
            return True
        own = number.is_loopback or number.is_link_local or number.is_unspecified
        return named and not (own or number.is_multicast or number.is_reserved)


def allowed(setting: str) -> Allowed:
    """Return what a setting allows: names, addresses and networks, separated by commas.

    >>> allowed("10.0.0.0/8, hooks.example.cn")
    Allowed(hosts=('hooks.example.cn',), networks=(IPv4Network('10.0.0.0/8'),))
    """
    hosts: list[str] = []
    networks: list[Network] = []
    for entry in filter(None, (part.strip() for part in setting.split(","))):
        try:
            networks.append(ip_network(entry, strict=False))
        except ValueError:
            hosts.append(_in_ascii(entry))
    return Allowed(tuple(hosts), tuple(networks))


def _in_ascii(host: str) -> str:
    """Return a host as it is asked for: in small letters, without the last point, IDNA."""
    try:
        return (URL.build(scheme="http", host=host.lower().rstrip(".")).raw_host or "").rstrip(".")
    except ValueError:
        return host


def demand_target(url: str, may: Allowed) -> None:
    """Refuse an address that is none, carries a password, or whose host nobody has named.

    Raises
    ------
    HookTargetError
        What is wrong with it.
    """
    zh, en = _wrong(url, may)
    if zh:
        raise HookTargetError(url=url[:200], zh=zh, en=en)


def _wrong(url: str, may: Allowed) -> tuple[str, str]:
    try:
        parts = URL(url)
        host = parts.raw_host or ""
    except ValueError:
        return "这不是网址。", "it is no URL."
    if parts.scheme not in _SCHEMES or not host or len(url) > _LONGEST or not url.isprintable():
        return "须是 http 或 https 网址。", "it has to be an http or https URL."
    if parts.raw_user is not None or parts.raw_password is not None:
        return "网址里不能有口令。", "a URL may not carry a password."
    try:
        known = may.holds(host, named=may.names(host))
    except ValueError:  # a name: what it leads to is seen when it is connected to
        known = may.names(host) or bool(may.networks)
    return ("", "") if known else (f"主机 {host} 未获允许。", f"host {host} is not allowed.")
