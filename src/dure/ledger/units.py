"""What accounts count in: currencies in their smallest unit, and meters such as GPU seconds."""

import re
from decimal import Decimal

from dure.core.errors import Refused
from dure.core.text import Text

METER = re.compile(r"[a-z]+(-[a-z]+)*")

# ISO 4217: active currencies by the number of decimals of their smallest unit; funds' codes and metals left out.
_BY_DECIMALS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
    2: """AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP
        CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR
        IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN
        NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
        STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG""",
    3: "BHD IQD JOD KWD LYD OMR TND",
}
DECIMALS = {code: decimals for decimals, codes in _BY_DECIMALS.items() for code in codes.split()}


def currency(code: str) -> str:
    """``code`` itself when it is a currency; Refused otherwise."""
    if code not in DECIMALS:
        sentence = Text.said(
            ko=f"‘{code}’은(는) ISO 4217 통화 코드가 아닙니다. KRW와 같이 세 글자로 적으세요.",
            en=f"{code} is no ISO 4217 currency code. Write three letters, such as KRW.",
        )
        raise Refused("ledger.currency", sentence, currency=code)
    return code


def unit(name: str) -> str:
    """``name`` itself when it is a currency or a meter's name (small letters and hyphens); Refused otherwise."""
    return name if METER.fullmatch(name) else currency(name)


def written(amount: int, name: str) -> str:
    """How an amount reads: ``1,750,000 KRW``, ``12.34 USD``, ``3,600 gpu-second``."""
    decimals = DECIMALS.get(name, 0)
    return f"{Decimal(amount).scaleb(-decimals):,.{decimals}f} {name}"
