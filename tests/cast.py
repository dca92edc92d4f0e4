"""The named cast of the tests: a small province with one of everybody, made through the product's own actions.

P province 云岭省 … C1 city 望海市, K1 county 青岬县 under C1, C2 another city; G1 `mill` under K1, G2 `school` under K1, D1 `museum` direct under C1.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model
from django.test import Client

from unions import actions
from unions.enums import Role, UnionKind
from unions.models import Account, AuditChain, AuditEvent, Person, Post, Union

PASSWORD = "Songwennuan-2024"


@dataclass
class Cast:
    """Unions and people by name."""

    unions: dict[str, Union] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def __getattr__(self, name: str):
        for table in ("unions", "people"):
            found = self.__dict__.get(table, {}).get(name)
            if found is not None:
                return found
        raise AttributeError(name)

    def union(self, name: str, code: str, title: str, kind: str, parent: str | None) -> None:
        self.unions[name] = actions.create_union(
            by=None,
            code=code,
            name=title,
            kind=kind,
            parent=self.unions[parent] if parent else None,
            phone="0900-6611000",
        )

    def person(self, key: str, name: str, *posts: tuple[str, str]) -> None:
        person = actions.create_person(by=None, name=name, phone="0900-6620318")
        for union, role in posts:
            actions.grant_post(by=None, person=person, union=self.unions[union], role=role)
        actions.create_account(by=None, person=person, username=key, password=PASSWORD, must_change=False, check=False)
        self.people[key] = Person.objects.get(pk=person.pk)


def build() -> Cast:
    """Make the whole cast in the current database."""
    cast = Cast()
    cast.union("province", "P", "云岭省教科文卫体工会委员会", UnionKind.PROVINCE, None)
    cast.union("city", "C1", "望海市教育（科文卫体）工会", UnionKind.CITY, "province")
    cast.union("other_city", "C2", "松原岭市教育（科文卫体）工会", UnionKind.CITY, "province")
    cast.union("county", "K1", "青岬县教育工会", UnionKind.COUNTY, "city")
    cast.union("mill", "G1", "青岬县第一中学工会", UnionKind.GRASSROOTS, "county")
    cast.union("school", "G2", "青岬县实验小学工会", UnionKind.GRASSROOTS, "county")
    cast.union("museum", "D1", "望海市博物馆工会", UnionKind.DIRECT, "city")
    cast.union("clinic", "G3", "松原岭市第二医院工会", UnionKind.DIRECT, "other_city")
    for key, name, *posts in CAST:
        cast.person(key, name, *posts)
    return cast


CODES = {
    "province": "P",
    "city": "C1",
    "other_city": "C2",
    "county": "K1",
    "mill": "G1",
    "school": "G2",
    "museum": "D1",
    "clinic": "G3",
}

CAST: list[tuple] = [
    ("organiser", "傅清晏", ("province", Role.ORGANISE)),
    ("second_organiser", "贺明川", ("province", Role.ORGANISE)),
    ("province_clerk", "温知远", ("province", Role.ENTER)),
    ("province_reviewer", "蔺书言", ("province", Role.REVIEW)),
    ("province_approver", "祁望舒", ("province", Role.APPROVE)),
    ("city_clerk", "顾南乔", ("city", Role.ENTER)),
    ("city_reviewer", "沈知秋", ("city", Role.REVIEW)),
    ("city_approver", "宁致和", ("city", Role.APPROVE)),
    ("city_cashier", "罗敏之", ("city", Role.PAY)),
    ("county_clerk", "陆闻舟", ("county", Role.ENTER)),
    ("county_reviewer", "秦晚照", ("county", Role.REVIEW)),
    ("county_approver", "何予安", ("county", Role.APPROVE)),
    ("county_cashier", "裴行简", ("county", Role.PAY)),
    ("clerk", "何晓芸", ("mill", Role.ENTER)),
    ("second_clerk", "郑立新", ("mill", Role.ENTER)),
    ("reviewer", "姜若水", ("mill", Role.REVIEW)),
    ("approver", "沈国平", ("mill", Role.APPROVE)),
    ("cashier", "罗小满", ("mill", Role.PAY)),
    ("school_clerk", "方以宁", ("school", Role.ENTER)),
    ("museum_clerk", "苏远山", ("museum", Role.ENTER)),
    ("stranger", "白景行", ("clinic", Role.ENTER), ("clinic", Role.REVIEW)),
    ("auditor", "严守正", ("county", Role.AUDIT)),
    ("system_admin", "常在线", ("province", Role.SYSTEM)),
    ("security_admin", "安若素", ("province", Role.SECURITY)),
    ("audit_admin", "明察", ("province", Role.AUDIT_ADMIN)),
]


TABLES = (AuditChain, Union, Person, Account, Post, AuditEvent)
_kept: dict[type[Model], list[dict]] = {}
"""The rows of the first build of this process: a copy of them costs a tenth of sixty actions."""


def _keep() -> None:
    _kept.update({model: list(model._base_manager.order_by("pk").values()) for model in TABLES})


def _restore() -> Cast:
    for model, rows in _kept.items():
        model._base_manager.bulk_create([model(**row) for row in rows])
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), TABLES):
            cursor.execute(statement)
    people = {account.username: account.person for account in Account.objects.all()}
    unions = {union.code: union for union in Union.objects.all()}
    return Cast({name: unions[code] for name, code in CODES.items()}, {key: people[key] for key, *_ in CAST})


@pytest.fixture
def cast(db) -> Cast:
    """The whole cast in the test's database: made by actions once per process, then copied row by row."""
    if _kept and not Union.objects.exists() and not AuditEvent.objects.exists():
        return _restore()
    pristine = not AuditEvent.objects.exists()
    made = build()
    if pristine and not _kept:
        _keep()
    return made


def log_in(client: Client, person: Person) -> Client:
    """Log the client in as the person, without the password page."""
    client.force_login(Account.objects.get(person=person), backend="django.contrib.auth.backends.ModelBackend")
    return client


def _member(name: str):
    def fixture(cast: Cast):
        return getattr(cast, name)

    fixture.__doc__ = f"`{name}` of the cast."
    return pytest.fixture(name=name)(fixture)


def fixtures() -> dict[str, object]:
    """A fixture per member of the cast, for conftest."""
    names = [key for key, *_ in CAST]
    names += ["province", "city", "other_city", "county", "mill", "school", "museum", "clinic"]
    return {name: _member(name) for name in names}
