"""Korean for tags that catalogues name in English only: the levels and roles of Microsoft Learn."""

from collections.abc import Mapping

from dure.learning.models import Facet

_LEVELS = {"beginner": "초급", "intermediate": "중급", "advanced": "고급"}
_ROLES = {
    "administrator": "관리자", "ai-engineer": "AI 엔지니어", "auditor": "감사자", "business-analyst": "비즈니스 분석가",
    "business-owner": "사업주", "business-user": "업무 사용자", "data-analyst": "데이터 분석가",
    "data-engineer": "데이터 엔지니어", "data-scientist": "데이터 과학자",
    "database-administrator": "데이터베이스 관리자",
    "developer": "개발자", "devops-engineer": "데브옵스 엔지니어", "functional-consultant": "기능 컨설턴트",
    "higher-ed-educator": "대학 교육자", "identity-access-admin": "ID·접근 관리자", "ip-admin": "정보 보호 관리자",
    "k-12-educator": "초·중·고 교사", "maker": "앱 제작자", "network-engineer": "네트워크 엔지니어",
    "parent-guardian": "학부모·보호자", "platform-engineer": "플랫폼 엔지니어", "privacy-manager": "개인정보 책임자",
    "risk-practitioner": "위험 관리자", "school-leader": "학교 관리자", "security-engineer": "보안 엔지니어",
    "security-operations-analyst": "보안 운영 분석가", "service-adoption-specialist": "서비스 도입 담당자",
    "solution-architect": "솔루션 설계자", "startup-founder": "창업자", "student": "학생",
    "support-engineer": "기술 지원 엔지니어",
    "technical-writer": "기술 문서 작성자", "technology-manager": "기술 관리자",
}  # fmt: skip
KOREAN: Mapping[tuple[str, str], str] = {
    **{(Facet.LEVEL.value, key): name for key, name in _LEVELS.items()},
    **{(Facet.ROLE.value, key): name for key, name in _ROLES.items()},
}
