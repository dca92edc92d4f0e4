"""Made-up people: names, identity numbers of region 9999xx (nobody's), cards and telephones that belong to nobody."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from stdnum import luhn

from relief.lib import idnumber

SURNAMES = (
    "唐 许 邓 冯 曹 彭 曾 萧 董 潘 袁 蔡 蒋 余 杜 叶 魏 苏 任 卢 姜 姚 范 汪 廖 邹 熊 金 邱 侯 谭 孔 邵 史 毛 常 万 顾 赖"
    " 武 康 贺 严 施 牛 洪 龙 段 雷 汤 黎 易 樊 阎 章 鲁 韦 倪 严 芦 申 毕 聂 欧阳 司徒 上官"
).split()
MALE = (
    "志远 国栋 建平 永福 长河 春林 文彬 家和 立新 树声 玉成 海波 庆余 德顺 广生 少华 云峰 向阳 学勤 卫民 金山 正阳 松柏 思源"
    " 明哲 宏图 景天 振业 承志 大勇 鹏程 子墨 一鸣 浩然 泽宇 俊 磊 强 涛 斌 峰 昊"
).split()
FEMALE = (
    "秀兰 桂香 玉珍 春燕 丽华 雪梅 晓琴 美玲 淑贞 佳慧 文静 海燕 红霞 月娥 素芬 巧云 冬梅 彩凤 金花 翠竹 雅琴 心怡 若兰 梦瑶"
    " 诗涵 思雨 欣然 语嫣 静 敏 娟 芳 燕 婷 倩 琳"
).split()
BANKS = ("云岭农商银行", "云岭城市银行", "澜江商业银行")
BRANCHES = ("临澜支行", "石浔支行", "禾沣支行", "青浔路支行", "雁沙支行", "文昌街支行", "学府路支行")


class Someone(NamedTuple):
    """A made-up person."""

    name: str
    sex: str
    id_number: str


class People:
    """Gives out people whose names and numbers never come twice."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self._names: set[str] = set()
        self._cards = 0
        self._ids = 0
        self._phones = 0

    def someone(self, *, sex: str = "", surname: str = "", ages: tuple[int, int] = (27, 58)) -> Someone:
        """A person of that sex, surname and age (years at the end of 2023)."""
        sex = sex or self.rng.choice(("male", "female"))
        born = date(2023, 12, 31) - timedelta(days=self.rng.randrange(ages[0] * 365, ages[1] * 365))
        self._ids += 1
        sequence = self._ids % 499 * 2 + (1 if sex == "male" else 0)
        region = f"9999{1 + self._ids // 499:02}"
        return Someone(self._name(sex, surname), sex, idnumber.make(region, born, sequence))

    def card(self) -> str:
        """A card number with a right check digit, invented."""
        self._cards += 1
        body = f"62990000{self._cards:010}"
        return body + luhn.calc_check_digit(body)

    def bank(self) -> str:
        return self.rng.choice(BANKS) + self.rng.choice(BRANCHES)

    def phone(self) -> str:
        """A mobile number of a range that is not given out."""
        self._phones += 1
        return f"139000{self._phones:05}"

    def _name(self, sex: str, surname: str) -> str:
        while True:
            given = self.rng.choice(MALE if sex == "male" else FEMALE)
            name = (surname or self.rng.choice(SURNAMES)) + given
            if name not in self._names:
                self._names.add(name)
                return name
            if surname and len(self._names) > 200 and self.rng.randrange(4) == 0:
                return name
