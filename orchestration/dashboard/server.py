"""What streamlit serves: the pages, behind a check of where each request comes from."""

from __future__ import annotations

from pathlib import Path

from starlette.middleware import Middleware
from streamlit.starlette import App

from orchestration.dashboard.same_origin import SameOrigin

app = App(Path(__file__).with_name("app.py"), middleware=[Middleware(SameOrigin)])
