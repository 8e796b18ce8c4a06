"""How often one address may ask for what anybody may ask for, counted for all processes together."""

from contextlib import suppress
from ipaddress import IPv6Address, ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from dure.core import clock
from dure.core.errors import TooOften
from dure.core.text import Text

MINUTE = 60
OFTEN = Text(
    ko="1분에 {most}번까지 요청할 수 있습니다. {seconds}초 뒤에 다시 시도하세요.",
    en="At most {most} requests a minute. Come again in {seconds} seconds.",
)


def limit_rate(what: str, request: HttpRequest, *, most: int) -> None:
    """Count one request of its address in this minute; ``most`` 0: as many as it likes. Raises TooOften.

    It keeps one visitor from taking the machine from the others. Two requests at the same instant may be counted as
    one, so nothing that has to be exact is counted here.
    """
    if not most:
        return
    now = int(clock.now().timestamp())
    key, left = f"often:{what}:{_network(request)}:{now // MINUTE}", MINUTE - now % MINUTE
    if cache.add(key, 1, MINUTE):
        return
    try:
        counted = cache.incr(key)
    except ValueError:  # its minute ended meanwhile
        return
    if counted > most:
        raise TooOften("request.too-often", OFTEN.format(most=most, seconds=left), most=most, seconds=left)


def _network(request: HttpRequest) -> str:
    """Where it comes from, as sign-in finds it; whoever has one address of IPv6 has 2^64 of them."""
    with suppress(PermissionDenied, ValueError):  # none is known, or it is none
        found = ip_address(get_adapter().get_client_ip(request))
        return str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else str(found)
    return "unknown"
