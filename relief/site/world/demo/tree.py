"""The made-up province: its unions and the people who work in them. No name here is a real place's."""

from __future__ import annotations

from typing import Any

from unions.enums import Role

PASSWORD = "Songwennuan-2024"  # noqa: S105 - the known password of the demo (D27)

# code, name, short name, kind, superior
UNIONS = (
    ("P", "云岭省教科文卫体工会委员会", "省教科文卫体工会", "province", None),
    ("C1", "澜川市教科文卫体工会", "澜川市工会", "city", "P"),
    ("C1A", "澜川市临澜区教育工会", "临澜区教育工会", "county", "C1"),
    ("G01", "临澜区实验小学工会委员会", "实验小学工会", "grassroots", "C1A"),
    ("G02", "临澜区第三中学工会委员会", "第三中学工会", "grassroots", "C1A"),
    ("G03", "临澜区人民医院工会委员会", "临澜区人民医院工会", "grassroots", "C1A"),
    ("C1B", "澜川市石浔县教科文卫体工会", "石浔县工会", "county", "C1"),
    ("G04", "石浔县第一高级中学工会委员会", "石浔一中工会", "grassroots", "C1B"),
    ("G05", "石浔县中医医院工会委员会", "石浔县中医医院工会", "grassroots", "C1B"),
    ("G06", "澜川市博物馆工会委员会", "澜川市博物馆工会", "grassroots", "C1"),
    ("C2", "青浔市教科文卫体工会", "青浔市工会", "city", "P"),
    ("C2A", "青浔市禾沣县教育工会", "禾沣县教育工会", "county", "C2"),
    ("G07", "禾沣县职业教育中心工会委员会", "禾沣职教中心工会", "grassroots", "C2A"),
    ("G08", "禾沣县乌杨坪教学点联合工会", "乌杨坪教学点工会", "grassroots", "C2A"),
    ("G09", "青浔市第二人民医院工会委员会", "青浔市二院工会", "grassroots", "C2"),
    ("G10", "青浔市体育运动学校工会委员会", "青浔市体校工会", "grassroots", "C2"),
    ("C3", "雁沙市教科文卫体工会", "雁沙市工会", "city", "P"),
    ("C3A", "雁沙市白崖区教科文卫体工会", "白崖区工会", "county", "C3"),
    ("G11", "白崖区幼儿教育集团工会委员会", "白崖幼教集团工会", "grassroots", "C3A"),
    ("G12", "白崖区文化馆工会委员会", "白崖区文化馆工会", "grassroots", "C3A"),
    ("G13", "雁沙市图书馆工会委员会", "雁沙市图书馆工会", "grassroots", "C3"),
    ("D1", "云岭省人民医院工会委员会", "省人民医院工会", "direct", "P"),
    (
        "D2",
        "云岭省教师发展研究院附属实验学校与特殊教育资源指导中心暨青少年科技活动中心联合工会委员会",
        "省教研院联合工会",
        "direct",
        "P",
    ),
    ("D3", "云岭省体育职业学院工会委员会", "省体育职业学院工会", "direct", "P"),
)
PARENT = {code: parent for code, _, _, _, parent in UNIONS}
GRASSROOTS = tuple(code for code, _, _, kind, _ in UNIONS if kind in ("grassroots", "direct"))
MIDDLE = tuple(code for code, _, _, kind, _ in UNIONS if kind in ("city", "county"))
WORKERS = {"P": 46, "C1": 28, "C1A": 17, "C1B": 15, "C2": 24, "C2A": 14, "C3": 21, "C3A": 13, "D1": 3120, "G08": 11}
HEADCOUNT = ("year", "workers", "farmer_workers", "help_centres")
STANDARDS = {"P": (700, 730, 760), "C1": (740, 780, 820), "C2": (700, 720, 750), "C3A": (680, 700, 730)}

_ENTER, _REVIEW, _APPROVE, _PAY = Role.ENTER, Role.REVIEW, Role.APPROVE, Role.PAY
SUFFIX = {_ENTER: "tian", _REVIEW: "shen", _APPROVE: "pi", _PAY: "zhi"}
ALL_FOUR = (_ENTER, _REVIEW, _APPROVE, _PAY)
# Where a role is missing, the step moves up to the superior.
POSTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("P", "C1", "C1A", "C2", "C2A", "C3", "D1", "G09"), ALL_FOUR),
    "C1B": (_ENTER, _REVIEW, _APPROVE),
    "C3A": (_ENTER, _REVIEW),
    **dict.fromkeys(("G01", "G03", "G06", "G10", "D2", "D3"), (_ENTER, _REVIEW)),
}
ISSUERS = ("C1", "C2", "C3")
"""Cities that publish campaigns of their own, each with an organiser."""
MAIN = {"P": "sheng", "C1": "shi", "C1A": "xian", "G01": "jiceng"}
MAIN_NAMES = {
    "shengji": "周怀瑾",
    "shengji2": "林若溪",
    "jingshen": "阮明淳",
    "xitong": "高远舟",
    "anquan": "乔思齐",
    "shenji": "邵知行",
    "jiceng": "何晓芸",
    "jicengshen": "程立群",
}
# Staff of the demo, given out in the order of the posts below.
STAFF = (
    "沈嘉木 韩清越 罗文渊 汤佳禾 陆景行 方若谷 吕静姝 苗春生 温如玉 石振川 田雨农 夏同光 白晓棠 秦慕远 江映月 孟广田"
    " 殷秋实 葛云帆 柏庭芳 尹怀真 俞佩兰 冉志和 解春晖 滕家乐 卞素心 符海宁 盛若梅 龚自强 麦冬青 仲夏荷 庄毅然 钟灵秀"
    " 邢开泰 封玉竹 杭景明 崔映雪 岳建平 路遥远 倪晚晴 宁志坚 郁文心 巫晓岚 时雨润 安知遇 谷丰年 纪念慈 牧云生 单小满"
    " 季长青 柳依然 祝平安 南星河 戚永宁 车明远 詹晓舟 管仲平 裘若水 褚一诺 艾春和 尚志新"
).split()


def login_of(union: str, role: str) -> str:
    """The login of the person who holds a business role at a union."""
    if union == "G01":
        return {"enter": "jiceng", "review": "jicengshen"}[role]
    if union in MAIN:
        return MAIN[union] + SUFFIX[Role(role)]
    return f"{union.lower()}-{SUFFIX[Role(role)]}"


def holder(union: str, role: str) -> str:
    """The login that does a step for a union: its own person, else the nearest one above."""
    place: str | None = union
    while place is not None:
        if role in POSTS.get(place, (_ENTER,)):
            return login_of(place, role)
        place = PARENT[place]
    raise LookupError(f"nobody holds {role} at or above {union}")


def unions(earlier: dict[str, list[tuple[int, int, int, int]]]) -> list[dict[str, Any]]:
    """The tree, superiors first; `earlier` holds head counts (year, workers, farmer workers, help centres) of old."""
    made = []
    for place, (code, name, short, kind, parent) in enumerate(UNIONS):
        workers = WORKERS.get(code, 60 + 37 * (place % 9))
        union: dict[str, Any] = {
            "code": code,
            "name": name,
            "short": short,
            "kind": kind,
            "parent": parent,
            "phone": f"0900-66{11020 + 13 * place}",
            "opened_on": "2000-01-01",
            "headcounts": [
                *(dict(zip(HEADCOUNT, counts, strict=True)) for counts in earlier.get(code, [])),
                *_headcounts(code, workers),
            ],
        }
        if code in STANDARDS:
            union["standards"] = [
                {"year": year, "monthly": f"{monthly}.00"}
                for year, monthly in zip((2022, 2023, 2024), STANDARDS[code], strict=True)
            ]
        made.append(union)
    return made


def _headcounts(code: str, workers: int) -> list[dict[str, int]]:
    centres = 1 if code in MIDDLE or code == "P" else 0
    return [
        dict(zip(HEADCOUNT, (year, workers + 3 * more, workers // 40 + more, centres), strict=True))
        for more, year in enumerate((2022, 2023))
    ]


def persons() -> list[dict[str, Any]]:
    """Everybody with a login: the special posts of the province first, then each union's own people."""
    staff = iter(STAFF)
    special = [("shengji", "organise"), ("shengji2", "organise"), ("jingshen", "audit")]
    special += [("xitong", "system"), ("anquan", "security"), ("shenji", "audit_admin")]
    wanted = [(login, "P", role) for login, role in special]
    for code, *_ in UNIONS:
        wanted += [(login_of(code, role), code, role) for role in POSTS.get(code, (_ENTER,))]
    wanted += [(f"{union.lower()}-zu", union, Role.ORGANISE) for union in ISSUERS]
    return [
        {
            "login": login,
            "name": MAIN_NAMES.get(login) or next(staff),
            "phone": f"0900-66{20100 + 17 * place}",
            "password": PASSWORD,
            "posts": [{"union": union, "role": str(role)}],
        }
        for place, (login, union, role) in enumerate(wanted)
    ]
