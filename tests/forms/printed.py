"""The six forms as their notices print them, typed from the notices and not from the form files.

Each line: code | unit | decimal places | relation to its parent, `-` for none | how the children are joined | label.
"""

from typing import NamedTuple


class Blank(NamedTuple):
    """One blank as printed; `relation` is e.g. `subset of 03A`, empty where there is no parent."""

    code: str
    unit: str
    places: int
    relation: str
    over: str
    label: str


def _read(text: str) -> list[Blank]:
    """The blanks of one table."""
    rows = [line.split("|") for line in text.strip().splitlines()]
    return [
        Blank(
            code.strip(),
            unit.strip(),
            int(places),
            "" if relation.strip() == "-" else relation.strip(),
            over.strip(),
            label.strip(),
        )
        for code, unit, places, relation, over, label in rows
    ]


SHANGHAI = _read("""
S1  | 人 | 0 | - | person | 2019年春节送温暖帮困受助人数
S2  | 万元 | 2 | - | sum | 帮困金额（万元）
S3  | 万元 | 2 | - | sum | 一日捐筹措资金
S4  | 人 | 0 | - | person | 慰问走访人数
S5  | 人 | 0 | - | person | 2018年度帮困总人数
S6  | 万元 | 2 | - | sum | 2018年度帮困总金额
""")

JINSHAN = _read("""
J0  | 人 | 0 | - | sum | 教职工人数
J1A | 人 | 0 | subset of J6A | sum | 区总工会“工会一日捐”：捐款人数
J1B | 元 | 2 | partition of J6B | sum | 区总工会“工会一日捐”：捐款金额
J2A | 人 | 0 | subset of J6A | sum | 区红十字会“千万人帮万家”：捐款人数
J2B | 元 | 2 | partition of J6B | sum | 区红十字会“千万人帮万家”：捐款金额
J3A | 人 | 0 | subset of J6A | sum | 市慈善基金会金山区代表机构“蓝天下的至爱慈善募捐”：捐款人数
J3B | 元 | 2 | partition of J6B | sum | 市慈善基金会金山区代表机构“蓝天下的至爱慈善募捐”：捐款金额
J4A | 人 | 0 | subset of J6A | sum | 市老年基金会金山区代表处：捐款人数
J4B | 元 | 2 | partition of J6B | sum | 市老年基金会金山区代表处：捐款金额
J5A | 人 | 0 | subset of J6A | sum | 市拥军优属基金会金山区工作委员会：捐款人数
J5B | 元 | 2 | partition of J6B | sum | 市拥军优属基金会金山区工作委员会：捐款金额
J6A | 人 | 0 | subset of J0 | sum | 捐款总人数
J6B | 元 | 2 | - | sum | 捐款总金额
J7  |  | 0 | - | none | 汇款凭证号
J8  |  | 0 | - | none | 汇款日期
""")

JIAOZUO_CAMPAIGN = _read("""
A   | 家 | 0 | - | sum | 走访企业(家)
B   | 万元 | 2 | - | sum | 筹集慰问款物总额(万元)
B1  | 万元 | 2 | partition of B | sum | 其中:中央财政(万元)
B2  | 万元 | 2 | partition of B | sum | 地方财政(万元)
B3  | 万元 | 2 | partition of B | sum | 工会经费(万元)
B4  | 万元 | 2 | partition of B | sum | 社会捐助(万元)
B5  | 万元 | 2 | partition of B | sum | 行政拨付(万元)
B6  | 万元 | 2 | partition of B | sum | 其他收入(万元)
C   | 人次 | 0 | - | sum | 慰问对象总计(人次)
D   | 万元 | 2 | - | sum | 发放款物总计(万元)
C1  | 人次 | 0 | partition of C | sum | 因非个人意愿下岗失业、家庭收入水平明显偏低、子女教育费用负担过重等原因造成家庭生活困难的职工 / 慰问对象(人次)
D1  | 万元 | 2 | partition of D | sum | 因非个人意愿下岗失业、家庭收入水平明显偏低、子女教育费用负担过重等原因造成家庭生活困难的职工 / 发放款物(万元)
C2  | 人次 | 0 | partition of C | sum | 本人或家庭成员因患大病、遭受各类灾害或突发意外等情况造成生活困难的职工 / 慰问对象(人次)
D2  | 万元 | 2 | partition of D | sum | 本人或家庭成员因患大病、遭受各类灾害或突发意外等情况造成生活困难的职工 / 发放款物(万元)
C3  | 人次 | 0 | partition of C | sum | 关停并转等困难企业中,因停发、减发工资而导致生活相对困难的职工 / 慰问对象(人次)
D3  | 万元 | 2 | partition of D | sum | 关停并转等困难企业中,因停发、减发工资而导致生活相对困难的职工 / 发放款物(万元)
C4  | 人次 | 0 | partition of C | sum | 工伤与职业病致残的职工和因公牺牲职工的家属;因重大疾病手术、住院的职工 / 慰问对象(人次)
D4  | 万元 | 2 | partition of D | sum | 工伤与职业病致残的职工和因公牺牲职工的家属;因重大疾病手术、住院的职工 / 发放款物(万元)
C5  | 人次 | 0 | partition of C | sum | 春节期间坚守在生产一线和交通运输、电力、环卫以及直接面向群众服务的基层岗位干部职工 / 慰问对象(人次)
D5  | 万元 | 2 | partition of D | sum | 春节期间坚守在生产一线和交通运输、电力、环卫以及直接面向群众服务的基层岗位干部职工 / 发放款物(万元)
C6  | 人次 | 0 | partition of C | sum | 因组织需要长期异地工作或者服从组织需要赴外地、基层工作的派驻挂职干部职工 / 慰问对象(人次)
D6  | 万元 | 2 | partition of D | sum | 因组织需要长期异地工作或者服从组织需要赴外地、基层工作的派驻挂职干部职工 / 发放款物(万元)
C7  | 人次 | 0 | partition of C | sum | 在重大项目和重大工程中作出突出贡献的职工 / 慰问对象(人次)
D7  | 万元 | 2 | partition of D | sum | 在重大项目和重大工程中作出突出贡献的职工 / 发放款物(万元)
C8  | 人次 | 0 | partition of C | sum | 生产一线涌现出来的先进模范人物 / 慰问对象(人次)
D8  | 万元 | 2 | partition of D | sum | 生产一线涌现出来的先进模范人物 / 发放款物(万元)
C9  | 人次 | 0 | partition of C | sum | 各级工会建档的困难职工 / 慰问对象(人次)
D9  | 万元 | 2 | partition of D | sum | 各级工会建档的困难职工 / 发放款物(万元)
E   | 人次 | 0 | - | sum | 为困难职工提供各项帮扶救助(人次)
E1  | 人次 | 0 | partition of E | sum | 其中:落实民生政策(人次)
E2  | 人次 | 0 | partition of E | sum | 提供生活救助(人次)
E3  | 人次 | 0 | partition of E | sum | 提供医疗救助(人次)
E4  | 人次 | 0 | partition of E | sum | 提供子女助学救助(人次)
E5  | 人次 | 0 | partition of E | sum | 提供其他帮扶救助(人次)
F   | 人次 | 0 | - | sum | 为职工提供各项服务(人次)
F1  | 人次 | 0 | partition of F | sum | 其中:提供心理健康服务(人次)
F2  | 人次 | 0 | partition of F | sum | 提供文化服务(人次)
F3  | 人次 | 0 | partition of F | sum | 提供其他生活保障服务(人次)
G   | 人次 | 0 | - | sum | 元旦春节期间共帮助农民工平安返乡(人次)
H   | 人次 | 0 | - | sum | 帮助农民工追讨欠薪(人次)
I   | 万元 | 2 | - | sum | 帮助农民工追讨欠薪金额(万元)
""")

JIAOZUO_CENTRE = _read("""
P01 | 个 | 0 | - | sum | 帮扶中心和站点数
P02 | 人 | 0 | - | sum | 工作人员
P03 | 户 | 0 | - | household | 年末在档困难职工家庭
P04 | 户 | 0 | partition of P03 | household | 其中：深度困难
P05 | 户 | 0 | partition of P03 | household | 相对困难
P06 | 户 | 0 | partition of P03 | household | 意外致困
P07 | 户 | 0 | subset of P03 | household | 其中：困难农民工家庭
P08 | 户 | 0 | - | household | 本年新建档
P09 | 户 | 0 | - | household | 本年脱困退档
P10 | 万元 | 2 | - | sum | 本年筹集帮扶资金
P11 | 万元 | 2 | partition of P10 | sum | 其中：中央财政
P12 | 万元 | 2 | partition of P10 | sum | 地方财政
P13 | 万元 | 2 | partition of P10 | sum | 工会经费
P14 | 万元 | 2 | partition of P10 | sum | 社会捐助及其他
P15 | 万元 | 2 | - | sum | 本年帮扶支出
P16 | 人次 | 0 | - | sum | 生活救助人次
P17 | 万元 | 2 | partition of P15 | sum | 其中：生活救助金额
P18 | 人次 | 0 | - | sum | 医疗救助人次
P19 | 万元 | 2 | partition of P15 | sum | 医疗救助金额
P20 | 人次 | 0 | - | sum | 子女助学人次
P21 | 万元 | 2 | partition of P15 | sum | 子女助学金额
P22 | 万元 | 2 | partition of P15 | sum | 其他用途金额（法律援助、职业培训、职业介绍等）
P23 | 人次 | 0 | - | sum | 法律援助
P24 | 人次 | 0 | - | sum | 职业培训和职业介绍
P25 | 人次 | 0 | - | sum | 接待来访、来信、来电
P26 | 对 | 0 | - | sum | 结对帮扶
""")

SHAANXI = _read("""
A   | 家 | 0 | - | sum | 走访企业(家)
B   | 万元 | 2 | - | sum | 筹集慰问款物总额(万元)
B1  | 万元 | 2 | partition of B | sum | 其中:中央财政(万元)
B2  | 万元 | 2 | partition of B | sum | 地方财政(万元)
B3  | 万元 | 2 | partition of B | sum | 工会经费(万元)
B4  | 万元 | 2 | partition of B | sum | 社会捐助(万元)
B5  | 万元 | 2 | partition of B | sum | 行政拨付(万元)
B6  | 万元 | 2 | partition of B | sum | 其他收入(万元)
C   | 人次 | 0 | - | sum | 慰问对象总计(人次)
D   | 万元 | 2 | - | sum | 发放款物总计(万元)
C1  | 人次 | 0 | partition of C | sum | 因非个人意愿下岗失业、家庭收入水平明显偏低、子女教育费用负担过重等原因造成家庭生活困难的职工 / 慰问对象(人次)
D1  | 万元 | 2 | partition of D | sum | 因非个人意愿下岗失业、家庭收入水平明显偏低、子女教育费用负担过重等原因造成家庭生活困难的职工 / 发放款物(万元)
C2  | 人次 | 0 | partition of C | sum | 本人或家庭成员因患大病、遭受各类灾害或突发意外等情况造成生活困难的职工 / 慰问对象(人次)
D2  | 万元 | 2 | partition of D | sum | 本人或家庭成员因患大病、遭受各类灾害或突发意外等情况造成生活困难的职工 / 发放款物(万元)
C3  | 人次 | 0 | partition of C | sum | 关停并转等困难企业中,因停发、减发工资而导致生活相对困难的职工 / 慰问对象(人次)
D3  | 万元 | 2 | partition of D | sum | 关停并转等困难企业中,因停发、减发工资而导致生活相对困难的职工 / 发放款物(万元)
C4  | 人次 | 0 | partition of C | sum | 工伤与职业病致残的职工和因公牺牲职工的家属;因重大疾病手术、住院的职工 / 慰问对象(人次)
D4  | 万元 | 2 | partition of D | sum | 工伤与职业病致残的职工和因公牺牲职工的家属;因重大疾病手术、住院的职工 / 发放款物(万元)
C5  | 人次 | 0 | partition of C | sum | 长期在高(低)温、高空、有毒有害等环境中和苦脏累险艰苦行业岗位上工作的一线职工 / 慰问对象(人次)
D5  | 万元 | 2 | partition of D | sum | 长期在高(低)温、高空、有毒有害等环境中和苦脏累险艰苦行业岗位上工作的一线职工 / 发放款物(万元)
C6  | 人次 | 0 | partition of C | sum | 重大灾害期间坚守抗灾一线的职工 / 慰问对象(人次)
D6  | 万元 | 2 | partition of D | sum | 重大灾害期间坚守抗灾一线的职工 / 发放款物(万元)
C7  | 人次 | 0 | partition of C | sum | 春节期间坚守在生产一线和交通运输、电力、环卫以及直接面向群众服务的基层岗位干部职工 / 慰问对象(人次)
D7  | 万元 | 2 | partition of D | sum | 春节期间坚守在生产一线和交通运输、电力、环卫以及直接面向群众服务的基层岗位干部职工 / 发放款物(万元)
C8  | 人次 | 0 | partition of C | sum | 因组织需要长期异地工作或者服从组织需要赴外地、基层工作的派驻挂职干部职工 / 慰问对象(人次)
D8  | 万元 | 2 | partition of D | sum | 因组织需要长期异地工作或者服从组织需要赴外地、基层工作的派驻挂职干部职工 / 发放款物(万元)
C9  | 人次 | 0 | partition of C | sum | 在重大项目和重大工程中作出突出贡献的职工 / 慰问对象(人次)
D9  | 万元 | 2 | partition of D | sum | 在重大项目和重大工程中作出突出贡献的职工 / 发放款物(万元)
C10 | 人次 | 0 | partition of C | sum | 生产一线涌现出来的先进模范人物 / 慰问对象(人次)
D10 | 万元 | 2 | partition of D | sum | 生产一线涌现出来的先进模范人物 / 发放款物(万元)
C11 | 人次 | 0 | partition of C | sum | 各级工会建档的困难职工 / 慰问对象(人次)
D11 | 万元 | 2 | partition of D | sum | 各级工会建档的困难职工 / 发放款物(万元)
E   | 人次 | 0 | - | sum | 为困难职工提供各项帮扶救助(人次)
E1  | 人次 | 0 | partition of E | sum | 其中:落实民生政策(人次)
E2  | 人次 | 0 | partition of E | sum | 提供生活救助(人次)
E3  | 人次 | 0 | partition of E | sum | 提供医疗救助(人次)
E4  | 人次 | 0 | partition of E | sum | 提供子女助学救助(人次)
E5  | 人次 | 0 | partition of E | sum | 提供其他帮扶救助(人次)
F   | 人次 | 0 | - | sum | 为职工提供各项服务(人次)
F1  | 人次 | 0 | partition of F | sum | 其中:提供心理健康服务(人次)
F2  | 人次 | 0 | partition of F | sum | 提供文化服务(人次)
F3  | 人次 | 0 | partition of F | sum | 提供其他生活保障服务(人次)
G   | 人次 | 0 | - | sum | 元旦春节期间共帮助农民工平安返乡(人次)
H   | 人次 | 0 | - | sum | 帮助农民工追讨欠薪(人次)
I   | 万元 | 2 | - | sum | 帮助农民工追讨欠薪金额(万元)
J1  | 人次 | 0 | memo of C | sum | 慰问新就业形态劳动者 / 慰问对象(人次)
J2  | 万元 | 2 | memo of D | sum | 慰问新就业形态劳动者 / 发放款物(万元)
K1  | 人次 | 0 | memo of C | sum | 慰问残疾职工 / 慰问对象(人次)
K2  | 万元 | 2 | memo of D | sum | 慰问残疾职工 / 发放款物(万元)
""")

SUZHOU = _read("""
01A | 人 | 0 | - | sum | 当地职工总数
01A1| 人 | 0 | subset of 01A | sum | 其中农民工总数
02A | 人 | 0 | - | sum | 当地困难职工总数
02A1| 人 | 0 | subset of 02A | sum | 其中困难农民工
03A | 户 | 0 | - | household | 当地已经建立困难职工档案的困难职工家庭
03A1| 户 | 0 | subset of 03A | household | 其中困难农民工
03B | 户 | 0 | subset of 03A | household | 其中家庭人均收入低于当地居民最低生活保障线的困难职工家庭
03C | 户 | 0 | subset of 03A | household | 其中市县工会认定的特困职工家庭
03D | 户 | 0 | subset of 03A | household | 其中因意外事件、重大疾病、自然灾害等造成生活困难的困难职工家庭
03E | 户 | 0 | - | household | 本年度经过工会帮扶实现脱贫的困难职工家庭
04A | 家 | 0 | - | sum | 走访企业
04A1| 户 | 0 | - | household | 走访职工家庭
04B | 家 | 0 | - | sum | 慰问困难企业
04C | 户 | 0 | - | household | 慰问困难家庭总数
04C1| 户 | 0 | subset of 04C | household | 其中困难职工
04C2| 户 | 0 | subset of 04C | household | 困难农民工
04C3| 户 | 0 | subset of 04C | household | 慰问困难劳模
05  | 万元 | 2 | - | sum | 2013年元旦、春节期间送温暖活动中筹集慰问款物总额
05A | 万元 | 2 | partition of 05 | sum | 政府拨款
05B | 万元 | 2 | partition of 05 | sum | 工会投入
05C | 万元 | 2 | partition of 05 | sum | 社会捐助
05D | 万元 | 2 | partition of 05 | sum | 其他收入
06  | 万元 | 2 | - | sum | 2013年元旦、春节期间送温暖活动中，发放款物
06A | 万元 | 2 | subset of 06 | sum | 向困难劳模发放
06B | 万元 | 2 | subset of 06 | sum | 向困难农民工发放
07A | 场次 | 0 | - | sum | 组织召开学习宣传十八大精神会议（活动）
07B | 人次 | 0 | - | sum | 提供政策宣传
07B1| 人次 | 0 | - | sum | 帮助符合条件的困难职工落实民生政策
07C | 个 | 0 | - | sum | 为下岗失业人员提供就业岗位
07D | 人次 | 0 | - | sum | 为困难职工提供生活救助
07E | 人次 | 0 | - | sum | 为困难职工提供就业培训
07F | 人次 | 0 | - | sum | 为困难职工提供医疗救助
07G | 人次 | 0 | - | sum | 为困难职工子女提供助学帮扶
07H | 人次 | 0 | - | sum | 为困难职工提供法律援助
07I | 对 | 0 | - | sum | 与困难职工结对帮扶
08A | 名 | 0 | - | sum | 为__名权益受损的职工开展维权工作
08A1| 人 | 0 | subset of 08A | sum | 其中涉及新生代农民工
08B | 人次 | 0 | - | sum | 为职工开展权益维护方面知识宣传教育
08B1| 人次 | 0 | subset of 08B | sum | 其中涉及新生代农民工
08C | 名 | 0 | - | sum | 共协助政府有关部门帮助__名职工追讨欠薪
08C1| 万元 | 2 | - | sum | 职工追讨欠薪
08C2| 名 | 0 | subset of 08C | sum | 其中帮助__名农民工追讨欠薪
08C3| 万元 | 2 | subset of 08C1 | sum | 农民工追讨欠薪
09  | 人次 | 0 | - | sum | 2013年元旦、春节期间送温暖活动中为职工提供各项服务
09_1| 人次 | 0 | subset of 09 | sum | 其中新生代农民工
09A | 人次 | 0 | partition of 09 | sum | 为职工开展心理咨询疏导
09A1| 人次 | 0 | subset of 09A | sum | 其中新生代农民工
09B | 人次 | 0 | partition of 09 | sum | 为职工开展送文化活动
09B1| 人次 | 0 | subset of 09B | sum | 其中为新生代农民工
09C | 人次 | 0 | partition of 09 | sum | 为职工提供医疗体检、健康咨询
09C1| 人次 | 0 | subset of 09C | sum | 其中新生代农民工
09D | 人次 | 0 | partition of 09 | sum | 其他生活服务
09D1| 人次 | 0 | subset of 09D | sum | 其中新生代农民工
10A | 人次 | 0 | - | sum | 送温暖活动期间共帮助农民工平安返乡
10B | 列 | 0 | - | sum | 共包专列
10B1| 人次 | 0 | - | sum | 运送
10C | 节 | 0 | - | sum | 共包火车车厢
10C1| 人次 | 0 | - | sum | 运送
10D | 辆 | 0 | - | sum | 共包汽车
10D1| 人次 | 0 | - | sum | 运送
10E | 艘 | 0 | - | sum | 共包船
10E1| 人次 | 0 | - | sum | 运送
10F | 架 | 0 | - | sum | 共包机
10F1| 人次 | 0 | - | sum | 运送
10G | 张 | 0 | - | sum | 帮助农民工购买车（船）票
10H | 个 | 0 | - | sum | 开设购票窗口的帮扶中心
11A | 万元 | 2 | - | sum | 经过与用人单位协商，为农民工返乡争取经济补贴
""")

FORMS = {
    "shanghai-2019": SHANGHAI,
    "jinshan-2020-donation": JINSHAN,
    "jiaozuo-2019-campaign": JIAOZUO_CAMPAIGN,
    "jiaozuo-2018-centre": JIAOZUO_CENTRE,
    "shaanxi-2024": SHAANXI,
    "suzhou-2013": SUZHOU,
}
