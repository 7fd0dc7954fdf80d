"""Intake takes reports in, gives each a number, and tells reporters how far their case has come."""

from services.intake.decide import decide, due, fields, look
from services.intake.desk import begin
from services.intake.open311 import refusing
from services.intake.open311.routes import open311
from services.intake.photos import router as photos
from services.intake.routes import router
from services.intake.views.photos import photos as shown_photos
from services.intake.views.requests import requests, updates
from shared.service import Service
from shared.web import serve

service = Service(
    "intake",
    views=5,
    decide=decide,
    due=due,
    look=look,
    fields=fields,
    indexes=(("number",),),
    projections=(shown_photos, requests, updates),
    keeps_dead=True,
)
router.include_router(photos)
router.include_router(open311)
api = serve(service, router)  # uvicorn services.intake.app:api
begin()
refusing.install(api)
