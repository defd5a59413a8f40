"""Which network a request comes from: whom limits count together."""

from ipaddress import IPv6Address, IPv6Network, ip_address

# Whoever has one IPv6 address has a whole network of this length.
IPV6_PREFIX = 64


def address_of(client: tuple[str, int] | None) -> str:
    """The network address that a request comes from."""
    return client[0] if client else "unknown"


def network_of(address: str) -> str:
    """What counts as one: an IPv4 address, or the network of an IPv6 address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((int(parsed), IPV6_PREFIX), strict=False))
