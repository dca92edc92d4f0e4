"""Staff of a subtree: logins by system, posts by security, first passwords on paper, and whole provinces from Excel."""

import datetime

import pytest
from django.urls import reverse

from relief.lib import clock
from tests.campaigns.importing.desk import checked, confirmed, counts
from tests.cast import log_in
from unions import actions as union_actions
from unions.actions import staff as actions
from unions.enums import Role, UnionKind
from unions.models import Account, AuditEvent, Job, Person, Post, Union, UnionHeadcount
from unions.policy import Refused
from unions.staff import letters
from unions.staff.importing.people import ROLES
from unions.staff.importing.tree import KINDS
from unions.staff.phones import office_phone

UNIONS = ["工会代码", "工会名称", "类型", "上级工会代码", "简称", "联系电话", "成立日期"]
ACCOUNTS = ["工会代码", "姓名", "登录名", "岗位", "办公电话"]


@pytest.fixture
def keeper(cast):
    """System and security of the city alone: what lies beside it is out of reach."""
    found = {}
    for role in (Role.SYSTEM, Role.SECURITY):
        person = union_actions.create_person(by=None, name=f"市{role.label}")
        union_actions.grant_post(by=None, person=person, union=cast.city, role=role)
        union_actions.create_account(
            by=None, person=person, username=f"city-{role}", password="x", must_change=False, check=False
        )
        found[role] = Person.objects.get(pk=person.pk)
    return found


def account(cast, username="lin", union=None):
    return actions.add_account(by=cast.system_admin, union=union or cast.mill, name="林小满", username=username)


# ---------------------------------------------------------------- logins
def test_a_login_opens_with_the_password_on_paper_and_only_once(client, cast):
    made = account(cast)
    assert not made.has_usable_password()
    ((sealed, password),) = actions.seal_passwords(by=cast.system_admin, union=cast.mill, accounts=[made])
    assert len(password) == 19
    answer = client.post(reverse("login"), {"username": "lin", "password": password})
    assert answer.status_code == 302
    assert client.get(reverse("home")).url == reverse("password")
    new = "Qiaoyun-7731-shan"
    client.post(reverse("password"), {"old": password, "new": new, "again": new})
    made.refresh_from_db()
    assert (made.must_change_password, made.password_until) == (False, None)
    with pytest.raises(Refused, match="已经有人在用"):
        actions.seal_passwords(by=cast.system_admin, union=cast.mill, accounts=[made])


def test_a_first_password_expires_and_a_new_print_ends_the_old_one(client, cast):
    made = account(cast)
    ((_, first),) = actions.seal_passwords(by=cast.system_admin, union=cast.mill, accounts=[made])
    ((_, second),) = actions.seal_passwords(by=cast.system_admin, union=cast.mill, accounts=[made])
    old = client.post(reverse("login"), {"username": "lin", "password": first})
    assert "登录名或密码不对" in old.content.decode()
    Account.objects.filter(pk=made.pk).update(password_until=clock.db_now() - datetime.timedelta(seconds=1))
    late = client.post(reverse("login"), {"username": "lin", "password": second})
    assert "初始密码已经过期" in late.content.decode()


def test_the_letters_are_one_page_each_and_keep_nothing(client, cast):
    for name in ("lin", "he"):
        account(cast, name)
    page = log_in(client, cast.system_admin).get(reverse("password_letters", args=[cast.mill.pk]))
    assert [row["account"].username for row in page.context["rows"]] == ["lin", "he"]
    chosen = [row["account"].pk for row in page.context["rows"]]
    answer = client.post(reverse("password_letters", args=[cast.mill.pk]), {"a": chosen})
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "private, no-store")
    assert answer.content[:5] == b"%PDF-"
    event = AuditEvent.objects.get(act="account.passwords")
    assert event.detail == {"accounts": chosen}


def test_a_letter_shows_login_password_and_last_day(cast):
    made = account(cast)
    sealed = actions.seal_passwords(by=cast.system_admin, union=cast.mill, accounts=[made])
    html = letters.letters_html(cast.mill, sealed, "http://relief.example/")
    for words in ("lin", sealed[0][1], cast.mill.name, "林小满", "http://relief.example/"):
        assert words in html
    assert html.count("<section>") == 1


def test_nothing_chosen_changes_nothing(client, cast):
    account(cast)
    answer = log_in(client, cast.system_admin).post(reverse("password_letters", args=[cast.mill.pk]), {}, follow=True)
    assert "没有选账号。请勾选要打印的账号。" in answer.content.decode()
    assert Account.objects.get(username="lin").password_until is None


def test_each_city_keeps_its_own_people(client, cast, keeper):
    system = keeper[Role.SYSTEM]
    made = actions.add_account(by=system, union=cast.mill, name="林小满", username="lin")
    with pytest.raises(Refused):
        actions.add_account(by=system, union=cast.clinic, name="何谷雨", username="he")
    other = account(cast, "he", cast.clinic)
    seen = log_in(client, system).get(reverse("staff_accounts")).content.decode()
    assert ("林小满" in seen, ">he<" in seen) == (True, False)
    assert client.post(reverse("account_close", args=[other.pk])).status_code == 404
    assert client.post(reverse("account_close", args=[made.pk])).status_code == 302
    assert not Account.objects.get(pk=made.pk).is_active


def test_nobody_closes_their_own_login(client, cast):
    own = Account.objects.get(person=cast.system_admin)
    answer = log_in(client, cast.system_admin).post(reverse("account_close", args=[own.pk]))
    assert (answer.status_code, Account.objects.get(pk=own.pk).is_active) == (409, True)


def test_a_new_login_is_typed_and_wrong_ones_keep_what_was_typed(client, cast):
    logged = log_in(client, cast.system_admin)
    wrong = logged.post(reverse("account_new"), {"union": "XX", "name": "林小满", "username": "林"})
    assert wrong.status_code == 422
    assert wrong.context["form"].errors["union"] == ["您管理的范围里没有代码“XX”的工会。请在工会组织页查对。"]
    assert wrong.context["form"]["name"].value() == "林小满"
    right = {"union": cast.mill.code, "name": "林小满", "username": "lin"}
    assert logged.post(reverse("account_new"), right).url == reverse("staff_accounts")
    again = logged.post(reverse("account_new"), right)
    assert again.context["form"].errors["username"] == ["登录名“lin”已被使用。请换一个登录名。"]


def test_every_fault_of_a_new_login_is_told_at_once(client, cast):
    typed = {"union": "XX", "name": "", "phone": "问办公室", "username": "林", "former": "nobody"}
    page = log_in(client, cast.system_admin).post(reverse("account_new"), typed)
    assert page.context["form"].errors == {
        "union": ["您管理的范围里没有代码“XX”的工会。请在工会组织页查对。"],
        "name": ["请填写姓名。"],
        "phone": [
            "办公电话应是 7 至 20 位数字，可以带区号、横线和括号。请写区号和号码，例如 0900-6611000；"
            "有分机的写在后面：0900-6611000-802。"
        ],
        "username": ["登录名只能用字母、数字、点、横线和下划线。请改一个登录名。"],
        "former": ["您管理的范围里没有这个登录名。请查对，或留空。"],
    }


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0900-6611000-802", "0900-6611000-802"),
        ("（0900）６６１１０００", "(0900)6611000"),
        ("0900—6611000", "0900-6611000"),
        ("", ""),
        ("66110", None),
        ("0900-6611000 转张老师", None),
    ],
)
def test_an_office_telephone_is_digits_with_their_signs(typed, kept):
    assert office_phone(typed) == kept


def test_the_refusal_of_a_former_login_stands_at_its_box(client, cast):
    typed = {"union": "G1", "name": "何晓芸", "phone": "", "username": "clerk2", "former": "CLERK"}
    page = log_in(client, cast.system_admin).post(reverse("account_new"), typed)
    assert page.context["form"].errors == {"former": ["原账号还在用。请先停用原账号。"]}


# ---------------------------------------------------------------- posts
def test_posts_are_given_and_ended_by_security(client, cast):
    made = account(cast)
    logged = log_in(client, cast.security_admin)
    said = {"username": "LIN", "union": cast.mill.code, "role": "enter", "until": "2999-12-31"}
    assert logged.post(reverse("post_new"), said).status_code == 302
    post = Post.objects.get(person=made.person)
    ends = post.until.astimezone(clock.SHANGHAI)
    assert (post.role, f"{ends:%Y-%m-%d %H:%M}") == ("enter", "3000-01-01 00:00")
    twice = logged.post(reverse("post_new"), said)
    assert (twice.status_code, list(twice.context["form"].errors)) == (422, ["role"])
    assert logged.post(reverse("post_end", args=[post.pk])).status_code == 302
    assert not made.person.posts.in_force(clock.db_now()).exists()


def test_the_three_administrators_stay_apart(client, cast):
    made = account(cast)
    logged = log_in(client, cast.security_admin)
    for role, status in (("enter", 302), ("system", 422)):
        said = {"username": "lin", "union": cast.mill.code, "role": role}
        assert logged.post(reverse("post_new"), said).status_code == status
    assert [post.role for post in Post.objects.filter(person=made.person)] == ["enter"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_staff_asks_the_same_queries(client, cast, keeper, count, django_assert_num_queries):
    Account.objects.filter(union__path__startswith=cast.city.path).exclude(
        person__in=[person.pk for person in keeper.values()]
    ).update(union=cast.clinic)
    for number in range(count):
        account(cast, f"lin{number}")
    logged = log_in(client, keeper[Role.SYSTEM])
    logged.get(reverse("staff_accounts"))
    with django_assert_num_queries(8):
        assert len(logged.get(reverse("staff_accounts")).context["rows"]) == count + 2


# ---------------------------------------------------------------- from Excel
def test_a_province_comes_in_whatever_the_order(cast):
    rows = [
        ["Y-01-1", "青禾镇中心小学工会", "基层工会", "Y-01", "青禾小学", "0900-6610001", "2001-05-01"],
        ["Y-01", "青禾县教育工会", "县级工会", cast.city.code, "", "", ""],
        ["Y-02", "云岭机关工会", "直属", cast.city.code, "", "", ""],
    ]
    job = checked(cast.system_admin, cast.province, "unions", UNIONS, *rows)
    assert counts(job) == {"seen": 3, "new": 3, "changed": 0, "same": 0, "wrong": 0, "faults": 0}
    confirmed(cast.system_admin, job)
    school = Union.objects.get(code="Y-01-1")
    assert (school.path, school.depth) == (f"{school.parent.path}{school.pk}/", school.parent.depth + 1)
    assert (school.parent.code, school.parent.parent) == ("Y-01", cast.city)
    assert AuditEvent.objects.filter(act="union.import").count() == 1
    rows[0][1] = "青禾镇中心学校工会"
    job = checked(cast.system_admin, cast.province, "unions", UNIONS, *rows)
    assert counts(job) == {"seen": 3, "new": 0, "changed": 1, "same": 2, "wrong": 0, "faults": 0}
    confirmed(cast.system_admin, job)
    assert Union.objects.get(code="Y-01-1").name == "青禾镇中心学校工会"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (["Y-1", "甲工会", "县级工会", "NO"], "上级代码既不在云岭省教科文卫体工会委员会及所属里，也不在这份表里。"),
        (["Y-1", "甲工会", "县级工会", "M1"], None),
        (["Y-1", "甲工会", "县级工会", "Y-1"], None),
        (["P", "甲工会", "县级工会", "P"], "这是您自己的工会。"),
    ],
)
def test_a_union_in_the_wrong_place_is_told(cast, row, says):
    row = [cast.mill.code if cell == "M1" else cell for cell in row]
    job = checked(cast.system_admin, cast.province, "unions", UNIONS[:4], row)
    told = [each["says"] for each in job.outcome["report"]["told"]]
    assert len(told) == 1
    if says:
        assert told == [says]
    assert not Union.objects.filter(name="甲工会").exists()


def test_a_ring_of_parents_is_told(cast):
    job = checked(
        cast.system_admin,
        cast.province,
        "unions",
        UNIONS[:4],
        ["Y-1", "甲工会", "基层工会", "Y-2"],
        ["Y-2", "乙工会", "基层工会", "Y-1"],
    )
    (told,) = job.outcome["report"]["told"]
    assert (told["says"], told["rows"]) == ("上级绕成了一个圈，谁也不在谁上面。", [2, 3])


def test_one_file_serves_system_and_security(cast, keeper):
    """The same sheet: system makes the logins out of it, security the posts; neither does the other's."""
    rows = [
        [cast.mill.code, "林小满", "lin", "填报、出纳", "0900-6610002"],
        [cast.county.code, "何谷雨", "he", "审核人", ""],
    ]
    job = checked(keeper[Role.SYSTEM], cast.city, "accounts", ACCOUNTS, *rows)
    confirmed(keeper[Role.SYSTEM], job)
    made = Account.objects.get(username="lin")
    assert (made.union, made.person.name, made.has_usable_password()) == (cast.mill, "林小满", False)
    assert not Post.objects.filter(person=made.person).exists()
    job = checked(keeper[Role.SECURITY], cast.city, "posts", ACCOUNTS, *rows)
    assert counts(job)["new"] == 2
    confirmed(keeper[Role.SECURITY], job)
    assert sorted(post.role for post in made.person.posts.all()) == ["enter", "pay"]
    job = checked(keeper[Role.SECURITY], cast.city, "posts", ACCOUNTS, *rows)
    assert counts(job) == {"seen": 2, "new": 0, "changed": 0, "same": 2, "wrong": 0, "faults": 0}


@pytest.mark.parametrize(
    ("kind", "role", "row", "says"),
    [
        ("accounts", Role.SYSTEM, ["NO", "林小满", "lin", ""], "没有这个代码的工会。"),
        ("accounts", Role.SYSTEM, ["M", "林小满", "林 小满", ""], "登录名只能用字母、数字、点、横线和下划线。"),
        ("accounts", Role.SYSTEM, ["M", "林小满", "clerk", ""], "这个登录名已被别人使用。"),
        ("posts", Role.SECURITY, ["M", "林小满", "nobody", "填报"], "没有这个登录名。"),
        ("posts", Role.SECURITY, ["M", "林小满", "clerk", "系统管理员"], "三员分立：这个人已有或将有不能兼任的岗位。"),
        ("posts", Role.SECURITY, ["M", "林小满", "clerk", "系统管理、填报"], "三员不能互相兼任，也不能兼业务岗位。"),
        ("posts", Role.SECURITY, ["M", "林小满", "city-security", "审核"], "不能给自己授岗。"),
    ],
)
def test_wrong_rows_about_staff_are_told(cast, keeper, kind, role, row, says):
    row = [cast.mill.code if row[0] == "M" else row[0], *row[1:]]
    before = (Account.objects.count(), Post.objects.count())
    job = checked(keeper[role], cast.city, kind, ACCOUNTS[:4], row)
    (told,) = job.outcome["report"]["told"]
    assert told["says"].endswith(says)
    assert (Account.objects.count(), Post.objects.count()) == before


def test_every_word_for_a_post_is_one_of_the_roles():
    assert set(ROLES.values()) == set(Role.values)


def test_head_counts_come_in_and_change(cast):
    head = ["工会代码", "年度", "职工总数", "其中农民工", "帮扶中心和站点数"]
    rows = [[cast.mill.code, 2024, 800, 120, 1], [cast.county.code, "2024年", "5,000", 900, 0]]
    confirmed(cast.system_admin, checked(cast.system_admin, cast.province, "headcounts", head, *rows))
    kept = UnionHeadcount.objects.get(union=cast.county, year=2024)
    assert (kept.workers, kept.farmer_workers) == (5000, 900)
    rows[0][2] = 820
    job = checked(cast.system_admin, cast.province, "headcounts", head, *rows)
    assert counts(job) == {"seen": 2, "new": 0, "changed": 1, "same": 1, "wrong": 0, "faults": 0}
    confirmed(cast.system_admin, job)
    assert UnionHeadcount.objects.get(union=cast.mill, year=2024).version == 2
    bad = checked(cast.system_admin, cast.province, "headcounts", head, [cast.mill.code, 2024, 10, 20, 0])
    assert bad.outcome["report"]["told"][0]["says"] == "农民工人数多于职工总数。"


def test_business_posts_do_not_import_staff(client, cast):
    logged = log_in(client, cast.clerk)
    for kind in ("unions", "accounts", "posts"):
        assert logged.get(reverse("import_new", args=[kind])).status_code == 403
    assert log_in(client, cast.system_admin).get(reverse("import_new", args=["posts"])).status_code == 403
    assert log_in(client, cast.system_admin).get(reverse("import_new", args=["accounts"])).status_code == 200
    assert not Job.objects.exists()


def test_kinds_of_unions_are_all_known():
    assert set(KINDS.values()) == set(UnionKind.values)


# ---------------------------------------------------------------- a lost password
def _closed(cast):
    login = Account.objects.get(person=cast.clerk)
    Account.objects.filter(pk=login.pk).update(union=cast.mill, is_active=False)
    return Account.objects.select_related("union").get(pk=login.pk)


def test_who_lost_a_password_stays_the_same_person_and_is_given_posts_anew(client, cast):
    """A second person for the same human being could approve what the first one entered (R-09)."""
    _closed(cast)
    typed = {"union": "G1", "name": "何晓芸", "phone": "", "username": "clerk2", "former": "CLERK"}
    assert log_in(client, cast.system_admin).post(reverse("account_new"), typed).status_code == 302
    made = Account.objects.get(username="clerk2")
    assert (made.person, made.has_usable_password(), made.is_active) == (cast.clerk, False, True)
    assert Person.objects.get(pk=cast.clerk.pk).posts_now() == []
    events = AuditEvent.objects.filter(act__in=("post.revoke", "account.create"), person=cast.system_admin)
    assert [(event.act, event.detail.get("count")) for event in events.order_by("pk")] == [
        ("post.revoke", 1),
        ("account.create", None),
    ]


def test_nobody_slips_into_a_name_that_is_in_use_or_lies_elsewhere(cast, keeper):
    closed, system = _closed(cast), keeper[Role.SYSTEM]
    given = {"by": system, "union": cast.mill, "username": "clerk2", "former": closed}
    with pytest.raises(Refused, match="姓名与原账号的不一致。"):
        actions.add_account(name="别人", **given)
    union_actions.grant_post(by=None, person=cast.clerk, union=cast.province, role=Role.ENTER)
    with pytest.raises(Refused, match="这个人还有别处的岗位。"):
        actions.add_account(name="何晓芸", **given)
    Account.objects.filter(pk=closed.pk).update(is_active=True)
    with pytest.raises(Refused, match="原账号还在用。"):
        actions.add_account(name="何晓芸", **given)
    assert Person.objects.get(pk=cast.clerk.pk).holds({Role.ENTER}, cast.mill.pk)
