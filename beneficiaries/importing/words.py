"""Words of the code lists as lists from Excel write them: the labels in use first, then what people also say."""

from __future__ import annotations

from beneficiaries.enums import Purpose, ReliefGroup, Route
from campaigns.enums import FundSource

GROUPS: dict[str, str] = {
    **{group.label: group.value for group in ReliefGroup},
    "建档立卡困难职工": "dossier_holder",
    "在档困难职工": "dossier_holder",
    "低收入职工": "low_income",
    "大病职工": "illness_disaster",
    "意外致困职工": "illness_disaster",
    "困难企业职工": "troubled_enterprise",
    "工伤职工": "injury_bereaved",
    "一线职工": "hard_conditions",
    "艰苦岗位职工": "hard_conditions",
    "抗灾一线": "disaster_duty",
    "坚守岗位职工": "festival_duty",
    "节日坚守岗位职工": "festival_duty",
    "派驻挂职干部": "seconded",
    "驻村干部": "seconded",
    "先进模范": "role_model",
    "劳模": "role_model",
    "劳动模范": "role_model",
}
PURPOSES: dict[str, str] = {
    **{purpose.label: purpose.value for purpose in Purpose},
    "慰问金": "relief_visit",
    "走访慰问": "relief_visit",
    "节日慰问": "relief_visit",
    "生活补助": "living",
    "困难补助": "living",
    "医疗补助": "medical",
    "大病救助": "medical",
    "助学": "study",
    "金秋助学": "study",
    "技能培训": "training",
}
SOURCES: dict[str, str] = {
    **{source.label: source.value for source in FundSource},
    "中央财政专项": "central",
    "中央专项资金": "central",
    "省级财政": "province",
    "市财政": "local",
    "县财政": "local",
    "上级补助": "superior_union",
    "上级工会": "superior_union",
    "本级经费": "own_union",
    "工会经费": "own_union",
    "社会捐款": "donation",
    "行政补助": "employer",
    "单位行政": "employer",
    "利息": "interest",
}
ROUTES: dict[str, str] = {
    **{route.label: route.value for route in Route},
    "打卡": "card",
    "转账": "card",
    "银行转账": "card",
    "卡": "card",
    "现款": "cash",
    "物资": "goods",
    "慰问品": "goods",
    "物品": "goods",
}
