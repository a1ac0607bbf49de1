"""A precise export from the page Report: its purpose, who asks, and the file, kept nowhere."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from gis.errors import DeimapError
from layers.kept import Kept
from reports.order import DATA
from reports.package import content
from reports.precise import FORMATS, LONGEST, Precise, machine_account
from ui.report_form import file_title
from ui.report_state import key
from ui.text import as_html, complaint, language, t

SETTING = "DEIMAP_MACHINE_ACCOUNT"
"""Of the environment: ``yes`` lets visitors without a sign-in be the login of the machine."""
WEB = "web:"
"""Before accounts of the web; no login name of a machine has a colon."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip")
_MADE = key("precise-made")


def precise_box(result: Kept) -> None:
    """Asks for the purpose, folded away; what was made is there to be taken along, once."""
    made = st.session_state.get(_MADE)
    with st.expander(t("report_page.precise"), key=key("precise")):
        account = account_of_visitor()
        if account is None:
            st.html(f'<p class="calm">{as_html(t("report_page.no_account"))}</p>')
            return
        st.html(f'<p class="calm">{as_html(t("report_page.precise_help", account=account))}</p>')
        with st.form(key("precise-form"), border=False):
            purpose = st.text_input(t("report_page.purpose"), max_chars=LONGEST)
            ending = st.selectbox(
                t("report_page.file"), list(FORMATS), key=key(f"precise-ending-{language()}"),
                format_func=lambda one: file_title(DATA, one),
            )  # fmt: skip
            sent = st.form_submit_button(t("report_page.make_precise"), width="stretch")
        if sent:
            made = None
            try:
                made = _made(result, ending, Precise(purpose, account))
            except DeimapError as error:
                st.error(complaint(error))
        if made is not None and made[0] == result.identity:
            _offer(*made)


def _made(result: Kept, ending: str, precise: Precise) -> tuple[str, str, bytes]:
    """The file, entered in the trail; this session holds it until it is taken along."""
    st.session_state.pop(_MADE, None)
    name = f"deimap-precise-{result.analysis}-{result.identity}{ending}"
    made = result.identity, name, content(result.folder, ending, language(), precise, name)
    st.session_state[_MADE] = made
    return made


def _offer(identity: str, name: str, held: bytes) -> None:
    st.html(f'<p class="stale">{as_html(t("precise.not_passed_on"))}</p>')
    st.download_button(
        t("report_page.download"), data=held, file_name=name, mime="application/octet-stream",
        key=key("precise-file"), on_click=_forget, width="stretch",
    )  # fmt: skip


def _forget() -> None:
    st.session_state.pop(_MADE, None)


def account_of_visitor() -> str | None:
    """Who asks: the one who signed in, else whoever sits at this machine; None when unknown."""
    user = dict(st.user.to_dict())
    if user.get("is_logged_in"):
        return signed_in(user)
    address = str(st.get_option("server.address") or "")
    return machine_account() if at_this_machine(address, st.context.headers, os.environ) else None


def signed_in(user: Mapping[str, Any]) -> str | None:
    """Account of a sign-in: its address where the provider verified it, else a name made of it.

    Neither is ever the login name of a machine. The cookie of a sign-in outlives it, so that its
    own end counts.
    """
    ends = user.get("exp")
    if isinstance(ends, int | float) and ends < time.time():
        return None
    if user.get("email") and user.get("email_verified") is True:
        return f"{WEB}{str(user['email']).lower()}"
    if not (user.get("iss") and user.get("sub")):
        return None
    # a subject is one of its issuer alone; together they are longer than an account may be
    both = json.dumps([user["iss"], user["sub"]]).encode()
    return f"{WEB}{hashlib.sha256(both).hexdigest()[:16]}"


def at_this_machine(
    address: str, headers: Mapping[str, str], environment: Mapping[str, str]
) -> bool:
    """Whether whoever asks counts as the login that runs the server.

    Only where the office says so: no header tells apart the logins of one machine, nor a visitor
    from a proxy that calls itself the machine. Even then the server must listen to the machine
    alone, and the browser have the page from there.
    """
    origin = urlsplit(headers.get("Origin", "")).hostname
    asked = urlsplit(f"//{headers.get('Host', '')}").hostname
    passed_on = any(headers.get(name) for name in _FORWARDED)
    here = address in LOOPBACK and asked in LOOPBACK and origin in LOOPBACK
    return environment.get(SETTING) == "yes" and here and not passed_on
