"""Triage says what each report is, who is responsible, by when, and whether it is the same as an earlier one."""

from services.triage.assessing import read_model
from services.triage.decide import decide, due, fields, look, look_on
from services.triage.routes import router
from shared.service import Service
from shared.web import serve

service = Service(
    "triage",
    views=5,
    decide=decide,
    due=due,
    look=look,
    look_on=look_on,
    fields=fields,
    prepare=read_model,
    indexes=(("cell",), ("queued",), ("number",), ("verifier",), ("near",), ("doubted",)),
)
api = serve(service, router)  # uvicorn services.triage.app:api
