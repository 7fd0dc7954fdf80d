"""Intake takes reports in, gives each a number, and tells reporters how far their case has come."""

from services.intake.decide import decide, due, fields, look
from services.intake.desk import begin
from services.intake.photos import router as photos
from services.intake.routes import router
from services.intake.views.photos import photos as shown_photos
from shared.service import Service
from shared.web import serve

service = Service(
    "intake",
    views=2,
    decide=decide,
    due=due,
    look=look,
    fields=fields,
    indexes=(("number",),),
    projections=(shown_photos,),
    keeps_dead=True,
)
router.include_router(photos)
api = serve(service, router)  # uvicorn services.intake.app:api
begin()
