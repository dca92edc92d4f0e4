"""The union tree, the people and posts in it, and the record of what they did."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from relief.lib import clock
from relief.lib.crypto import new_row_key
from unions.enums import JobState, Outcome, Role, UnionKind
from unions.field_classes import field_classes
from unions.querysets import (
    AccountQuerySet,
    AttachmentQuerySet,
    AuditQuerySet,
    HeadcountQuerySet,
    IdempotencyQuerySet,
    JobQuerySet,
    ListExportQuerySet,
    PersonQuerySet,
    PostQuerySet,
    UnionQuerySet,
)

FIRST_DAY = datetime.date(2000, 1, 1)
"""Opening day of a union whose real one is not known."""


class Union(models.Model):
    """A trade union: a node of the tree through which a notice goes down and figures come up."""

    code = models.CharField("工会代码", max_length=32, unique=True)
    name = models.CharField("工会名称", max_length=120)
    short_name = models.CharField("简称", max_length=60, blank=True)
    kind = models.CharField("类型", max_length=16, choices=UnionKind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级工会"
    )
    path = models.CharField(max_length=255, unique=True, editable=False)
    depth = models.PositiveSmallIntegerField(editable=False)
    phone = models.CharField("联系电话", max_length=32, blank=True)
    opened_on = models.DateField("成立日期", default=FIRST_DAY)
    closed_on = models.DateField("撤销日期", null=True, blank=True)

    objects = UnionQuerySet.as_manager()
    classes = field_classes(L1="id code name short_name kind parent path depth opened_on closed_on", L2="phone")

    class Meta:
        ordering = ["code"]
        verbose_name = "工会"
        constraints = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="union_is_not_its_own_parent"),
            models.CheckConstraint(condition=Q(kind__in=UnionKind.values), name="union_kind_is_known"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="union_closes_after_opening",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """The short name where there is one, for narrow columns."""
        return self.short_name or self.name

    def line_ids(self) -> list[int]:
        """Ids from the root down to this union."""
        return [int(part) for part in self.path.strip("/").split("/")]

    def is_within(self, other: Union) -> bool:
        return self.path.startswith(other.path)


class UnionHeadcount(models.Model):
    """How many workers and help centres a union had in a year (职工总数, 其中农民工, 帮扶中心和站点数)."""

    union = models.ForeignKey(Union, models.PROTECT, related_name="headcounts", verbose_name="工会")
    year = models.PositiveSmallIntegerField("年度")
    workers = models.PositiveIntegerField("职工总数")
    farmer_workers = models.PositiveIntegerField("其中农民工", default=0)
    help_centres = models.PositiveIntegerField("帮扶中心和站点数", default=0)
    version = models.PositiveIntegerField(default=1)

    objects = HeadcountQuerySet.as_manager()
    classes = field_classes(L2="id union year workers farmer_workers help_centres version")

    class Meta:
        ordering = ["union", "-year"]
        constraints = [
            models.UniqueConstraint(fields=["union", "year"], name="one_headcount_per_union_and_year"),
            models.CheckConstraint(condition=Q(farmer_workers__lte=F("workers")), name="farmer_workers_are_workers"),
        ]


class Person(models.Model):
    """A member of staff. Posts and login accounts hang on the person, so that separation of duties follows people."""

    name = models.CharField("姓名", max_length=40)
    phone = models.CharField("办公电话", max_length=32, blank=True)

    objects = PersonQuerySet.as_manager()
    classes = field_classes(L2="id name phone")

    class Meta:
        ordering = ["id"]
        verbose_name = "人员"

    def __str__(self) -> str:
        return self.name

    def posts_now(self) -> list[Post]:
        """The posts in force, with their unions, read once per loaded person."""
        cached = self.__dict__.get("_posts_now")
        if cached is None:
            now = clock.db_now()
            cached = list(self.posts.in_force(now).select_related("union").order_by("pk"))
            self.__dict__.update(_posts_now=cached, _asked_at=now)
        return cached

    @property
    def asked_at(self) -> datetime.datetime:
        """The instant at which the posts were read: one clock for a whole page, never for a deadline that is decided."""
        self.posts_now()
        return self.__dict__["_asked_at"]

    def union_ids(self, roles: Iterable[str]) -> list[int]:
        """Ids of the unions where the person holds one of the roles."""
        wanted = set(roles)
        return sorted({post.union_id for post in self.posts_now() if post.role in wanted})

    def reach(self, roles: Iterable[str]) -> tuple[str, ...]:
        """The paths of the subtrees in which the person holds one of the roles."""
        wanted = set(roles)
        return tuple(sorted({post.union.path for post in self.posts_now() if post.role in wanted}))

    def holds(self, roles: Iterable[str], union_id: int | None = None) -> bool:
        wanted = set(roles)
        return any(post.role in wanted and union_id in (None, post.union_id) for post in self.posts_now())

    def may_log_in(self) -> bool:
        """Whether a login is open: work that waits in a queue ends with the login that ordered it (R-01)."""
        return self.accounts.filter(is_active=True).exists()


class Post(models.Model):
    """A role held by a person at one union, until revoked or run out."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="posts", verbose_name="人员")
    union = models.ForeignKey(Union, models.PROTECT, related_name="posts", verbose_name="工会")
    role = models.CharField("职责", max_length=16, choices=Role)
    granted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    granted_at = models.DateTimeField()
    until = models.DateTimeField("有效期至", null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = PostQuerySet.as_manager()
    classes = field_classes(L2="id person union role granted_by granted_at until revoked_at")

    class Meta:
        ordering = ["union", "role", "person"]
        verbose_name = "岗位"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "union", "role"],
                condition=Q(revoked_at__isnull=True),
                name="one_live_post_per_role_and_union",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="post_role_is_known"),
            models.CheckConstraint(condition=~Q(person=F("granted_by")), name="nobody_grants_a_post_to_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.union.called} {self.get_role_display()}"


class AccountManager(BaseUserManager["Account"]):
    def get_queryset(self) -> models.QuerySet[Account]:
        # Every request asks for the person behind the login: one query, not two.
        return super().get_queryset().select_related("person")

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(login_key=login_key(username or ""))


def login_key(username: str) -> str:
    """The form of a login name that must be unique: NFKC and case folded (R-01)."""
    return unicodedata.normalize("NFKC", username).casefold().strip()


class Account(AbstractBaseUser):
    """A login of one person."""

    username = models.CharField("登录名", max_length=40, unique=True)
    login_key = models.CharField(max_length=60, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="accounts", verbose_name="人员")
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("首次登录须改密码", default=False)
    created_at = models.DateTimeField()
    union = models.ForeignKey(
        Union, models.PROTECT, null=True, blank=True, related_name="accounts", verbose_name="所属工会"
    )
    password_until = models.DateTimeField("初始密码有效期至", null=True, blank=True)

    objects = AccountManager.from_queryset(AccountQuerySet)()
    USERNAME_FIELD = "username"
    classes = field_classes(
        L2="id username login_key person is_active must_change_password created_at last_login union password_until",
        L4="password",
    )

    class Meta:
        verbose_name = "账号"

    def __str__(self) -> str:
        return self.username


class AuditChain(models.Model):
    """The head of one hash chain: one per county-level union and one for the site (R-14, D22)."""

    key = models.CharField(max_length=40, unique=True)
    head_seq = models.PositiveBigIntegerField(default=0)
    head_mac = models.CharField(max_length=80, blank=True)

    classes = field_classes(L2="id key head_seq head_mac")

    class Meta:
        ordering = ["id"]


class AuditEvent(models.Model):
    """One thing somebody did or was refused. Append-only: triggers forbid update and delete."""

    chain = models.ForeignKey(AuditChain, models.PROTECT, related_name="events")
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    act = models.CharField(max_length=60)
    outcome = models.CharField(max_length=8, choices=Outcome)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    role = models.CharField(max_length=60, blank=True)
    union = models.ForeignKey(Union, models.PROTECT, null=True, blank=True, related_name="+")
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    fields = models.JSONField(default=list)
    before_digest = models.CharField(max_length=80, blank=True)
    after_digest = models.CharField(max_length=80, blank=True)
    detail = models.JSONField(default=dict)
    money = models.BooleanField(default=False)
    address = models.CharField(max_length=64, blank=True)
    request_id = models.CharField(max_length=40, blank=True)
    previous_mac = models.CharField(max_length=80, blank=True)
    mac = models.CharField(max_length=80)

    objects = AuditQuerySet.as_manager()
    classes = field_classes(
        L2="id chain seq at act outcome person role union object_type object_id fields before_digest after_digest detail"
        " money address request_id previous_mac mac"
    )

    class Meta:
        ordering = ["chain", "seq"]
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="one_event_per_place_in_a_chain")]
        indexes = [
            models.Index(fields=["object_type", "object_id", "seq"], name="audit_by_object"),
            models.Index(fields=["union", "-at"], name="audit_by_union"),
        ]


class IdempotencyKey(models.Model):
    """The answer already given to a request that may arrive twice (R-32)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    act = models.CharField(max_length=60)
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=80)
    receipt = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    objects = IdempotencyQuerySet.as_manager()
    classes = field_classes(L2="id person act key digest receipt at")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "act", "key"], name="one_answer_per_request_key")]


class Attachment(models.Model):
    """A file that belongs to a notice, a report or a dossier; its bytes lie encrypted outside the web root."""

    row_key = models.CharField(max_length=32, default=new_row_key, editable=False, unique=True)
    union = models.ForeignKey(Union, models.PROTECT, related_name="+")
    owner_type = models.CharField(max_length=60)
    owner_id = models.PositiveBigIntegerField()
    kind = models.CharField("材料类型", max_length=40, blank=True)
    filename = models.CharField("文件名", max_length=160)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()
    classes = field_classes(
        L2="id row_key union owner_type owner_id kind content_type size uploaded_by uploaded_at removed_at",
        L3="filename sha256",
    )

    class Meta:
        ordering = ["uploaded_at", "id"]
        indexes = [models.Index(fields=["owner_type", "owner_id"], name="attachment_by_owner")]


class Job(models.Model):
    """Work done outside the request, with its progress for the page that waits (E3)."""

    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=JobState, default=JobState.WAITING)
    started_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    union = models.ForeignKey(Union, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    outcome = models.JSONField(default=dict)

    objects = JobQuerySet.as_manager()
    classes = field_classes(L2="id kind state started_by union created_at finished_at done total outcome")

    class Meta:
        ordering = ["-id"]


class ListExport(models.Model):
    """Somebody takes a list along as Excel: what was asked, which rows, and who agreed (R-22).

    A short list is made on fetching; a long one by `job`, whose file lies sealed until `expires_at`.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待第二人同意"
        READY = "ready", "可以下载"
        REFUSED = "refused", "已回绝"

    listing = models.SlugField(max_length=40)
    conditions = models.JSONField(default=dict)
    full = models.BooleanField("完整版", default=False)
    purpose = models.CharField("用途", max_length=200)
    union = models.ForeignKey(Union, models.PROTECT, related_name="+", verbose_name="工会")
    rows = models.PositiveIntegerField("行数")
    held = models.BinaryField("所含的行", default=bytes)
    job = models.OneToOneField(Job, models.PROTECT, null=True, blank=True, related_name="list_export")
    grade = models.CharField(max_length=8)
    state = models.CharField("状态", max_length=8, choices=State, default=State.READY)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="申请人")
    asked_at = models.DateTimeField()
    confirm_union = models.ForeignKey(Union, models.PROTECT, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField("回绝原因", max_length=200, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ListExportQuerySet.as_manager()
    classes = field_classes(
        L2="id listing full purpose union rows held job grade state asked_by asked_at confirm_union decided_by decided_at"
        " refusal expires_at version",
        L3="conditions",
    )

    class Meta:
        ordering = ["-id"]
        verbose_name = "清单导出"
        indexes = [models.Index(fields=["asked_by", "asked_at"], name="list_export_by_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="list_export_agreed_by_another_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(expires_at__isnull=False), name="list_export_permission_ends"
            ),
            models.CheckConstraint(
                condition=Q(job__isnull=True) | Q(state="ready"), name="list_export_made_when_agreed"
            ),
        ]

    def is_over(self, now: datetime.datetime) -> bool:
        """Whether the file could be fetched once and no longer can."""
        return self.state == self.State.READY and self.expires_at is not None and self.expires_at <= now
