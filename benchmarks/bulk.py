"""Made-up rows by the million, written by the database itself: no person, no number of anybody, no action of the product.

The rows are as wide as real ones (encrypted columns keep their length), so that a scan costs what it will cost.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

GROUPS = (
    "low_income illness_disaster troubled_enterprise injury_bereaved hard_conditions disaster_duty festival_duty"
    " seconded major_project role_model dossier_holder"
).split()
PURPOSES = "relief_visit living medical study legal_aid training placement policy_help other".split()
SOURCES = "central province local superior_union own_union donation employer interest other".split()
KINDS = (
    "policy_help other_help legal_aid mental_health culture health_check other_service journey_home job_training pairing"
).split()
BODIES = "one_day red_cross charity_fund elderly_fund army_family_fund".split()


def _pick(words: list[str], seed: str) -> str:
    """SQL: one of the words, spread evenly but not in step with the union."""
    listed = ",".join(f"'{word}'" for word in words)
    return f"(ARRAY[{listed}])[1 + (hashint4({seed}) & 2147483647) % {len(words)}]"


def _later(days: str) -> str:
    return f"date '2023-12-28' + ({days})::int"


def _digest(seed: str) -> str:
    """SQL: 64 hexadecimal digits, as long as a blind index."""
    return f"md5(({seed})::text) || md5('x' || ({seed})::text)"


def fill(unions: int, payouts: int) -> None:
    """Fill the empty database: a province over so many unions, their payouts with lines, and the other records."""
    with connection.cursor() as cursor:
        # Foreign keys hold by construction; the indexes are built once, after the rows.
        cursor.execute("SET session_replication_role = replica")
        indexes = _drop_indexes(cursor)
        _leave_the_rest_empty(cursor)
        for sentence in (*_people(unions), *_payouts(unions, payouts), *_dossiers(unions), *_ledger(unions)):
            cursor.execute(sentence)
        for definition in indexes:
            cursor.execute(definition)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("SELECT setval(pg_get_serial_sequence(t, 'id'), 100000000) FROM unnest(%s::text[]) t", [_TABLES])
        cursor.execute("VACUUM ANALYZE")


_EMPTY = {"character varying": "''", "text": "''", "boolean": "false", "smallint": "0", "integer": "0", "jsonb": "'{}'"}


def _leave_the_rest_empty(cursor: Any) -> None:
    """Columns that are not named below, because no figure asks for them, are empty."""
    cursor.execute(
        "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
        " AND is_nullable = 'NO' AND column_default IS NULL AND data_type = ANY(%s)"
        " AND split_part(table_name, '_', 1) IN ('unions', 'campaigns', 'beneficiaries')",
        [list(_EMPTY)],
    )
    for table, column, kind in cursor.fetchall():
        cursor.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" SET DEFAULT {_EMPTY[kind]}')


_TABLES = [
    "unions_union",
    "unions_person",
    "campaigns_campaign",
    "campaigns_deliverable",
    "beneficiaries_dossier",
    "beneficiaries_payout",
    "beneficiaries_visit",
]


def _drop_indexes(cursor: Any) -> list[str]:
    """Take the plain indexes of the large tables away; their definitions, to be made again."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('beneficiaries_payout',"
        " 'beneficiaries_payoutline') AND indexname NOT IN (SELECT conname FROM pg_constraint)"
    )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [definition for _, definition in found]


def _people(unions: int) -> list[str]:
    return [
        "INSERT INTO unions_person (id, name, phone) VALUES (1, '测试员', '')",
        "INSERT INTO unions_union (id, code, name, short_name, kind, path, depth, phone, opened_on)"
        " VALUES (1, 'P', '测试省工会', '', 'province', '/1/', 1, '', '2000-01-01')",
        "INSERT INTO unions_union (id, code, name, short_name, kind, path, depth, phone, opened_on, parent_id)"
        " SELECT n, 'U' || n, '测试工会' || n, '', 'grassroots', '/1/' || n || '/', 2, '', '2000-01-01', 1"
        f" FROM generate_series(2, {unions}) n",
        "INSERT INTO unions_unionheadcount (union_id, year, workers, farmer_workers, help_centres, version)"
        f" SELECT u, y, u % 900, u % 90, u % 3, 1 FROM generate_series(1, {unions}) u, generate_series(2022, 2024) y",
    ]


def _payouts(unions: int, payouts: int) -> list[str]:
    """One in seven handed to a person who was helped before, one in ten not paid, one in 500 reversed; 1.3 lines each."""
    person = f"n % {max(payouts * 6 // 7, 1)}"
    text = "repeat('x', 96)"
    payout = (
        "INSERT INTO beneficiaries_payout (id, row_key, number, state, recipient, id_number, id_index,"
        " id_index_generation, household_index, bank, card_number, snapshot, relief_group, purpose, farmer_worker,"
        " new_generation, gig_worker, disabled, model_worker, second_needed, planned_on, paid_on, reason, failure, receipt,"
        " entered_at, approved_mac, version, entered_by_id, paid_from_id, union_id)"
        " SELECT n, md5(n::text), 'PO-' || n, CASE WHEN n % 10 = 0 THEN 'released' ELSE 'paid' END, '测试人',"
        f" {text}, CASE WHEN n % 50 = 0 THEN '' ELSE {_digest(person)} END, 1,"
        f" CASE WHEN n % 3 = 0 THEN '' ELSE {_digest(f'({person}) / 2')} END, {text}, {text}, {text},"
        f" {_pick(GROUPS, 'n')}, {_pick(PURPOSES, 'n + 7')}, n % 5 = 0, n % 11 = 0, n % 13 = 0, n % 17 = 0, n % 19 = 0,"
        f" false, {_later('n % 50')}, {_later('(n * 7) % 80 - 10')}, '', '', '', now(), '', 1, 1,"
        f" 1 + n % {unions}, 1 + (n / 3) % {unions} FROM generate_series(1, {payouts}) n"
    )
    line = "INSERT INTO beneficiaries_payoutline (source, route, amount, item, payout_id) SELECT"
    return [
        payout,
        f"{line} {_pick(SOURCES, 'n')}, 'card', 10000 + n % 90000, '', n FROM generate_series(1, {payouts}) n",
        f"{line} {_pick(SOURCES, 'n + 3')}, 'cash', 5000, '', n FROM generate_series(1, {payouts}, 3) n",
        "INSERT INTO beneficiaries_payoutreversal (reversed_on, reason, proposed_at, confirmed_at, proposed_by_id,"
        f" payout_id) SELECT '2024-02-01', '测试', now(), now(), 1, n FROM generate_series(1, {payouts}, 500) n",
    ]


def _dossiers(unions: int) -> list[str]:
    """Ten files a union, one in nine out of hardship; three visits a union."""
    text, files = "repeat('x', 96)", unions * 10
    return [
        "INSERT INTO beneficiaries_dossier (id, row_key, number, state, hardship_class, level, name, sex, birth_date,"
        " id_number, id_index, id_index_generation, phone, address, employer, work_status, health, cause,"
        " cause_is_health, cause_class, farmer_worker, disabled, model_worker, gig_worker, certificate, bank,"
        " card_number, note, opened_on, approved_at, closing_reason, restricted, entered_at, changed_at, version,"
        " entered_by_id, union_id) SELECT n, md5('d' || n), 'DA-' || n,"
        f" CASE WHEN n % 9 = 0 THEN 'out_of_hardship' ELSE 'active' END, {_pick(['deep', 'relative', 'accidental'], 'n')},"
        f" 'county', '测试人', 'male', {text}, {text}, {_digest('n')}, 1, {text}, {text}, '', 'on_post', {text}, {text},"
        " false, CASE WHEN n % 4 = 0 THEN 'sudden' ELSE 'other' END, n % 5 = 0, n % 7 = 0, n % 11 = 0, n % 13 = 0,"
        f" CASE WHEN n % 6 = 0 THEN '特困职工救助证' ELSE '' END, {text}, {text}, '', '2023-01-01', now(), '', false,"
        f" now(), now(), 1, 1, 1 + (n - 1) / 10 FROM generate_series(1, {files}) n",
        "INSERT INTO beneficiaries_dossierperiod (dossier_id, union_id, state, hardship_class, valid_from, valid_to)"
        " SELECT id, union_id, 'active', hardship_class, '2023-01-01', CASE WHEN id % 9 = 0 THEN date '2023-11-01' END"
        " FROM beneficiaries_dossier",
        "INSERT INTO beneficiaries_dossierperiod (dossier_id, union_id, state, hardship_class, valid_from)"
        " SELECT id, union_id, 'out_of_hardship', hardship_class, '2023-11-01' FROM beneficiaries_dossier"
        " WHERE id % 9 = 0",
        "INSERT INTO beneficiaries_visit (union_id, kind, dossier_id, enterprise, in_difficulty, with_relief,"
        " visited_on, leader, persons, note, entered_at, version, entered_by_id)"
        " SELECT union_id, 'household', id, '', false, id % 2 = 0, "
        f"{_later('id % 40')}, '', 1, '', now(), 1, 1 FROM beneficiaries_dossier WHERE id % 10 < 2",
        "INSERT INTO beneficiaries_visit (union_id, kind, enterprise, in_difficulty, with_relief, visited_on, leader,"
        " persons, note, entered_at, version, entered_by_id) SELECT u, 'enterprise', '测试企业', u % 2 = 0, u % 3 = 0,"
        f" {_later('u % 40')}, '', 1, '', now(), 1, 1 FROM generate_series(1, {unions}) u",
    ]


def _ledger(unions: int) -> list[str]:
    return [
        "INSERT INTO campaigns_fundsraised (union_id, source, form, amount, received_on, voucher, note, entered_at,"
        f" entered_by_id) SELECT 1 + n % {unions}, {_pick(SOURCES, 'n')}, 'cash', 100000 + n, {_later('n % 50')}, '', '',"
        f" now(), 1 FROM generate_series(1, {unions * 5}) n",
        "INSERT INTO campaigns_activity (union_id, kind, held_on, number, contacts, persons, quantity, amount,"
        " farmer_contacts, farmer_persons, farmer_amount, new_contacts, new_persons, note, entered_at, version,"
        f" entered_by_id) SELECT 1 + n % {unions}, {_pick(KINDS, 'n')}, {_later('n % 50')}, 1, 20 + n % 90, n % 30, 2, 0,"
        f" n % 20, 0, 0, n % 10, 0, '', now(), 1, 1 FROM generate_series(1, {unions * 10}) n",
        "INSERT INTO campaigns_donation (union_id, kind, body, donated_on, donors, amount, voucher, note, entered_at,"
        f" entered_by_id) SELECT u, 'joint', b, '2024-01-05', u % 60, 1000 + u % 700, '', '', now(), 1 FROM"
        f" generate_series(1, {unions}) u, unnest(ARRAY{BODIES}) b",
        "INSERT INTO campaigns_campaign (id, row_key, code, title, year, kind, starts_on, ends_on, count_secret,"
        " created_at, version, created_by_id, issuer_id) VALUES (1, md5('c'), 'sx-2024', '测试', 2024, 'two_festivals',"
        " '2023-12-28', '2024-02-24', '', now(), 1, 1, 1)",
        'INSERT INTO campaigns_deliverable (id, key, "order", kind, title, required, period_from, period_to, opens_at,'
        " due_at, version, campaign_id) VALUES (1, 'form', 1, 'form', '测试', true, '2023-12-28', '2024-02-24', now() - interval '1 day',"
        " now(), 1, 1)",
    ]


def raw_where() -> str:
    """The where-clause of a payout that counts by state and period, as a person at the console would write it."""
    return "p.state = 'paid' AND p.paid_on BETWEEN '2023-12-28' AND '2024-02-24'"
