"""Code lists of dossiers and payouts (domain.md 3.6, decisions D3, D4). Records store the words, never form codes."""

from django.db import models


class DossierState(models.TextChoices):
    DRAFT = "draft", "草稿"
    APPLIED = "applied", "已申请"
    VISITED = "visited", "已入户"
    POSTED = "posted", "已公示"
    REVIEWED = "reviewed", "已审核"
    ACTIVE = "active", "在档"
    OUT_OF_HARDSHIP = "out_of_hardship", "已脱困"
    CLOSED = "closed", "已注销"


class HardshipClass(models.TextChoices):
    DEEP = "deep", "深度困难"
    RELATIVE = "relative", "相对困难"
    ACCIDENTAL = "accidental", "意外致困"
    NONE = "none", "不符合"


class Sex(models.TextChoices):
    MALE = "male", "男"
    FEMALE = "female", "女"


class WorkStatus(models.TextChoices):
    ON_POST = "on_post", "在岗"
    LAID_OFF = "laid_off", "下(待)岗"
    UNEMPLOYED = "unemployed", "失(无)业"
    RETIRED = "retired", "退休"
    VETERAN_RETIRED = "veteran_retired", "离休"
    ILL_RETIRED = "ill_retired", "病退"
    SICK_LEAVE = "sick_leave", "病休"
    EARLY_RETIRED = "early_retired", "内退"


class Cause(models.TextChoices):
    """致困原因 v2; the coarse class is a statistical code (D4)."""

    UNABLE = "unable", "无劳动能力"
    JOBLESS = "jobless", "有劳动能力而未就业"
    LAID_OFF = "laid_off", "下岗失业"
    UNINSURED = "uninsured", "未参加社会保险"
    BENEFITS_MISSING = "benefits_missing", "社会保险待遇落实不到位"
    ILLNESS = "illness", "患重特大疾病"
    DISASTER = "disaster", "遭受自然灾害"
    ACCIDENT = "accident", "遭受意外事故"
    SCHOOLING = "schooling", "子女上学"
    OTHER = "other", "其他"


HEALTH_CAUSES = frozenset({Cause.ILLNESS, Cause.UNABLE})
"""Causes that say something about health: L4, shown only as 健康类 until unmasked."""


class CauseClass(models.TextChoices):
    """The coarse class of a cause that forms count (D4); the cause itself is sealed."""

    SUDDEN = "sudden", "意外、重大疾病、灾害"
    OTHER = "other", "其他"


SUDDEN_CAUSES = frozenset({Cause.ILLNESS, Cause.DISASTER, Cause.ACCIDENT})


class Certificate(models.TextChoices):
    """Papers of a household that forms count; records store the word itself."""

    HARDSHIP = "特困职工救助证", "特困职工救助证"
    SUBSISTENCE = "低保证", "低保证"
    DISABILITY = "残疾证", "残疾证"
    OTHER = "其他证件", "其他证件"


class Health(models.TextChoices):
    GOOD = "良好", "良好"
    CANCER = "恶性肿瘤", "恶性肿瘤"
    HEART = "心血管病", "心血管病"
    BRAIN = "脑血管病", "脑血管病"
    KIDNEY = "终末期肾病", "终末期肾病"
    MENTAL = "精神病", "精神病"
    LIVER = "肝病", "肝病"
    BLOOD = "血液病", "血液病"
    DIABETES = "糖尿病", "糖尿病"
    TUMOUR = "肿瘤病", "肿瘤病"
    SPINE = "腰颈椎病", "腰颈椎病"
    PRESSURE = "高血压病", "高血压病"
    LUNG = "肺病", "肺病"
    COMMON = "一般疾病", "一般疾病"
    COMA = "深度昏迷", "深度昏迷"
    PARALYSIS = "永久瘫痪", "永久瘫痪"
    ALZHEIMER = "严重阿尔茨海默病", "严重阿尔茨海默病"
    PARKINSON = "严重帕金森病", "严重帕金森病"
    NEURON = "严重运动神经元病", "严重运动神经元病"
    DISABILITY = "残疾", "残疾"


class Relation(models.TextChoices):
    FATHER = "father", "父亲"
    MOTHER = "mother", "母亲"
    HUSBAND = "husband", "丈夫"
    WIFE = "wife", "妻子"
    SON = "son", "儿子"
    DAUGHTER = "daughter", "女儿"
    OTHER = "other", "其他"


class DossierLevel(models.TextChoices):
    NATIONAL = "national", "全国级"
    PROVINCE = "province", "省级"
    CITY = "city", "地市级"
    COUNTY = "county", "区县级"
    GRASSROOTS = "grassroots", "基层"


class ClosingReason(models.TextChoices):
    OUT_OF_HARDSHIP = "out_of_hardship", "脱困"
    RETIRED = "retired", "退休"
    MOVED = "moved", "调离"
    DIED = "died", "死亡"
    MISTAKE = "mistake", "错录"
    MERGED = "merged", "合并"


class Step(models.TextChoices):
    """One step of the dossier chain, with the opinion given there."""

    APPLY = "apply", "申请"
    VISIT = "visit", "入户"
    POST = "post", "公示"
    REVIEW = "review", "审核"
    APPROVE = "approve", "审批"
    RETURN = "return", "退回"
    CLOSE = "close", "退出"
    TRANSFER = "transfer", "转移"


class ReliefGroup(models.TextChoices):
    """Who the recipient is: exactly one per payout (003 C1..C11)."""

    LOW_INCOME = "low_income", "下岗失业、低收入、子女教育负担重致困职工"
    ILLNESS_DISASTER = "illness_disaster", "大病、灾害、意外致困职工"
    TROUBLED_ENTERPRISE = "troubled_enterprise", "困难企业停减发工资职工"
    INJURY_BEREAVED = "injury_bereaved", "工伤职业病致残、因公牺牲家属、大病住院职工"
    HARD_CONDITIONS = "hard_conditions", "艰苦岗位一线职工"
    DISASTER_DUTY = "disaster_duty", "抗灾一线职工"
    FESTIVAL_DUTY = "festival_duty", "春节坚守岗位职工"
    SECONDED = "seconded", "派驻挂职干部职工"
    MAJOR_PROJECT = "major_project", "重大项目突出贡献职工"
    ROLE_MODEL = "role_model", "先进模范人物"
    DOSSIER_HOLDER = "dossier_holder", "建档困难职工"


HARDSHIP_GROUPS = frozenset(
    {
        ReliefGroup.LOW_INCOME,
        ReliefGroup.ILLNESS_DISASTER,
        ReliefGroup.TROUBLED_ENTERPRISE,
        ReliefGroup.INJURY_BEREAVED,
        ReliefGroup.DOSSIER_HOLDER,
    }
)
"""Groups of hardship workers whose aid 003 counts once more by purpose in E2..E5 (D3)."""


class Purpose(models.TextChoices):
    RELIEF_VISIT = "relief_visit", "慰问"
    LIVING = "living", "生活救助"
    MEDICAL = "medical", "医疗救助"
    STUDY = "study", "子女助学"
    LEGAL_AID = "legal_aid", "法律援助"
    TRAINING = "training", "职业培训"
    PLACEMENT = "placement", "职业介绍"
    POLICY_HELP = "policy_help", "落实民生政策"
    OTHER = "other", "其他"


FINANCE_PURPOSES = frozenset(
    {Purpose.LIVING, Purpose.MEDICAL, Purpose.STUDY, Purpose.LEGAL_AID, Purpose.TRAINING, Purpose.PLACEMENT}
)
"""The six purposes of central and provincial relief money (domain.md 2.2)."""


class Trait(models.TextChoices):
    """Marks of a recipient that forms count across groups; any number per payout."""

    FARMER_WORKER = "farmer_worker", "农民工"
    NEW_GENERATION = "new_generation", "新生代农民工"
    GIG_WORKER = "gig_worker", "新就业形态劳动者"
    DISABLED = "disabled", "残疾职工"
    MODEL_WORKER = "model_worker", "劳模"


class Route(models.TextChoices):
    CARD = "card", "银行卡"
    PASSBOOK = "passbook", "存折"
    CASH = "cash", "现金"
    GOODS = "goods", "实物"


class ThresholdWay(models.TextChoices):
    """What an amount above a threshold asks for."""

    UPWARD = "upward", "由上一级审批"
    SECOND = "second", "再由第二人审批"


class PayoutState(models.TextChoices):
    DRAFT = "draft", "草稿"
    PLANNED = "planned", "待审核"
    APPROVED = "approved", "已审批"
    RELEASED = "released", "已出账"
    PAID = "paid", "已发放"
    FAILED = "failed", "失败"


class VisitKind(models.TextChoices):
    HOUSEHOLD = "household", "家庭"
    ENTERPRISE = "enterprise", "企业"


class MoveKind(models.TextChoices):
    """Who began the move of a file to another union: the one that wants it, or the one that keeps it."""

    ASKED = "asked", "申请转入"
    OFFERED = "offered", "转出"


class CaseState(models.TextChoices):
    """What became of a question to another union or another person."""

    WAITING = "waiting", "待答复"
    ACCEPTED = "accepted", "已同意"
    REFUSED = "refused", "未同意"
    WITHDRAWN = "withdrawn", "已撤回"


class ReviewOutcome(models.TextChoices):
    """What the yearly look at an active file found."""

    STILL = "still", "仍符合，类别不变"
    CHANGED = "changed", "仍符合，类别有变"
    OUT = "out", "不再困难"


class CheckResult(models.TextChoices):
    """What the drawn check of one review found."""

    RIGHT = "right", "相符"
    FLAWED = "flawed", "材料有缺，须补正"
    WRONG = "wrong", "不符，须重新复核"


class ListKind(models.TextChoices):
    DOSSIERS = "dossiers", "建档对象"
    PAYOUTS = "payouts", "发放对象"


class ListState(models.TextChoices):
    """A public list; that it has run out follows from its last day."""

    DRAFT = "draft", "待发布"
    PUBLISHED = "published", "公示中"
    WITHDRAWN = "withdrawn", "已撤下"


class ObjectionOutcome(models.TextChoices):
    OPEN = "open", "核查中"
    UPHELD = "upheld", "成立"
    DISMISSED = "dismissed", "不成立"


class Met(models.TextChoices):
    """Whom a visit met."""

    SELF = "self", "见到本人"
    FAMILY = "family", "见到家人"
    NOBODY = "nobody", "没人在家"


class VisitChange(models.TextChoices):
    """What has changed at home; one word raises a review of the file."""

    INCOME = "income", "收入"
    WORK = "work", "就业"
    SCHOOL = "school", "上学"
    HOUSING = "housing", "住房"
    PERSONS = "persons", "人口"


class RuleEffect(models.TextChoices):
    """What a rule about money does: off is a version that ends it."""

    REFUSE = "refuse", "拒绝"
    WARN = "warn", "须说明原因"
    HINT = "hint", "提示"
    OFF = "off", "停用"


class RuleState(models.TextChoices):
    PROPOSED = "proposed", "待确认"
    CONFIRMED = "confirmed", "已生效"
    WITHDRAWN = "withdrawn", "未采用"
