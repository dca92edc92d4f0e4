"""Words the whole house shares: kinds of union, roles, outcomes."""

from django.db import models


class UnionKind(models.TextChoices):
    """What a node of the tree is (domain.md 1, decisions D15)."""

    PROVINCE = "province", "省级工会"
    CITY = "city", "市级工会"
    COUNTY = "county", "县级工会"
    INDUSTRY = "industry", "产业工会"
    DIRECT = "direct", "直属工会"
    GRASSROOTS = "grassroots", "基层工会"
    UNIT = "unit", "机关科室"


class Role(models.TextChoices):
    """A post is a role at one union, held by a person (decisions: words and states)."""

    ENTER = "enter", "填报"
    REVIEW = "review", "审核"
    APPROVE = "approve", "审批"
    PAY = "pay", "出纳"
    ORGANISE = "organise", "活动管理"
    AUDIT = "audit", "经审"
    SYSTEM = "system", "系统管理"
    SECURITY = "security", "安全管理"
    AUDIT_ADMIN = "audit_admin", "审计管理"


BUSINESS_ROLES = frozenset({Role.ENTER, Role.REVIEW, Role.APPROVE, Role.PAY, Role.ORGANISE, Role.AUDIT})
"""Roles that see figures of their line; the three administrators never do (R-08)."""

ADMIN_ROLES = frozenset({Role.SYSTEM, Role.SECURITY, Role.AUDIT_ADMIN})


class Outcome(models.TextChoices):
    """How an audited act ended."""

    DONE = "done", "成功"
    REFUSED = "refused", "拒绝"


class JobState(models.TextChoices):
    WAITING = "waiting", "等待"
    RUNNING = "running", "进行中"
    DONE = "done", "完成"
    FAILED = "failed", "失败"
