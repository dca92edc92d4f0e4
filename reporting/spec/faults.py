"""What can be wrong with a form as a whole: codes, formulas, relations, checks and their examples, layout."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from reporting.formulas.grammar import RESERVED, Formula, FormulaFault, Reference, compile_formula, reference
from reporting.formulas.kinds import DATE, result_kind
from reporting.layout import layout_faults
from reporting.measures import term_faults
from reporting.spec.examples import counts_like, results_of
from reporting.spec.model import Check, Fault, FormSpec, FormulaCycle, Item, evaluation_order

PLACEHOLDER = re.compile(r"\{([A-Za-z0-9_:.-]+)\}")
HEAD_WORDS = frozenset({"union", "filer", "phone", "date"})
_PLACE = re.compile(r"版面第 (\d+) 行第 (\d+)")
_QUOTED = re.compile(r"“([A-Za-z0-9_]+)”")
Forms = Mapping[str, Iterable[str]]


def spec_faults(spec: FormSpec, forms: Forms | None = None) -> Iterator[Fault]:
    """Everything that makes the form unusable; nothing when it may be used.

    `forms` gives the codes of other forms as far as they are known.
    """
    duplicates = [code for code, count in Counter(item.code for item in spec.items).items() if count > 1]
    yield from (Fault(f"项目代码“{code}”重复。", (code,)) for code in duplicates)
    if not spec.items:
        yield Fault("表样没有项目。")
    yield from _item_faults(spec, forms or {})
    yield from _head_faults(spec)
    formulas_hold = True
    for fault in _formula_faults(spec):
        formulas_hold = False
        yield fault
    yield from _relation_faults(spec, formulas_hold)
    if formulas_hold and not duplicates:
        yield from _check_faults(spec, forms or {})
    yield from (placed(words) for words in layout_faults(spec.layout, spec.codes))


def placed(words: str) -> Fault:
    """A sentence about the layout with the cell and the code it names."""
    place = _PLACE.search(words)
    cell = (int(place.group(1)) - 1, int(place.group(2)) - 1) if place else None
    return Fault(words, tuple(_QUOTED.findall(words)), cell=cell)


# Items


def _item_faults(spec: FormSpec, forms: Forms) -> Iterator[Fault]:
    blocks = {block.no for block in spec.blocks}
    labels = Counter(item.label for item in spec.items)
    for item in spec.items:
        if item.code in RESERVED:
            yield Fault(f"项目代码“{item.code}”是公式里的词，请换一个。", (item.code,))
        if labels[item.label] > 1:
            yield Fault(f"项目“{item.code}”的名称“{item.label}”和别的项目相同，分不清。", (item.code,))
        if item.block and item.block not in blocks:
            yield Fault(f"项目“{item.code}”的编号“{item.block}”不在编号表里。", (item.code,))
        yield from (Fault(words, (item.code,)) for words in _source_faults(spec, item, forms))


def _source_faults(spec: FormSpec, item: Item, forms: Forms) -> Iterator[str]:
    if item.source is not None and item.is_formula:
        yield f"项目“{item.code}”有公式，就不能再从台账取数。"
    if item.against is not None and not item.is_formula:
        yield f"项目“{item.code}”没有公式，对照口径只用在有公式的项目上；请写成来源。"
    if item.against is not None and not item.against.terms:
        yield f"项目“{item.code}”的对照口径没有写取数口径。"
    for source in (item.source, item.against):
        for term in source.terms if source is not None else ():
            yield from term_faults(item, term)
    if item.source is None or item.is_formula:
        return
    kinds = [bool(item.source.terms), bool(item.source.last_year), bool(item.source.form or item.source.code)]
    if sum(kinds) != 1:
        yield f"项目“{item.code}”的来源要在台账、上年、其他表里选一种。"
    elif item.source.last_year:
        if ":" not in item.source.last_year and item.source.last_year not in spec.known_codes:
            yield f"项目“{item.code}”的来源是上年的“{item.source.last_year}”，它不是本表的项目。"
    elif not item.source.terms:
        yield from _other_form_faults(spec, f"项目“{item.code}”的来源", item.source.form, item.source.code, forms)


def _other_form_faults(spec: FormSpec, what: str, form: str, code: str, forms: Forms) -> Iterator[str]:
    if not form or not code:
        yield f"{what}要写明其他表的标识和代码。"
    elif form == spec.id:
        yield f"{what}指的是本表，请直接写代码“{code}”。"
    elif form in forms and code not in set(forms[form]):
        yield f"{what}里的“{code}”不是表“{form}”的项目。"


def _head_faults(spec: FormSpec) -> Iterator[Fault]:
    words = {word for line in spec.head for part in line for word in PLACEHOLDER.findall(part)}
    yield from (Fault(f"表头里的“{{{word}}}”不认识。") for word in sorted(words - HEAD_WORDS))


# Formulas


def _formula_faults(spec: FormSpec) -> Iterator[Fault]:
    sound = True
    for item in spec.items:
        if item.is_formula:
            for words in _one_formula_faults(spec, item):
                sound = False
                yield Fault(words, (item.code,))
    if sound:
        try:
            evaluation_order(spec.items, spec.known_codes)
        except FormulaCycle as cycle:
            yield Fault(f"公式绕成了圈：{cycle}。", tuple(dict.fromkeys(cycle.codes)))


def _one_formula_faults(spec: FormSpec, item: Item) -> Iterator[str]:
    what = f"项目“{item.code}”的公式"
    if not item.is_numeric:
        yield f"{what}没有意义：文字和日期不能计算。"
    formula = _compiled(item.formula, spec)
    if isinstance(formula, str):
        yield f"{what}有误：{formula}"
        return
    if formula.logical:
        yield f"{what}算出来的是“对错”，不是数。"
    parts = []
    for name in formula.names:
        if ":" in name:
            yield f"{what}里的“{{{name}}}”只能用在校验里。"
        elif name not in spec.known_codes:
            yield f"{what}里的“{name}”不是本表的项目。"
        elif not spec.item(name).is_numeric:
            yield f"{what}里的“{name}”是文字或日期，不能计算。"
        else:
            parts.append(spec.item(name))
    if formula.additive and any(part.kind != item.kind for part in parts):
        yield f"{what}把金额和数量加在了一起。"
    yield from _day_faults(formula, what, lambda name: "number")


def _day_faults(formula: Formula, what: str, kind_of) -> Iterator[str]:
    try:
        if result_kind(formula, kind_of) == DATE:
            yield f"{what}算出来的是日期，不是数。"
    except FormulaFault as fault:
        yield f"{what}有误：{fault}"


def _compiled(text: str, spec: FormSpec) -> Formula | str:
    try:
        return compile_formula(text, spec.known_codes)
    except FormulaFault as fault:
        return str(fault)


# Relations


def _relation_faults(spec: FormSpec, formulas_hold: bool) -> Iterator[Fault]:
    seen: Counter[tuple[str, str]] = Counter((edge.child, edge.parent) for edge in spec.relations)
    for pair, count in seen.items():
        if count > 1:
            yield Fault(f"“{pair[0]}”和“{pair[1]}”的关系写了两次。", pair)
    for edge in spec.relations:
        unknown = [code for code in (edge.child, edge.parent) if code not in spec.known_codes]
        codes = (edge.child, edge.parent)
        if unknown:
            yield from (Fault(f"关系里的“{code}”不是本表的项目。", codes) for code in unknown)
            continue
        child, parent = spec.item(edge.child), spec.item(edge.parent)
        if child.kind != parent.kind or not child.is_numeric:
            yield Fault(f"“{edge.child}”和“{edge.parent}”不是一类数，不能写成部分和合计。", codes)
        elif (
            edge.kind == "partition"
            and formulas_hold
            and parent.is_formula
            and edge.child not in spec.formula(edge.parent).names
        ):
            yield Fault(f"“{edge.child}”写成“{edge.parent}”的组成部分，却不在它的公式里。", codes)
    yield from _circles(spec, formulas_hold)


def _circles(spec: FormSpec, formulas_hold: bool) -> Iterator[Fault]:
    """Blanks that come to be a part of themselves, through relations alone or together with sums."""
    parents: dict[str, set[str]] = {}
    for edge in spec.relations:
        parents.setdefault(edge.child, set()).add(edge.parent)
    circles = _in_circles(parents)
    yield from (Fault(f"“{code}”通过“其中”关系成了自己的部分。", (code,)) for code in circles)
    if circles or not formulas_hold:
        return
    whole: dict[str, set[str]] = {}
    for edge in spec.relations:
        if edge.kind != "memo":
            whole.setdefault(edge.child, set()).add(edge.parent)
    for item in spec.items:
        formula = _compiled(item.formula, spec) if item.is_formula else ""
        if isinstance(formula, Formula) and formula.additive and "-" not in formula.text:
            for name in formula.names:
                whole.setdefault(name, set()).add(item.code)
    yield from (Fault(f"“{code}”通过公式和“其中”关系成了自己的部分。", (code,)) for code in _in_circles(whole))


def _in_circles(parents: Mapping[str, set[str]]) -> list[str]:
    found = []
    for start in parents:
        reached, waiting = set(), set(parents[start])
        while waiting:
            code = waiting.pop()
            reached.add(code)
            waiting |= parents.get(code, set()) - reached
        if start in reached:
            found.append(start)
    return found


# Checks


def _check_faults(spec: FormSpec, forms: Forms) -> Iterator[Fault]:
    for key, count in Counter(check.key for check in spec.checks).items():
        if count > 1:
            yield Fault(f"校验“{key}”重复。", check=key)
    for check in spec.checks:
        codes = tuple(code for code in check.items if code in spec.known_codes)
        faults = list(_one_check_faults(spec, check, forms)) or [
            result.message for result in results_of(spec, check) if result.message
        ]
        yield from (Fault(words, codes, check.key) for words in faults)


def _one_check_faults(spec: FormSpec, check: Check, forms: Forms) -> Iterator[str]:
    what = f"校验“{check.key}”"
    formula = _compiled(check.expression, spec)
    if isinstance(formula, str):
        yield f"{what}的算式有误：{formula}"
        return
    if not formula.logical:
        yield f"{what}的算式要能判断对错，例如 A >= B。"
    sound = True
    said = PLACEHOLDER.findall(check.message)
    for name in dict.fromkeys((*formula.names, *check.items, *(word for word in said if ":" not in word))):
        for words in _name_faults(spec, what, name, name in formula.names, forms):
            sound = False
            yield words
    unsaid = [word for word in said if ":" in word and word not in formula.places]
    yield from (f"{what}的说明里的“{{{word}}}”不在算式里。" for word in dict.fromkeys(unsaid))
    if sound:
        yield from _day_faults(formula, f"{what}的算式", lambda name: counts_like(spec, check, name).kind)
    if not check.message.strip():
        yield f"{what}没有写说明。"
    if not check.passing or not check.failing:
        yield f"{what}至少要有一个通过的例子和一个不通过的例子。"


def _name_faults(spec: FormSpec, what: str, name: str, computed: bool, forms: Forms) -> Iterator[str]:
    """What is wrong with one name of a check."""
    found = reference(name) if computed else None
    if found is not None:
        yield from _reference_faults(spec, what, found, forms)
    elif name not in spec.known_codes:
        yield f"{what}里的“{name}”不是本表的项目。"
    elif computed and spec.item(name).kind == "text":
        yield f"{what}里的“{name}”是文字，不能计算。"


def _reference_faults(spec: FormSpec, what: str, found: Reference, forms: Forms) -> Iterator[str]:
    if found.kind == "form":
        yield from _other_form_faults(spec, what, found.form, found.code, forms)
    elif found.kind == "cap":
        return
    elif found.code not in spec.known_codes:
        yield f"{what}里的“{{{found.name}}}”：“{found.code}”不是本表的项目。"
    elif found.kind == "records" and not spec.item(found.code).terms:
        yield f"{what}里的“{{{found.name}}}”：“{found.code}”没有台账口径，不能和台账比。"
    elif spec.item(found.code).kind == "text":
        yield f"{what}里的“{{{found.name}}}”是文字，不能计算。"
