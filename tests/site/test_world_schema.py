"""The schema tells every fault of a world file at once, each with its path."""

import copy
import json

from relief.site.world import demo, schema
from tests.site.world import small_world


def told(world) -> list[str]:
    return [str(fault) for fault in schema.faults(world)]


def test_the_small_world_has_no_fault():
    assert told(small_world()) == []


def test_the_demo_has_no_fault_and_is_the_same_every_time():
    world = demo.build()
    assert told(world) == []
    assert demo.written(world) == demo.written(demo.build())


def test_the_file_of_the_demo_is_what_its_generator_writes():
    assert demo.path().read_text(encoding="utf-8") == demo.written(demo.build())
    assert json.loads(demo.path().read_text(encoding="utf-8")) == demo.build()


def test_the_demo_has_the_promised_size():
    world = demo.build()
    kinds = [union["kind"] for union in world["unions"]]
    sizes = (kinds.count("city"), kinds.count("grassroots") + kinds.count("direct"))
    assert sizes == (3, 16)
    main = [payout for payout in world["payouts"] if payout["campaign"] == "sx-2024"]
    kept = [household for household in world["households"] if household["key"].startswith("H")]
    assert (len(kept), len(main)) == (240, 600)
    assert [row["code"] for row in world["campaigns"]] == ["sx-2024", "sz-2013", "jz-2019", "sh-2019", "js-2020"]
    assert world["unions"][0]["code"] == "P"


def test_all_faults_of_shape_come_at_once():
    world = small_world()
    world["format"] = "relief-world/9"
    world["surprise"] = 1
    world["unions"][0]["kind"] = "planet"
    world["households"][0]["id_number"] = world["households"][0]["id_number"][:-1] + "?"
    world["payouts"][0]["lines"][0]["amount"] = 12.5
    world["funds"][0]["received_on"] = "2024-02-30"
    world["filings"][0]["at"] = "yesterday"
    del world["visits"][0]["kind"]
    paths = [fault.path for fault in schema.faults(world)]
    assert sorted(paths) == [
        "$.filings[0].at",
        "$.format",
        "$.funds[0].received_on",
        "$.households[0].id_number",
        "$.payouts[0].lines[0].amount",
        "$.surprise",
        "$.unions[0].kind",
        "$.visits[0].kind",
    ]


def test_a_fault_never_repeats_an_identity_number():
    world = small_world()
    wrong = world["households"][0]["id_number"][:-1] + "0"
    world["households"][0]["id_number"] = wrong
    assert [wrong in line for line in told(world)] == [False]


def test_references_must_lead_somewhere():
    world = small_world()
    world["payouts"][0]["household"] = "H9"
    world["payouts"][1]["union"] = "G9"
    world["payouts"][2]["campaign"] = "other"
    world["filings"][0]["by"] = "nobody"
    world["campaigns"][0]["addressees"] = ["K1", "X"]
    assert told(world) == [
        "$.payouts[0].household: 没有编号为“H9”的家庭。",
        "$.payouts[1].union: 没有代码为“G9”的工会。",
        "$.payouts[2].campaign: 没有代码为“other”的活动。",
        "$.filings[0].by: 没有登录名为“nobody”的人员。",
        "$.campaigns[0].addressees[1]: 没有代码为“X”的工会。",
    ]


def test_names_are_unique_and_superiors_stand_first():
    world = small_world()
    world["unions"][1], world["unions"][2] = world["unions"][2], world["unions"][1]
    world["persons"].append({"login": "P-ENTER", "name": "同名"})
    assert told(world) == [
        "$.persons[14].login: “P-ENTER”已在 $.persons[1] 用过。",
        "$.unions[1].parent: “K1”不在前面的工会里；上级要排在下级之前。",
    ]


def test_the_three_administrators_are_apart():
    world = small_world()
    world["persons"][0]["posts"].append({"union": "P", "role": "system"})
    assert told(world) == ["$.persons[0].posts: 系统、安全、审计三个管理岗位不能兼任，也不能兼任业务岗位。"]


def test_what_does_not_fit_inside_one_record():
    world = small_world()
    world["payouts"][0]["recipient"] = {"name": "某人"}
    world["payouts"][1]["lines"].append({"source": "other", "route": "goods", "amount": "1.00"})
    del world["payouts"][2]["paid_on"]
    world["visits"][1]["household"] = "H1"
    world["activities"][0]["farmer_contacts"] = 121
    del world["filings"][2]["reason"]
    assert [fault.path for fault in schema.faults(world)] == [
        "$.payouts[0]",
        "$.payouts[1].lines[1].item",
        "$.payouts[2].paid_on",
        "$.visits[1].household",
        "$.activities[0].farmer_contacts",
        "$.filings[2].reason",
    ]


def test_donations_say_something_and_only_bodies_hold_money():
    world = copy.deepcopy(small_world())
    drive = {"union": "G1", "kind": "joint", "donated_on": "2024-01-05"}
    world["donations"] = [drive, {**drive, "donors": 3, "amount": "5.00"}, {**drive, "body": "one_day", "donors": 3}]
    world["remittances"] = [{"union": "G7", "remitted_on": "2024-01-05", "amount": "5.00", "slip_number": "1"}]
    assert told(world) == [
        "$.remittances[0].union: 没有代码为“G7”的工会。",
        "$.donations[0]: 捐款人数 donors 和金额 amount 至少写一项。",
        "$.donations[1].amount: 各机构合计（body 为空）只写人数，不写金额。",
    ]


def test_a_household_needs_a_standard_somewhere_above():
    world = copy.deepcopy(small_world())
    del world["unions"][0]["standards"]
    assert told(world) == [
        f"$.households[{place}].union: 该工会及其上级都没有低保标准（unions[…].standards），不能测算。"
        for place in (0, 1)
    ]


def test_the_demo_holds_nobody_real():
    """Identity numbers of region 9999xx, telephones of ranges that are not given out."""
    world = demo.build()
    numbers = [household["id_number"] for household in world["households"]]
    numbers += [member["id_number"] for household in world["households"] for member in household["members"]]
    numbers += [payout["recipient"]["id_number"] for payout in world["payouts"] if payout.get("recipient")]
    assert {number[:4] for number in numbers if number} == {"9999"}
    assert len(set(numbers) - {""}) == len([number for number in numbers if number])
    phones = [row["phone"] for section in ("unions", "persons") for row in world[section]]
    assert {phone[:7] for phone in phones} == {"0900-66"}
    assert {household["phone"][:6] for household in world["households"]} == {"139000"}
