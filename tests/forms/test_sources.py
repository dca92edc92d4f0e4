"""Where each blank of the shipped forms comes from, in the words of the notices' tables (see docs/forms.md, Sources).

Each line: code : measure filter=words … [@period] [+ measure …], or `= formula`, with what the records say beside it
behind a bar, or `by hand`. HARDSHIP stands for the five groups of hardship workers.
"""

from reporting.spec import Item
from tests.forms.conftest import shipped

HARDSHIP = "low_income,illness_disaster,troubled_enterprise,injury_bereaved,dossier_holder"
GROUPS = [
    "low_income",
    "illness_disaster",
    "troubled_enterprise",
    "injury_bereaved",
    "hard_conditions",
    "disaster_duty",
    "festival_duty",
    "seconded",
    "major_project",
    "role_model",
    "dossier_holder",
]
SOURCES = {
    "shanghai-2019": """
S1 : payouts.persons
S2 : payouts.amount
S3 : donations.amount donation_kind=one_day_donation
S4 : visits.persons
S5 : payouts.persons @previous_year
S6 : payouts.amount @previous_year
""",
    "jinshan-2020-donation": """
J0 : headcount.workers
J1A : donations.donors body=one_day
J1B : donations.amount body=one_day
J2A : donations.donors body=red_cross
J2B : donations.amount body=red_cross
J3A : donations.donors body=charity_fund
J3B : donations.amount body=charity_fund
J4A : donations.donors body=elderly_fund
J4B : donations.amount body=elderly_fund
J5A : donations.donors body=army_family_fund
J5B : donations.amount body=army_family_fund
J6A : donations.all_donors
J6B : = J1B+J2B+J3B+J4B+J5B | donations.remitted
J7 : by hand
J8 : by hand
""",
    "jiaozuo-2018-centre": """
P01 : headcount.help_centres
P02 : by hand
P03 : = P04+P05+P06 | dossiers.households
P04 : dossiers.households class=deep
P05 : dossiers.households class=relative
P06 : dossiers.households class=accidental
P07 : dossiers.households trait=farmer_worker
P08 : dossiers.opened
P09 : dossiers.left_hardship
P10 : = P11+P12+P13+P14 | funds.amount
P11 : funds.amount source=central
P12 : funds.amount source=province,local
P13 : funds.amount source=own_union,superior_union
P14 : funds.amount source=donation,employer,interest,other
P15 : = P17+P19+P21+P22 | payouts.amount
P16 : payouts.contacts purpose=living
P17 : payouts.amount purpose=living
P18 : payouts.contacts purpose=medical
P19 : payouts.amount purpose=medical
P20 : payouts.contacts purpose=study
P21 : payouts.amount purpose=study
P22 : payouts.amount not_purpose=living,medical,study
P23 : activities.contacts kind=legal_aid
P24 : activities.contacts kind=job_training,job_placement
P25 : activities.contacts kind=reception
P26 : activities.quantity kind=pairing
""",
    "suzhou-2013": """
01A : headcount.workers
01A1 : headcount.farmer_workers
02A : by hand
02A1 : by hand
03A : dossiers.households
03A1 : dossiers.households trait=farmer_worker
03B : dossiers.households below_standard=yes
03C : dossiers.households certificate=特困职工救助证
03D : dossiers.households cause_class=sudden
03E : dossiers.left_hardship @previous_year
04A : visits.enterprises
04A1 : visits.households
04B : visits.enterprises in_difficulty=yes with_relief=yes
04C : relief.households
04C1 : relief.households group=HARDSHIP
04C2 : relief.households trait=farmer_worker
04C3 : relief.households trait=model_worker
05 : = 05A+05B+05C+05D | funds.amount
05A : funds.amount source=central,province,local
05B : funds.amount source=own_union,superior_union
05C : funds.amount source=donation
05D : funds.amount source=employer,interest,other
06 : payouts.amount
06A : payouts.amount trait=model_worker
06B : payouts.amount trait=farmer_worker
07A : activities.number kind=study_meeting
07B : activities.contacts kind=policy_publicity
07B1 : activities.contacts kind=policy_help
07C : activities.quantity kind=job_offer
07D : payouts.contacts purpose=living
07E : activities.contacts kind=job_training
07F : payouts.contacts purpose=medical
07G : payouts.contacts purpose=study
07H : activities.contacts kind=legal_aid
07I : activities.quantity kind=pairing
08A : activities.persons kind=rights_case
08A1 : activities.new_persons kind=rights_case
08B : activities.contacts kind=rights_education
08B1 : activities.new_contacts kind=rights_education
08C : activities.persons kind=wage_recovery
08C1 : activities.amount kind=wage_recovery
08C2 : activities.farmer_persons kind=wage_recovery
08C3 : activities.farmer_amount kind=wage_recovery
09 : = 09A+09B+09C+09D
09_1 : = 09A1+09B1+09C1+09D1
09A : activities.contacts kind=mental_health
09A1 : activities.new_contacts kind=mental_health
09B : activities.contacts kind=culture
09B1 : activities.new_contacts kind=culture
09C : activities.contacts kind=health_check
09C1 : activities.new_contacts kind=health_check
09D : activities.contacts kind=other_service
09D1 : activities.new_contacts kind=other_service
10A : activities.contacts kind=journey_home
10B : activities.quantity kind=charter_train
10B1 : activities.contacts kind=charter_train
10C : activities.quantity kind=charter_carriage
10C1 : activities.contacts kind=charter_carriage
10D : activities.quantity kind=charter_coach
10D1 : activities.contacts kind=charter_coach
10E : activities.quantity kind=charter_ship
10E1 : activities.contacts kind=charter_ship
10F : activities.quantity kind=charter_plane
10F1 : activities.contacts kind=charter_plane
10G : activities.quantity kind=ticket_help
10H : activities.quantity kind=ticket_window
11A : activities.amount kind=travel_subsidy
""",
    "shaanxi-2024": """
A : visits.enterprises
B : = B1+B2+B3+B4+B5+B6 | funds.amount
B1 : funds.amount source=central
B2 : funds.amount source=province,local
B3 : funds.amount source=own_union,superior_union
B4 : funds.amount source=donation
B5 : funds.amount source=employer
B6 : funds.amount source=interest,other
C : = C1+…+C11 | payouts.contacts
D : = D1+…+D11 | payouts.amount
E : = E1+E2+E3+E4+E5
E1 : activities.contacts kind=policy_help
E2 : payouts.contacts group=HARDSHIP purpose=living
E3 : payouts.contacts group=HARDSHIP purpose=medical
E4 : payouts.contacts group=HARDSHIP purpose=study
E5 : payouts.contacts group=HARDSHIP not_purpose=relief_visit,living,medical,study + activities.contacts kind=other_help,legal_aid,job_training,job_placement
F : = F1+F2+F3
F1 : activities.contacts kind=mental_health
F2 : activities.contacts kind=culture
F3 : activities.contacts kind=other_service,health_check
G : activities.contacts kind=journey_home
H : activities.farmer_contacts kind=wage_recovery
I : activities.farmer_amount kind=wage_recovery
J1 : payouts.contacts trait=gig_worker
J2 : payouts.amount trait=gig_worker
K1 : payouts.contacts trait=disabled
K2 : payouts.amount trait=disabled
""",
}


def told(item: Item) -> str:
    """The source of a blank in the words of the table."""
    terms = []
    for term in item.terms:
        filters = [f"{name}={','.join(words)}" for name, words in term.filters.items()]
        period = [f"@{term.period}"] if term.period != "main" else []
        terms.append(" ".join([term.measure, *filters, *period]))
    said = " + ".join(terms).replace(HARDSHIP, "HARDSHIP")
    if item.is_formula:
        return f"= {item.formula.replace(' ', '')}" + (f" | {said}" if said else "")
    return said or "by hand"


def expected(form_id: str) -> dict[str, str]:
    rows = [line.split(" : ", 1) for line in SOURCES[form_id].strip().splitlines()]
    found = dict(rows)
    for letter in "CD":
        if letter in found:
            found[letter] = found[letter].replace("…", "+".join(f"{letter}{n}" for n in range(2, 11)))
    return found


def groups(letter: str, measure: str, names: list[str]) -> dict[str, str]:
    return {f"{letter}{n}": f"{measure} group={name}" for n, name in enumerate(names, 1)}


def test_each_blank_takes_its_figure_from_where_the_notices_say():
    for form_id in SOURCES:
        wanted = expected(form_id)
        if form_id == "shaanxi-2024":
            wanted |= groups("C", "payouts.contacts", GROUPS) | groups("D", "payouts.amount", GROUPS)
        assert {item.code: told(item) for item in shipped(form_id).items} == wanted


def test_the_campaign_form_of_2019_takes_the_same_sources_for_nine_groups():
    nine = [name for name in GROUPS if name not in ("hard_conditions", "disaster_duty")]
    wanted = {code: said for code, said in expected("shaanxi-2024").items() if code[0] not in "JK"}
    wanted |= groups("C", "payouts.contacts", nine) | groups("D", "payouts.amount", nine)
    wanted["C"] = "= " + "+".join(f"C{n}" for n in range(1, 10)) + " | payouts.contacts"
    wanted["D"] = "= " + "+".join(f"D{n}" for n in range(1, 10)) + " | payouts.amount"
    assert {item.code: told(item) for item in shipped("jiaozuo-2019-campaign").items} == wanted
