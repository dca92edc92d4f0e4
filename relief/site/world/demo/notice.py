"""The campaign of the demo: the printed words of the 2024 notice with a made-up issuer, instants relative to loading."""

from __future__ import annotations

from typing import Any

from relief.site.world.demo.tree import UNIONS, holder

CODE = "sx-2024"
PERIOD = ["2023-12-28", "2024-02-24"]
NOT_YET_ACKNOWLEDGED = ("G11", "G12", "C3A")

BODY = """为深入贯彻落实党的二十大精神和中国工会十八大精神，切实把党的关怀和工会组织的温暖及时送到广大职工群众的心坎上，按照省总工会统一部署，省教科文卫体工会决定在2024年继续开展送温暖活动。现将有关事项通知如下。

一、总体要求

坚持以职工为中心的工作导向，完善工会常态化送温暖机制，突出重大节日、重要时点送温暖示范引领作用，关注重点职工群体，深入基层一线走访慰问，帮助解决职工群众急难愁盼问题，不断提升职工生活品质，增进民生福祉。

二、完善工会送温暖工作体系

在突出两节送温暖示范效应基础上，拓展工会送温暖时间周期，形成重大节日有示范、特殊群体有帮扶、重大活动有慰问的工作格局，叫响做实工会送温暖工作品牌。

（一）重大节日有示范。在元旦春节、五一、国庆等重大节日及护士节、医师节、教师节等特殊节日期间广泛开展送温暖活动，突出重要节日送温暖示范引领作用。

（二）重点群体有专项。针对非在编职工、困难职工、因病因残致困职工等特殊困难群体分类打造专项送温暖行动，提供温暖关爱、健康体检、心理咨询、技能提升等多项服务。

（三）温暖关爱常态化。建立健全常态化送温暖机制，实现送温暖走访与困难帮扶、互助保障、生活服务有机衔接，在职工遇到突发困难、意外事故、重大疾病和重要节点时，及时开展送温暖和帮扶救助。

三、2024年元旦春节期间送温暖活动时间和内容

（一）活动时间

从即日起至2024年春节后结束。

（二）活动内容

1.深入开展走访调研。走访非在编职工、困难职工、一线职工、医护职工、残疾职工等，详细了解生产生活情况、需求和思想动态。走访基层困难企业和企事业单位，了解生产状况和困难成因。同时对生产一线、国家重点工程和重大项目建设一线、节日期间坚守服务岗位的一线职工开展走访慰问。

2.广泛开展帮扶慰问。针对不同困难职工群体，持续做好精准帮扶、分类施策，保障困难职工家庭基本生活。充分发挥职工之家、职工小家、母婴关爱室、心灵驿站等阵地作用，帮助遇到困难的职工解决生活应急问题。

3.开展专项慰问活动。在两节普惠性送温暖的基础上，聚焦各类重点职工群体，着重打造并持续创新推进具有产业特色的专项温暖活动，从相关职工群体实际需求出发，多措并举开展帮扶服务。

四、活动要求

（一）严格执行中央八项规定精神。各基层工会要着力改进工作作风，厉行节约、轻车简从，不增加基层负担。严格按照有关规定和程序管理使用送温暖、困难帮扶资金，不得购买明令禁止的物品，严禁以送温暖名义开展带有商业行为的活动。

（二）认真落实有关法律法规及制度规定要求。属于政府采购、购买社会服务、招投标管理范围的，要严格执行有关规定，严肃财经纪律，确保送温暖资金足额用到职工身上。使用中央财政帮扶资金和省财政帮扶资金送温暖，要严格执行“依档帮扶”“先建档、后帮扶、实名制”的原则，通过银行卡发放。

请各市教育（科文卫体）工会、各直属基层工会将送温暖活动报告（含两节送温暖）、送温暖统计表（2024年2月24日前）报送省教科文卫体工会。"""


def campaign() -> dict[str, Any]:
    """The campaign `sx-2024` of the union `P`: a form and a report; the grassroots' form is due already."""
    return {
        "code": CODE,
        "issuer": "P",
        "year": 2024,
        "kind": "two_festivals",
        "title": "2024年元旦春节送温暖活动",
        "starts_on": PERIOD[0],
        "ends_on": PERIOD[1],
        "drafted_by": "shengji",
        "confirmed_by": "shengji2",
        "published_at": "-30d",
        "notice": {
            "document_number": "",
            "title": "云岭省教科文卫体工会委员会关于开展2024年送温暖活动的通知",
            "salutation": "各市教育（科文卫体）工会，各直属基层工会：",
            "body": BODY,
            "issued_on": "2023-12-28",
            "annexes": ["2024年元旦春节期间各级工会送温暖统计表"],
            "signatories": ["云岭省教科文卫体工会委员会"],
            "contact": "联系人：周怀瑾　电话：0900-6611020",
        },
        "deliverables": [
            {
                "key": "form",
                "kind": "form",
                "form": "shaanxi-2024",
                "title": "2024年元旦春节期间各级工会送温暖统计表",
                "required": True,
                "period": PERIOD,
                "opens": "-30d",
                "due": "+4d",
                "late_until": None,
                "edit_until": "+20d",
                "visible_until": "+700d",
                "leads": {"city": 0, "direct": 0, "county": 3, "grassroots": 5},
            },
            {
                "key": "report",
                "kind": "report",
                "title": "送温暖活动报告（含两节送温暖）",
                "required": True,
                "period": PERIOD,
                "opens": "-30d",
                "due": "+6d",
                "edit_until": "+20d",
                "visible_until": "+700d",
                "leads": {"city": 0, "direct": 0, "county": 3, "grassroots": 5},
            },
        ],
        "addressees": "all",
        "optional": [],
        "acknowledged": [
            {"union": code, "by": holder(code, "enter"), "at": f"-{29 - place % 9}d"}
            for place, (code, *_) in enumerate(UNIONS)
            if code != "P" and code not in NOT_YET_ACKNOWLEDGED
        ],
    }
