"""Dispatch finds somebody for each triaged case, watches the clocks, and lets a case climb when nobody keeps them."""

from services.dispatch import nearby
from services.dispatch.decide import decide, due, fields, look
from services.dispatch.routes import router
from shared.service import Service
from shared.web import serve

service = Service(
    "dispatch",
    views=4,
    decide=decide,
    due=due,
    look=look,
    fields=fields,
    indexes=(("number",), ("status",), *nearby.INDEXES, ("informed",), ("waits_for",)),
)
api = serve(service, router)
