"""Forms about staff."""

from __future__ import annotations

from typing import Any

from django import forms

from relief.lib import clock
from unions.actions.staff import refuse_taken_login
from unions.enums import Role
from unions.models import Account, Union, login_key
from unions.policy import Refused
from unions.staff.phones import RULE, SAYS, office_phone


class UnionCodeField(forms.CharField):
    """A union of the subtree, named by its code."""

    def __init__(self, **more: Any) -> None:
        super().__init__(label="工会代码", max_length=32, help_text="工会组织页上的代码，例如 C1-03", **more)
        self.unions = Union.objects.none()

    def clean(self, value: Any) -> Union:
        code = super().clean(value).strip()
        found = self.unions.filter(code=code, closed_on__isnull=True).first()
        if found is None:
            raise forms.ValidationError(f"您管理的范围里没有代码“{code}”的工会。请在工会组织页查对。")
        return found


class StaffForm(forms.Form):
    """What both forms share: the unions that the person's post reaches."""

    def __init__(self, *args: Any, unions: Any, **more: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **more})
        field = self.fields.get("union")
        if isinstance(field, UnionCodeField):
            field.unions = unions
        for each in self.fields.values():
            each.error_messages |= {"required": f"请填写{each.label}。"}


class AccountForm(StaffForm):
    """A new person with a login."""

    union = UnionCodeField()
    name = forms.CharField(label="姓名", max_length=40)
    phone = forms.CharField(label="办公电话", max_length=32, required=False, help_text=RULE)
    username = forms.CharField(
        label="登录名", max_length=40, help_text="字母、数字、点、横线、下划线；全系统不能重名",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    former = forms.CharField(
        label="原登录名",
        max_length=40,
        required=False,
        help_text="忘记密码换账号的填已停用的原登录名：仍是同一个人，岗位由安全管理员重新授予",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, accounts: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.accounts = accounts

    def clean_phone(self) -> str:
        found = office_phone(self.cleaned_data["phone"])
        if found is None:
            raise forms.ValidationError(f"{SAYS}请写{RULE}")
        return found

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"]
        try:
            refuse_taken_login(name)
        except Refused as refusal:
            raise forms.ValidationError(f"{refusal.reason}{refusal.next_step}") from None
        return name

    def clean_former(self) -> Account | None:
        if not self.cleaned_data["former"]:
            return None
        found = self.accounts.filter(login_key=login_key(self.cleaned_data["former"])).first()
        if found is None:
            raise forms.ValidationError("您管理的范围里没有这个登录名。请查对，或留空。")
        return found


class PostForm(StaffForm):
    """A post for a person who has a login."""

    username = forms.CharField(label="登录名", max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    union = UnionCodeField()
    role = forms.ChoiceField(label="岗位", choices=[("", "请选择"), *Role.choices])
    until = forms.DateField(
        label="有效期至",
        required=False,
        help_text="不填就是长期有效",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "请写成 2026-12-31 这样的日期。"},
    )

    def __init__(self, *args: Any, accounts: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.accounts = accounts

    def clean_username(self) -> Account:
        key = login_key(self.cleaned_data["username"])
        found = self.accounts.filter(login_key=key).first()
        if found is None:
            raise forms.ValidationError("您管理的范围里没有这个登录名。请查对，或请系统管理员先建账号。")
        return found

    def clean_until(self) -> Any:
        day = self.cleaned_data["until"]
        if day is not None and day < clock.today():
            raise forms.ValidationError("有效期已经过了，请改成今天以后的日期，或留空。")
        return day
