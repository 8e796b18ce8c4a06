"""What a verification says, in plain words."""

from dure.core.text import Text

GENUINE = Text(
    ko="서명이 맞습니다. 서명한 뒤로 아무것도 바뀌지 않았습니다.",
    en="The signature is right: nothing has changed since it was signed.",
)
CHANGED = Text(
    ko="서명이 맞지 않습니다. 서명한 뒤에 내용이 바뀌었거나 다른 키로 서명했습니다. 발급 기관에 원본을 요청하세요.",
    en="The signature is wrong: something was changed after signing, or another key signed it. Ask the issuer for it.",
)
NO_KEY = Text(
    ko="서명을 확인할 수 없습니다. 서명한 키를 찾지 못했습니다.",
    en="The signature cannot be checked: the key that signed it was not found.",
)
OUR_ISSUER = Text(ko="발급 기관은 {name}(이)며, 이 플랫폼에서 발급했습니다.", en="Issued here by {name}.")
CLAIMED = Text(
    ko="{did}에서 발급했다고 적혀 있지만 서명으로 확인되지 않습니다.",
    en="It says that {did} issued it; the signature does not prove that.",
)
VOUCHED = Text(
    ko="{did}이(가) 서명한 키를 자신의 것으로 공개하고 있습니다.", en="{did} publishes the signing key as its own."
)
SELF_NAMED = Text(
    ko="발급 기관의 이름이 키 자체(did:key)입니다. 누구의 키인지는 발급 기관에 직접 확인하세요.",
    en="The issuer is called by its key alone (did:key). Whose key that is, ask the issuer in another way.",
)
OTHERS_KEY = Text(
    ko="발급 기관이 아닌 다른 누군가의 키로 서명했습니다. 믿지 마세요.",
    en="The key that signed it is not the issuer's. Do not believe it.",
)
COMPROMISED = Text(
    ko="발급 기관({name})에서 이 키가 유출되었다고 밝혔습니다. 발급 기관에 새 자격을 요청하세요.",
    en="{name} has said that this key was compromised. Ask the issuer for a new credential.",
)
UNRESOLVED = Text(
    ko="발급 기관({did})의 키를 확인할 수 없습니다. 잠시 뒤 다시 시도하거나 발급 기관에 문의하세요.",
    en="The keys of the issuer ({did}) cannot be read. Try again later, or ask the issuer.",
)
WELL_FORMED = Text(ko="Open Badges 3.0 형식을 따릅니다.", en="It is well-formed Open Badges 3.0.")
MALFORMED = Text(
    ko="Open Badges 3.0이 요구하는 항목이 빠졌거나 형식이 다릅니다.",
    en="Something that Open Badges 3.0 asks for is missing or misshapen.",
)
IN_TIME = Text(ko="유효 기간 안에 있습니다.", en="It is within the time for which it was issued.")
FOR_EVER = Text(ko="유효 기간에 끝이 없습니다.", en="It was issued without an end.")
TOO_EARLY = Text(ko="유효 기간이 아직 시작되지 않았습니다.", en="The time for which it was issued has not begun.")
EXPIRED = Text(ko="유효 기간이 끝났습니다.", en="It has expired.")
UNDATED = Text(ko="날짜를 읽을 수 없습니다.", en="Its dates cannot be read.")
HOLDS = Text(ko="정지되거나 취소되지 않았습니다.", en="It was neither suspended nor revoked.")
NO_STATUS = Text(
    ko="취소 여부를 알리는 목록이 없는 자격입니다.", en="It names no list that would tell of a revocation."
)
SUSPENDED = Text(ko="발급 기관이 정지했습니다.", en="The issuer has suspended it.")
REVOKED = Text(ko="발급 기관이 취소했습니다.", en="The issuer has revoked it.")
SUPERSEDED = Text(ko="더 새로운 자격으로 갱신되었습니다.", en="A newer one was issued in its place.")
STATUS_UNASKED = Text(
    ko="서명이 확인되지 않아 취소 여부를 묻지 않았습니다.",
    en="Its signature is not proven, so nobody was asked whether it was revoked.",
)
STATUS_UNKNOWN = Text(
    ko="취소 여부를 확인하지 못했습니다. 잠시 뒤 다시 시도하세요.",
    en="Whether it was revoked could not be found out. Try again later.",
)
