"""The acts of this app: accounts, posts, the audit trail, and the pages everybody has."""

from relief.lib.workflow import Act
from unions.enums import BUSINESS_ROLES, Role
from unions.models import ListExport
from unions.policy import ACTS
from unions.registry import MenuEntry, register_menu

ALL_ROLES = frozenset(Role.values)


def _system(name: str, label: str, model: str, at: str) -> Act:
    """An act of the system administrator of a subtree."""
    return Act(name, label, roles=frozenset({Role.SYSTEM}), model=model, at=at, subtree=True)


def register() -> None:
    """Add the acts and menu entries; called once when Django starts."""
    ACTS.register(
        Act("home", "工作台"),
        Act("session.post", "切换岗位"),
        Act("session.password", "修改密码"),
        Act("union.read", "查看工会组织", roles=ALL_ROLES),
        Act("audit.read", "查看审计记录", roles=frozenset({Role.AUDIT_ADMIN, Role.AUDIT}), at="union", subtree=True),
        Act("integrity.verify", "完整性检查", roles=frozenset({Role.SYSTEM, Role.AUDIT_ADMIN})),
        _system("account.create", "建立账号", "unions.Account", "union"),
        Act("account.read", "查看账号和岗位", roles=frozenset({Role.SYSTEM, Role.SECURITY})),
        _system("account.disable", "停用账号", "unions.Account", "union"),
        _system("account.enable", "启用账号", "unions.Account", "union"),
        _system("account.passwords", "打印初始密码", "unions.Union", "pk"),
        _system("union.import", "导入工会", "unions.Union", "pk"),
        _system("account.import", "导入账号", "unions.Union", "pk"),
        Act("post.import", "导入岗位", roles=frozenset({Role.SECURITY}), model="unions.Union", at="pk", subtree=True),
        Act(
            "headcount.import",
            "导入职工人数",
            roles=frozenset({Role.SYSTEM, Role.ENTER}),
            model="unions.Union",
            at="pk",
            subtree=True,
        ),
        Act(
            "post.grant", "授岗", roles=frozenset({Role.SECURITY}), at="union", subtree=True, other_than=("person_id",)
        ),
        Act(
            "post.revoke", "撤岗", roles=frozenset({Role.SECURITY}), at="union", subtree=True, other_than=("person_id",)
        ),
        Act("headcount.read", "查看职工人数", roles=BUSINESS_ROLES | {Role.SYSTEM}),
        Act("union.headcount", "登记职工人数", roles=frozenset({Role.SYSTEM, Role.ENTER}), at="pk", subtree=True),
        Act("import.read", "从 Excel 导入", roles=frozenset({Role.ENTER, Role.SYSTEM, Role.SECURITY})),
        Act("list.export", "导出清单", roles=ALL_ROLES, model="unions.ListExport", at="union"),
        Act(
            "list.confirm",
            "同意导出",
            roles=frozenset({Role.APPROVE}),
            model="unions.ListExport",
            before=frozenset({ListExport.State.WAITING}),
            after=ListExport.State.READY,
            other_than=("asked_by_id",),
            next_step="已经办过的申请不能再办。",
            at="confirm_union_id",
        ),
        Act(
            "list.refuse",
            "不同意导出",
            roles=frozenset({Role.APPROVE}),
            model="unions.ListExport",
            before=frozenset({ListExport.State.WAITING}),
            after=ListExport.State.REFUSED,
            other_than=("asked_by_id",),
            next_step="已经办过的申请不能再办。",
            at="confirm_union_id",
        ),
        Act(
            "list.take",
            "下载导出的清单",
            roles=ALL_ROLES,
            model="unions.ListExport",
            before=frozenset({ListExport.State.READY}),
            next_step="第二个人同意以后才能下载。",
            at="union",
        ),
        Act("union.create", "建立工会", roles=frozenset({Role.SYSTEM}), at="parent", subtree=True),
    )
    register_menu(
        MenuEntry("工作台", "home", "home", 10, "/"),
        MenuEntry("工会组织", "union_tree", "union.read", 90, "/unions/"),
        MenuEntry("账号", "staff_accounts", "account.read", 92, "/staff/"),
        MenuEntry("审计", "audit_trail", "audit.read", 95, "/audit/"),
        MenuEntry("系统", "integrity", "integrity.verify", 96, "/system/"),
    )


__all__ = ["BUSINESS_ROLES", "register"]
