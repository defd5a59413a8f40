"""Which addresses are out on the internet, and not in anybody's own network.

What is refused is listed by what it is for, after the registries of special addresses
that IANA keeps; of IPv6, whatever is not handed out to the public is refused as well.
An IPv6 address in which a gateway finds an IPv4 one is judged by that.
"""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address

NOT_PUBLIC: Mapping[str, tuple[str, ...]] = {
    "this machine": ("0.0.0.0/8", "127.0.0.0/8"),
    "networks of one's own": ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
    "a provider's inside, clouds' metadata": ("100.64.0.0/10", "168.63.129.16/32"),
    "this link, clouds' metadata": ("169.254.0.0/16",),
    "protocols, clouds' metadata": ("192.0.0.0/24",),
    "relays from IPv6": ("192.88.99.0/24",),
    "measuring": ("198.18.0.0/15",),
    "documentation": (
        *("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"),
        *("2001:db8::/32", "3fff::/20"),
    ),
    "many at once": ("224.0.0.0/4",),
    "the future, everybody": ("240.0.0.0/4",),
    "protocols and tunnels of IPv6, Teredo among them": ("2001::/23",),
    "6to4": ("2002::/16",),
    "sinks for names of networks of one's own": (
        *("192.31.196.0/24", "192.175.48.0/24", "2620:4f:8000::/48"),
    ),
}
# All that has been handed out of IPv6 to be reached by everybody.
HANDED_OUT = IPv6Network("2000::/3")
# In these a gateway finds an IPv4 address, in the last 32 bits.
MAPPED = IPv6Network("::ffff:0:0/96")
NAT64 = IPv6Network("64:ff9b::/96")
# The second half of an address of ISATAP begins with this, before an IPv4 address.
ISATAP = 0x5EFE
ISATAP_BITS = 0xFDFFFFFF  # but for the bit that says whether it is unique

_NETWORKS = tuple(one for networks in NOT_PUBLIC.values() for one in networks)
_OF_IPV4 = tuple(IPv4Network(one) for one in _NETWORKS if ":" not in one)
_OF_IPV6 = tuple(IPv6Network(one) for one in _NETWORKS if ":" in one)


def is_public(address: Address) -> bool:
    """Whether an address, and one wrapped in it, can be reached by everybody."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _OF_IPV4)
    if address in MAPPED or address in NAT64:
        return is_public(_last(address))
    handed_out = address in HANDED_OUT
    refused = any(address in network for network in _OF_IPV6)
    return handed_out and not refused and all(map(is_public, _tunnelled(address)))


def _tunnelled(address: IPv6Address) -> Iterator[IPv4Address]:
    """The IPv4 address that a router of ISATAP would send to."""
    if (int(address) >> 32) & ISATAP_BITS == ISATAP:
        yield _last(address)


def _last(address: IPv6Address) -> IPv4Address:
    return IPv4Address(int(address) & 0xFFFFFFFF)
