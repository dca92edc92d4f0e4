"""Code lists of campaigns, money and activities (domain.md 2.1, forms.md "Activity kinds")."""

from django.db import models


class CampaignKind(models.TextChoices):
    TWO_FESTIVALS = "two_festivals", "元旦春节"
    MAY_NATIONAL = "may_national", "五一国庆"
    OCCASION = "occasion", "节点慰问"
    SPECIAL = "special", "专项"
    YEAR_ROUND = "year_round", "常态化"


class NoticeState(models.TextChoices):
    DRAFT = "draft", "草稿"
    PROPOSED = "proposed", "待确认"
    PUBLISHED = "published", "已发布"
    SUPERSEDED = "superseded", "已更新"


class DeliverableKind(models.TextChoices):
    FORM = "form", "统计表"
    REPORT = "report", "书面报告"
    FILE = "file", "其他材料"


class FundSource(models.TextChoices):
    """The finest list of sources; forms map it to their own lines."""

    CENTRAL = "central", "中央财政"
    PROVINCE = "province", "省财政"
    LOCAL = "local", "市县财政"
    SUPERIOR_UNION = "superior_union", "上级工会补助"
    OWN_UNION = "own_union", "本级工会经费"
    DONATION = "donation", "社会捐助"
    EMPLOYER = "employer", "行政拨付"
    INTEREST = "interest", "专户利息"
    OTHER = "other", "其他"


class FundForm(models.TextChoices):
    CASH = "cash", "资金"
    GOODS = "goods", "实物折价"


class AllocationKind(models.TextChoices):
    """Which way money goes inside the tree."""

    GRANT = "grant", "拨付"
    RETURN = "return", "退回上级"


class DonationKind(models.TextChoices):
    ONE_DAY = "one_day_donation", "一日捐"
    JOINT = "joint", "联合募捐"
    OTHER = "other", "其他募捐"


class DonationBody(models.TextChoices):
    """Who receives the donations of a drive (forms.md 001). The empty value is no body: the donors over all of them."""

    ONE_DAY = "one_day", "工会一日捐"
    RED_CROSS = "red_cross", "红十字会"
    CHARITY_FUND = "charity_fund", "慈善基金会"
    ELDERLY_FUND = "elderly_fund", "老年基金会"
    ARMY_FAMILY_FUND = "army_family_fund", "拥军优属基金会"
    OTHER = "other", "其他机构"


class DriveState(models.TextChoices):
    OPEN = "open", "进行中"
    CLOSED = "closed", "已结束"


class RemittanceState(models.TextChoices):
    """How far a remittance is. The empty value asks nobody: rows of before, and reversals."""

    WAITING = "waiting", "待确认"
    CONFIRMED = "confirmed", "已确认"
    RETURNED = "returned", "已退回"


class ActivityKind(models.TextChoices):
    STUDY_MEETING = "study_meeting", "学习宣传会议"
    POLICY_PUBLICITY = "policy_publicity", "政策宣传"
    POLICY_HELP = "policy_help", "落实民生政策"
    JOB_OFFER = "job_offer", "提供就业岗位"
    JOB_TRAINING = "job_training", "就业培训"
    JOB_PLACEMENT = "job_placement", "职业介绍"
    LEGAL_AID = "legal_aid", "法律援助"
    OTHER_HELP = "other_help", "其他帮扶救助"
    PAIRING = "pairing", "结对帮扶"
    RIGHTS_CASE = "rights_case", "维权"
    RIGHTS_EDUCATION = "rights_education", "维权宣传教育"
    WAGE_RECOVERY = "wage_recovery", "追讨欠薪"
    MENTAL_HEALTH = "mental_health", "心理健康服务"
    CULTURE = "culture", "文化服务"
    HEALTH_CHECK = "health_check", "体检、健康咨询"
    OTHER_SERVICE = "other_service", "其他生活服务"
    JOURNEY_HOME = "journey_home", "平安返乡"
    CHARTER_TRAIN = "charter_train", "包专列"
    CHARTER_CARRIAGE = "charter_carriage", "包火车车厢"
    CHARTER_COACH = "charter_coach", "包汽车"
    CHARTER_SHIP = "charter_ship", "包船"
    CHARTER_PLANE = "charter_plane", "包机"
    TICKET_HELP = "ticket_help", "购票"
    TICKET_WINDOW = "ticket_window", "购票窗口"
    TRAVEL_SUBSIDY = "travel_subsidy", "返乡补贴"
    RECEPTION = "reception", "来访来信来电"


class Measure(models.TextChoices):
    """What an activity record can count."""

    NUMBER = "number", "场次"
    CONTACTS = "contacts", "人次"
    PERSONS = "persons", "人数"
    QUANTITY = "quantity", "数量"
    AMOUNT = "amount", "金额（元）"


ACTIVITY_MEASURES: dict[str, tuple[str, ...]] = {
    ActivityKind.STUDY_MEETING: ("number",),
    ActivityKind.POLICY_PUBLICITY: ("contacts",),
    ActivityKind.POLICY_HELP: ("contacts",),
    ActivityKind.JOB_OFFER: ("quantity",),
    ActivityKind.JOB_TRAINING: ("contacts",),
    ActivityKind.JOB_PLACEMENT: ("contacts",),
    ActivityKind.LEGAL_AID: ("contacts",),
    ActivityKind.OTHER_HELP: ("contacts",),
    ActivityKind.PAIRING: ("quantity",),
    ActivityKind.RIGHTS_CASE: ("persons", "new_persons"),
    ActivityKind.RIGHTS_EDUCATION: ("contacts", "new_contacts"),
    ActivityKind.WAGE_RECOVERY: ("persons", "contacts", "amount", "farmer_persons", "farmer_contacts", "farmer_amount"),
    ActivityKind.MENTAL_HEALTH: ("contacts", "new_contacts"),
    ActivityKind.CULTURE: ("contacts", "new_contacts"),
    ActivityKind.HEALTH_CHECK: ("contacts", "new_contacts"),
    ActivityKind.OTHER_SERVICE: ("contacts", "new_contacts"),
    ActivityKind.JOURNEY_HOME: ("contacts",),
    ActivityKind.CHARTER_TRAIN: ("quantity", "contacts"),
    ActivityKind.CHARTER_CARRIAGE: ("quantity", "contacts"),
    ActivityKind.CHARTER_COACH: ("quantity", "contacts"),
    ActivityKind.CHARTER_SHIP: ("quantity", "contacts"),
    ActivityKind.CHARTER_PLANE: ("quantity", "contacts"),
    ActivityKind.TICKET_HELP: ("quantity",),
    ActivityKind.TICKET_WINDOW: ("quantity",),
    ActivityKind.TRAVEL_SUBSIDY: ("amount",),
    ActivityKind.RECEPTION: ("contacts",),
}
"""Which measures each kind keeps (forms.md, last tables)."""
