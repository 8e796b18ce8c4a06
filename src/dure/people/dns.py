"""Whether the record that shows a domain to be an organisation's own stands in the DNS."""

from dns.exception import DNSException
from dns.rdtypes.txtbase import TXTBase
from dns.resolver import NXDOMAIN, NoAnswer, Resolver

from dure.core.errors import Unready
from dure.core.text import Text

SECONDS = 5.0


def record_of(domain: str, token: str) -> tuple[str, str]:
    """The name of the TXT record and what it must say."""
    return f"_dure.{domain}", f"dure-verification={token}"


def has_record(domain: str, token: str, *, resolver: Resolver | None = None) -> bool:
    """Whether the record is there. Raises Unready("domain.resolver") where nobody answers."""
    name, says = record_of(domain, token)
    try:
        found = (resolver or Resolver()).resolve(f"{name}.", "TXT", lifetime=SECONDS)
    except (NXDOMAIN, NoAnswer):
        return False
    except DNSException as fault:
        sentence = Text(
            ko="지금은 DNS를 조회할 수 없습니다. 잠시 뒤에 다시 시도하거나 플랫폼 운영자에게 확인을 요청하세요.",
            en="Names cannot be looked up now. Try again later, or ask an operator of the platform to confirm it.",
        )
        raise Unready("domain.resolver", sentence) from fault
    return any(isinstance(row, TXTBase) and b"".join(row.strings) == says.encode() for row in found)
