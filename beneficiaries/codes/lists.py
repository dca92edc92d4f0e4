"""The lists themselves: words in order, the words of older versions, and the old words that ask for a choice.

Records keep the word (decision D4), so most values are their own words; older lists of the code keep an English value
beside it. Exchange goes by words, never by numbers: every system numbers the same list differently.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from beneficiaries.codes.old_words import OLD
from beneficiaries.enums import (
    Cause,
    Certificate,
    ClosingReason,
    DossierLevel,
    HardshipClass,
    Health,
    Purpose,
    Relation,
    Sex,
    WorkStatus,
)

GRADES = ("一级", "二级", "三级", "四级")
DISABILITIES = ("视力残疾", "听力残疾", "言语残疾", "肢体残疾", "智力残疾", "精神残疾", "多重残疾")
FIFTY_SIX = (
    "汉族 蒙古族 回族 藏族 维吾尔族 苗族 彝族 壮族 布依族 朝鲜族 满族 侗族 瑶族 白族 土家族 哈尼族 哈萨克族 傣族 黎族"
    " 傈僳族 佤族 畲族 高山族 拉祜族 水族 东乡族 纳西族 景颇族 柯尔克孜族 土族 达斡尔族 仫佬族 羌族 布朗族 撒拉族 毛南族"
    " 仡佬族 锡伯族 阿昌族 普米族 塔吉克族 怒族 乌孜别克族 俄罗斯族 鄂温克族 德昂族 保安族 裕固族 京族 塔塔尔族 独龙族"
    " 鄂伦春族 赫哲族 门巴族 珞巴族 基诺族"
)
TERMS = (
    (6, "半年内"),
    (18, "半年至一年"),
    (30, "两年"),
    (42, "三年"),
    (54, "四年"),
    (120, "五年以上"),
)
ENDLESS = "无固定期限"
AREAS = ((20, "20以下(含)"), (50, "20(不含)至50(含)"), (70, "50(不含)至70(含)"))
BIGGEST = "70以上(不含)"


@dataclass(frozen=True)
class CodeList:
    """One list in its present version; `aliases` are old words with one successor, `ask` those without."""

    key: str
    title: str
    version: int
    values: tuple[tuple[str, str], ...]
    aliases: Mapping[str, str] = field(default_factory=dict)
    ask: Mapping[str, str] = field(default_factory=dict)
    open: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """The present words in their order."""
        return tuple(word for _, word in self.values)


def _words(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((word, word) for word in text.split())


def _list(key: str, title: str, version: int, values: tuple[tuple[str, str], ...], *, open: bool = False) -> CodeList:
    old = OLD.get(key, {})
    said = {word: value for word, value in old.items() if not value.startswith("?")}
    ask = {word: value[1:] for word, value in old.items() if value.startswith("?")}
    return CodeList(key, title, version, values, said, ask, open)


def _of(choices: type) -> tuple[tuple[str, str], ...]:
    return tuple(choices.choices)  # type: ignore[attr-defined]


NATURES = "国有机关/事业单位 国有企业 集体企业 民营/私营/个体企业 与港澳台合资/合作 中外合资/合作 其他"
CONDITIONS = "正常生产 半停产 全部停产 亏损企业 改制企业 关闭破产企业"
INDUSTRIES = (
    "农林牧渔 采矿 制造 电力燃气水 建筑 交通仓储邮政 信息 批发零售 住宿餐饮 金融 房地产 租赁商务 科研技术地质"
    " 水利环境公共设施 居民服务 教育 卫生社保福利 文体娱乐 公共管理和社会组织 国际组织"
)
GROUPS = (
    "低保范围内有劳动能力而未充分就业 收入或生活水平低于低保线而未纳入低保 支出性生活困难 城市困难农民工"
    " 供给侧结构性改革中的困难职工 其他"
)

LISTS: dict[str, CodeList] = {
    made.key: made
    for made in (
        _list("hardship_class", "困难类别", 2, _of(HardshipClass)),
        _list("application_kind", "申请类别", 1, _words("日常救助 临时救助")),
        _list("sex", "性别", 1, _of(Sex)),
        _list("ethnicity", "民族", 1, _words(FIFTY_SIX + " 其他")),
        _list("political_status", "政治面貌", 1, _words("中共党员 共青团员 群众 民主党派 其他")),
        _list("marital_status", "婚姻状况", 1, _words("已婚 未婚 离异 丧偶")),
        _list("health", "健康状况", 2, _of(Health)),
        _list("disability", "残疾类别", 2, tuple((f"{k}{g}", f"{k}{g}") for k in DISABILITIES for g in GRADES)),
        _list("work_status", "工作状态", 2, _of(WorkStatus)),
        _list(
            "role",
            "人员身份",
            2,
            _words("在岗 下(待)岗 失(无)业 退休 内退 农民工 研究生 大学生 中职中技 高中 初中 小学"),
            open=True,
        ),
        _list("model_worker_rank", "劳模类型", 2, _words("非劳模 全国劳模 省部级劳模 地市级劳模 其他")),
        _list("housing", "住房类型", 2, _words("自建房 商品房 经济适用房 两限房 承租单位公房 政府廉租房 租房 其他")),
        _list("registration_kind", "户口类型", 1, _words("非农业 农业 农转居")),
        _list("employer_nature", "单位性质", 1, _words(NATURES)),
        _list("employer_condition", "企业状况", 1, _words(CONDITIONS)),
        _list("industry", "所属行业", 2, _words(INDUSTRIES)),
        _list("medical_insurance", "医保状况", 1, _words("已参保 未参保"), open=True),
        _list("relation", "与户主关系", 1, _of(Relation)),
        _list("cause", "致困原因", 2, _of(Cause)),
        _list("priority_group", "五类重点群体", 1, _words(GROUPS)),
        _list("exit_measure", "“四个一批”措施", 1, _words("就业创业发展 纳入社保制度覆盖"), open=True),
        _list("contract_term", "合同期限", 1, _words(" ".join([*(word for _, word in TERMS), ENDLESS]))),
        _list("purpose", "帮扶类型", 1, _of(Purpose)),
        _list("certificate", "持有证件", 1, _of(Certificate)),
        _list("closing_reason", "注销原因", 1, _of(ClosingReason)),
        _list("level", "建档标准", 1, _of(DossierLevel)),
        _list("education", "当前学历", 1, _words("研究生 本科 大专 中职中技 高中 初中 小学 其他"), open=True),
    )
}


def choices(key: str) -> list[tuple[str, str]]:
    """(value, word) of a list, as a form field takes them."""
    return list(LISTS[key].values)


def term_of_months(months: int) -> str:
    """合同期限 of a contract of so many months.

    >>> [term_of_months(n) for n in (6, 7, 18, 19, 54, 120, 121)]
    ['半年内', '半年至一年', '半年至一年', '两年', '四年', '五年以上', '无固定期限']
    """
    return next((word for most, word in TERMS if months <= most), ENDLESS)


def band_of_area(area: Decimal) -> str:
    """住房面积 band of so many square metres; each band includes its upper end.

    >>> [band_of_area(Decimal(n)) for n in ("20", "20.1", "50", "70", "70.01")]
    ['20以下(含)', '20(不含)至50(含)', '20(不含)至50(含)', '50(不含)至70(含)', '70以上(不含)']
    """
    return next((word for most, word in AREAS if area <= most), BIGGEST)
