"""Closure confirms, closes, publishes and reopens."""

from services.closure.decide import decide, due, fields
from services.closure.routes import router
from shared.service import Service
from shared.web import serve

service = Service(
    "closure", views=4, decide=decide, due=due, fields=fields, indexes=(("number",), ("waits_for",), ("unheard",), ("publish_by",))
)
api = serve(service, router)
