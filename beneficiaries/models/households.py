"""Households in hardship (职工档案), their members, assessments and opinions, and visits to them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from beneficiaries.enums import (
    CauseClass,
    ClosingReason,
    DossierLevel,
    DossierState,
    HardshipClass,
    Met,
    Relation,
    Sex,
    Step,
    VisitKind,
    WorkStatus,
)
from beneficiaries.querysets import DossierQuerySet, OfDossierQuerySet, VisitQuerySet
from campaigns.models import Campaign
from relief.lib.crypto import EncryptedJSONField, EncryptedTextField, new_row_key
from relief.lib.money import MoneyField
from unions.field_classes import field_classes
from unions.models import Person, Union


class SubsistenceStandard(models.Model):
    """低保标准: yuan per head and month of the area of a union, by year."""

    union = models.ForeignKey(Union, models.PROTECT, related_name="standards", verbose_name="工会")
    year = models.PositiveSmallIntegerField("年度")
    monthly = MoneyField("月标准（元）")

    classes = field_classes(L1="id union year monthly")

    class Meta:
        ordering = ["union", "-year"]
        constraints = [
            models.UniqueConstraint(fields=["union", "year"], name="one_standard_per_union_and_year"),
            models.CheckConstraint(condition=Q(monthly__gt=0), name="standard_is_positive"),
        ]


class ClassRule(models.Model):
    """A version of the rule that turns income into a hardship class; parameters are data (domain.md 3.1)."""

    key = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField()
    title = models.CharField("规则名称", max_length=80)
    parameters = models.JSONField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    union = models.ForeignKey(Union, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="适用工会")
    issuer = models.CharField("制定单位", max_length=120, blank=True)
    origin = models.CharField("依据", max_length=200, blank=True)
    decides = models.BooleanField("决定类别", default=True)

    classes = field_classes(L1="id key version title parameters valid_from valid_to union issuer origin decides")

    class Meta:
        ordering = ["key", "-version"]
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="one_class_rule_per_version")]

    def __str__(self) -> str:
        return f"{self.title} 第 {self.version} 版"


class Dossier(models.Model):
    """One household in hardship with its householder: the file that one union keeps (一户一档)."""

    row_key = models.CharField(max_length=32, default=new_row_key, editable=False, unique=True)
    union = models.ForeignKey(Union, models.PROTECT, related_name="dossiers", verbose_name="建档工会")
    number = models.CharField("档案号", max_length=40, unique=True)
    state = models.CharField("状态", max_length=16, choices=DossierState, default=DossierState.DRAFT)
    hardship_class = models.CharField("困难类别", max_length=12, choices=HardshipClass, blank=True)
    level = models.CharField("建档标准", max_length=12, choices=DossierLevel, default=DossierLevel.COUNTY)
    name = models.CharField("姓名", max_length=40)
    sex = models.CharField("性别", max_length=6, choices=Sex)
    birth_date = EncryptedTextField("出生日期", blank=True)
    id_number = EncryptedTextField("身份证号")
    id_index = models.CharField(max_length=64, blank=True, db_index=True)
    id_index_generation = models.PositiveSmallIntegerField(default=1)
    phone = EncryptedTextField("手机号码", blank=True)
    address = EncryptedTextField("家庭住址", blank=True)
    employer = models.CharField("工作单位", max_length=120, blank=True)
    work_status = models.CharField("工作状态", max_length=16, choices=WorkStatus, default=WorkStatus.ON_POST)
    health = EncryptedTextField("健康状况", blank=True)
    cause = EncryptedTextField("主要致困原因")
    cause_is_health = models.BooleanField(default=False)
    cause_class = models.CharField(max_length=8, choices=CauseClass, default=CauseClass.OTHER)
    farmer_worker = models.BooleanField("农民工", default=False)
    disabled = models.BooleanField("残疾职工", default=False)
    model_worker = models.BooleanField("劳模", default=False)
    gig_worker = models.BooleanField("新就业形态劳动者", default=False)
    certificate = models.CharField("持有证件", max_length=60, blank=True)
    bank = EncryptedTextField("开户银行及支行", blank=True)
    card_number = EncryptedTextField("银行卡号", blank=True)
    contact_person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="联系人"
    )
    note = models.TextField("备注", blank=True)
    staff_number = models.CharField("职工编号", max_length=40, blank=True)
    application_kind = models.CharField("申请类别", max_length=10, default="日常救助")
    ethnicity = models.CharField("民族", max_length=20, blank=True)
    political_status = models.CharField("政治面貌", max_length=10, blank=True)
    marital_status = models.CharField("婚姻状况", max_length=10, blank=True)
    disability = EncryptedTextField("疾病/残疾类别", blank=True)
    model_worker_rank = models.CharField("劳模类型", max_length=20, blank=True)
    registration_kind = models.CharField("户口类型", max_length=10, blank=True)
    registration_place = models.CharField("户口所在地行政区划", max_length=80, blank=True)
    postcode = models.CharField("邮政编码", max_length=6, blank=True)
    other_contact = EncryptedTextField("其他联系方式", blank=True)
    housing = models.CharField("住房类型", max_length=20, blank=True)
    floor_area = models.CharField("建筑面积（平方米）", max_length=10, blank=True)
    employer_nature = models.CharField("单位性质", max_length=30, blank=True)
    employer_condition = models.CharField("企业状况", max_length=20, blank=True)
    industry = models.CharField("所属行业", max_length=30, blank=True)
    worked_since = models.DateField("工作时间", null=True, blank=True)
    contract_signed_on = models.DateField("劳动合同签订时间", null=True, blank=True)
    contract_term = models.CharField("合同期限", max_length=30, blank=True)
    medical_insurance = models.CharField("医保状况", max_length=40, blank=True)
    union_member = models.BooleanField("工会会员", default=True)
    single_parent = models.BooleanField("单亲", default=False)
    jobless_household = models.BooleanField("零就业家庭", default=False)
    can_help_itself = models.BooleanField("有一定自救能力", default=False)
    monthly_income = MoneyField("本人月平均收入（元）", null=True, blank=True)
    other_yearly_income = MoneyField("家庭其他非薪资年收入（元）", null=True, blank=True)
    subsistence_amount = MoneyField("低保金额（元/月）", null=True, blank=True)
    other_causes = EncryptedTextField("次要致困原因", blank=True)
    cause_note = EncryptedTextField("致困原因说明", blank=True)
    relief_target = models.BooleanField("解困脱困对象", default=False)
    relief_target_on = models.DateField("列为解困脱困对象的日期", null=True, blank=True)
    priority_group = models.CharField("五类重点群体", max_length=40, blank=True)
    exit_measure = models.CharField("“四个一批”措施", max_length=60, blank=True)
    opened_on = models.DateField("建档日期", null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    closing_reason = models.CharField("退出原因", max_length=16, choices=ClosingReason, blank=True)
    review_due_on = models.DateField("下次复核", null=True, blank=True)
    restricted = models.BooleanField(default=False)
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="建档人")
    entered_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    visited_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    review_union = models.ForeignKey(Union, models.PROTECT, null=True, blank=True, related_name="+")
    approve_union = models.ForeignKey(Union, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = DossierQuerySet.as_manager()
    classes = field_classes(
        L2="id row_key union number state level entered_by entered_at changed_at visited_by reviewed_by approved_by"
        " review_union approve_union contact_person opened_on approved_at review_due_on restricted version"
        " id_index_generation staff_number application_kind",
        L3="hardship_class name sex employer work_status farmer_worker disabled model_worker gig_worker certificate note"
        " closing_reason cause_is_health cause_class ethnicity political_status marital_status model_worker_rank"
        " registration_kind registration_place postcode housing floor_area employer_nature employer_condition industry"
        " worked_since contract_signed_on contract_term medical_insurance union_member single_parent jobless_household"
        " can_help_itself monthly_income other_yearly_income subsistence_amount relief_target relief_target_on"
        " priority_group exit_measure",
        L4="id_number id_index birth_date phone address health cause bank card_number disability other_contact"
        " other_causes cause_note",
    )

    class Meta:
        ordering = ["number"]
        verbose_name = "职工档案"
        indexes = [
            models.Index(fields=["union", "state"], name="dossier_by_union_and_state"),
            models.Index(fields=["review_union", "state"], name="dossier_by_reviewer_and_state"),
            models.Index(fields=["approve_union", "state"], name="dossier_by_decider_and_state"),
            models.Index(fields=["changed_at"], condition=Q(state="active"), name="active_dossier_by_change"),
            models.Index(fields=["review_due_on"], condition=Q(state="active"), name="active_dossier_by_review"),
            models.Index(fields=["name"], name="dossier_by_name", opclasses=["varchar_pattern_ops"]),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DossierState.values), name="dossier_state_is_known"),
            models.CheckConstraint(condition=Q(cause_class__in=CauseClass.values), name="dossier_cause_class_is_known"),
            models.CheckConstraint(
                condition=~Q(state=DossierState.ACTIVE) | Q(opened_on__isnull=False, approved_at__isnull=False),
                name="active_dossier_was_opened_and_approved",
            ),
            models.UniqueConstraint(
                fields=["id_index"],
                condition=Q(state__in=["applied", "visited", "posted", "reviewed", "active"]) & ~Q(id_index=""),
                name="one_live_dossier_per_householder",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class DossierPeriod(models.Model):
    """What a dossier was from one day to another: state, class and keeper, so that any day can be counted (D8)."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="periods")
    union = models.ForeignKey(Union, models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=DossierState)
    hardship_class = models.CharField(max_length=12, choices=HardshipClass, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = OfDossierQuerySet.as_manager()
    classes = field_classes(L2="id dossier union state valid_from valid_to", L3="hardship_class")

    class Meta:
        ordering = ["dossier", "valid_from", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(valid_to__isnull=True), name="one_open_period_per_dossier"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="dossier_period_in_order"
            ),
        ]


class Member(models.Model):
    """A person who lives in the household; every field is encrypted whatever the age (D4)."""

    row_key = models.CharField(max_length=32, default=new_row_key, editable=False, unique=True)
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="members")
    relation = models.CharField("与户主关系", max_length=8, choices=Relation)
    name = EncryptedTextField("姓名")
    id_number = EncryptedTextField("身份证号", blank=True)
    id_index = models.CharField(max_length=64, blank=True, db_index=True)
    id_index_generation = models.PositiveSmallIntegerField(default=1)
    birth_date = EncryptedTextField("出生日期", blank=True)
    adult_birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    adult_sex = models.CharField(max_length=6, choices=Sex, blank=True)
    role = EncryptedTextField("人员身份", blank=True)
    monthly_income = EncryptedTextField("月收入（元）", blank=True)
    health = EncryptedTextField("健康状况", blank=True)
    particulars = EncryptedJSONField("补充资料", null=True, blank=True)

    objects = OfDossierQuerySet.as_manager()
    classes = field_classes(
        L2="id row_key dossier id_index_generation",
        L3="relation adult_birth_year adult_sex",
        L4="name id_number id_index birth_date role monthly_income health particulars",
    )

    class Meta:
        ordering = ["id"]


class Assessment(models.Model):
    """Inputs, standard, rule version and result of one assessment; the result stays visible beside an override."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="assessments")
    rule = models.ForeignKey(ClassRule, models.PROTECT, related_name="+")
    persons = models.PositiveSmallIntegerField("家庭人口")
    yearly_income = MoneyField("年可支配收入（元）")
    rigid_expenses = MoneyField("年刚性支出（元）", default=0)
    job_cost = MoneyField("年必要就业成本（元）", default=0)
    accidental_loss = MoneyField("年意外损失（元）", default=0)
    standard = MoneyField("低保月标准（元）")
    per_head = MoneyField("人均月收入（元）")
    result = models.CharField("测算结果", max_length=12, choices=HardshipClass)
    override = models.CharField("人工认定", max_length=12, choices=HardshipClass, blank=True)
    override_reason = models.CharField("认定理由", max_length=200, blank=True)
    savings = MoneyField("存款和投资（元）", default=0)
    exclusions = models.JSONField("不予建档情形", default=list, blank=True)
    exclusion_note = models.CharField("核实情况", max_length=200, blank=True)
    assessed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    assessed_at = models.DateTimeField()

    objects = OfDossierQuerySet.as_manager()
    classes = field_classes(
        L2="id dossier rule standard assessed_by assessed_at",
        L3="persons yearly_income rigid_expenses job_cost accidental_loss per_head result override override_reason"
        " savings exclusions exclusion_note",
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(persons__gte=1), name="household_has_somebody"),
            models.CheckConstraint(condition=Q(override="") | ~Q(override_reason=""), name="override_has_a_reason"),
        ]


class Opinion(models.Model):
    """What one person said at one step of the chain; every level's opinion is kept."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="opinions")
    step = models.CharField("步骤", max_length=10, choices=Step)
    union = models.ForeignKey(Union, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    text = models.CharField("意见", max_length=400)
    on = models.DateField("日期")
    until = models.DateField("公示至", null=True, blank=True)
    amount = MoneyField("建议金额（元）", null=True, blank=True)
    at = models.DateTimeField()

    objects = OfDossierQuerySet.as_manager()
    classes = field_classes(L2="id dossier step union person text on until amount at")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="suggested_amount_is_not_negative"
            )
        ]


class FieldChange(models.Model):
    """One changed field of a dossier: who, when, why; the values only as masked words (C1)."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="changes")
    field = models.CharField(max_length=40)
    old = models.CharField(max_length=120, blank=True)
    new = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OfDossierQuerySet.as_manager()
    classes = field_classes(L2="id dossier field by at reason", L3="old new")

    class Meta:
        ordering = ["-id"]


class Visit(models.Model):
    """One 走访 to a household or an enterprise, perhaps with empty hands (D21)."""

    union = models.ForeignKey(Union, models.PROTECT, related_name="visits", verbose_name="工会")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="活动")
    kind = models.CharField("走访对象", max_length=10, choices=VisitKind)
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name="家庭"
    )
    enterprise = models.CharField("企业名称", max_length=120, blank=True)
    in_difficulty = models.BooleanField("困难企业", default=False)
    with_relief = models.BooleanField("带慰问款物", default=False)
    visited_on = models.DateField("走访日期")
    leader = models.CharField("带队人", max_length=40, blank=True)
    persons = models.PositiveSmallIntegerField("走访人数", default=1)
    note = models.TextField("走访情况", blank=True)
    met = models.CharField("见到本人了吗", max_length=8, choices=Met, blank=True)
    changed = models.CharField("家里的变化", max_length=60, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = VisitQuerySet.as_manager()
    classes = field_classes(
        L2="id union campaign kind enterprise in_difficulty with_relief visited_on leader persons voided_at entered_by"
        " entered_at version",
        L3="dossier note met changed",
    )

    class Meta:
        ordering = ["-visited_on", "-id"]
        verbose_name = "走访"
        indexes = [models.Index(fields=["union", "visited_on"], name="visit_by_union_and_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=VisitKind.HOUSEHOLD, dossier__isnull=False, enterprise="")
                | (Q(kind=VisitKind.ENTERPRISE, dossier__isnull=True) & ~Q(enterprise="")),
                name="visit_goes_to_a_household_or_an_enterprise",
            )
        ]
