"""The dashboard's frame: its pages, and what the figures rest on. Runs anew at every click."""

from __future__ import annotations

import streamlit as st

from orchestration.dashboard.people import ask_to_sign_in, show_person
from orchestration.dashboard.published import show_publication
from orchestration.dashboard.screens import (
    agreement,
    connections,
    cost_of_sales,
    margin,
    receivables,
    revenue,
    to_fix,
    to_send,
)
from orchestration.dashboard.shown import NothingToShow, show_nothing

_LESS_SPACE = """<style>
    .stMainBlockContainer { padding: 4rem clamp(1rem, 4vw, 4rem) 3rem; }
    h1 { font-size: 2rem !important; padding: 0 0 0.5rem !important; }
</style>"""

st.set_page_config(page_title="xero-crm", page_icon="📒", layout="wide")
page = st.navigation(
    {
        "Figures": [
            st.Page(revenue.show, title="Revenue", icon=":material/trending_up:", default=True),
            st.Page(
                cost_of_sales.show,
                title="Cost of sales",
                icon=":material/shopping_cart:",
                url_path="cost-of-sales",
            ),
            st.Page(margin.show, title="Margin", icon=":material/percent:", url_path="margin"),
            st.Page(
                receivables.show,
                title="Receivables",
                icon=":material/schedule:",
                url_path="receivables",
            ),
        ],
        "Trust": [
            st.Page(
                agreement.show,
                title="Agreement with Xero",
                icon=":material/balance:",
                url_path="agreement",
            ),
            st.Page(to_fix.show, title="To fix", icon=":material/build:", url_path="to-fix"),
        ],
        "Work": [
            st.Page(to_send.show, title="To send", icon=":material/send:", url_path="to-send"),
            st.Page(
                connections.show,
                title="Connections",
                icon=":material/cable:",
                url_path="connections",
            ),
        ],
    }
)
st.html(_LESS_SPACE)
st.title(page.title)
ask_to_sign_in()
try:
    page.run()
except NothingToShow as nothing:
    show_nothing(nothing)
with st.sidebar:
    show_publication()
    show_person()
