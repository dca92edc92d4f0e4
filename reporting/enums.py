"""States and marks of submissions and figures (decisions: words and states)."""

from django.db import models


class SubmissionState(models.TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "已上报"
    IN_REVIEW = "in_review", "审核中"
    ACCEPTED = "accepted", "已接收"
    RETURNED = "returned", "退回"


class FigureState(models.TextChoices):
    FILLED = "filled", "已填"
    EMPTY = "empty", "未填"
    NA = "na", "不适用"


class Origin(models.TextChoices):
    """Where a figure comes from."""

    RECORDS = "records", "台账"
    TYPED = "typed", "手填"
    FORMULA = "formula", "公式"
    CHILDREN = "children", "汇总"
    NIL = "nil", "零报告"
    LAST_YEAR = "last_year", "上年"
    OTHER_FORM = "form", "其他表"


class Part(models.TextChoices):
    OWN = "own", "本级"
    CONSOLIDATED = "consolidated", "汇总"


class CountKind(models.TextChoices):
    PERSON = "person", "人"
    HOUSEHOLD = "household", "户"
