"""Forms of this app."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.http import HttpRequest

from relief.lib import clock
from unions.models import Account


class LoginForm(forms.Form):
    """Login name and password; unknown names and wrong passwords get the same sentence."""

    username = forms.CharField(
        label="登录名", max_length=40, widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label="密码",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.account: Account | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("username") and data.get("password"):
            self.account = authenticate(self.request, username=data["username"], password=data["password"])  # type: ignore[assignment]
            if self.account is None:
                raise forms.ValidationError("登录名或密码不对。请检查大小写后再试；连续 5 次不对会锁定 15 分钟。")
            until = self.account.password_until
            if until is not None and until <= clock.db_now():
                self.account = None
                raise forms.ValidationError("初始密码已经过期。请联系系统管理员重新打印初始密码，再用新的密码登录。")
        return data


class PasswordForm(forms.Form):
    """The person's own new password."""

    old = forms.CharField(
        label="原密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label="新密码",
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="至少 12 个字符，不要用工会名称、年份等容易猜到的词。",
    )
    again = forms.CharField(
        label="再输一次新密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_old(self) -> str:
        if not self.account.check_password(self.cleaned_data["old"]):
            raise forms.ValidationError("原密码不对。")
        return str(self.cleaned_data["old"])

    def clean_new(self) -> str:
        password_validation.validate_password(self.cleaned_data["new"], self.account)
        return str(self.cleaned_data["new"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", "两次输入的新密码不一样。")
        return data


class HeadcountForm(forms.Form):
    """The head counts of one year; `version` is what the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100, help_text="例如 2024")
    workers = forms.IntegerField(label="职工总数", min_value=0, max_value=100_000_000)
    farmer_workers = forms.IntegerField(label="其中农民工", min_value=0, max_value=100_000_000)
    help_centres = forms.IntegerField(
        label="帮扶中心和站点数", min_value=0, max_value=1_000_000, help_text="困难职工帮扶中心和帮扶站点，没有填 0"
    )

    def __init__(self, *args: Any, fixed_year: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for field in self.fields.values():
            field.error_messages |= {
                "required": f"请填写{field.label}，没有填 0。" if field.label != "年度" else "请填写年度。",
                "invalid": "请填整数，例如 12。",
                "min_value": "不能小于 %(limit_value)s。",
                "max_value": "不能大于 %(limit_value)s，请核对。",
            }
        if fixed_year:
            self.fields["year"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("farmer_workers", 0) > cleaned.get("workers", cleaned.get("farmer_workers", 0)):
            self.add_error("farmer_workers", f"不能多于职工总数 {cleaned['workers']}，请核对两个数。")
        return cleaned

    def saw(self, version: int) -> None:
        """Let the form, shown again, carry the version that is stored now."""
        self.data = {**self.data.dict(), "version": str(version)}  # type: ignore[attr-defined]
