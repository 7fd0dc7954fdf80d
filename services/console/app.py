"""The console shows what there is: cases, their history and the totals. It reads the log like any service and says nothing by itself."""

from services.console.fields import INDEXES, fields
from services.console.gauges import Gauges, observe
from services.console.routes import router
from services.console.signing_in import with_sessions
from services.console.views.expected import expected
from services.console.views.past import past
from services.console.views.published import published
from services.console.views.rates import rates
from services.console.views.recurring import recurring
from services.console.views.timeline import timeline
from services.console.views.times import times
from services.console.views.totals import totals
from shared.service import Service
from shared.settings import Settings
from shared.web import serve

VIEWS = (timeline, totals, times, rates, recurring, expected, past, published)
service = Service("console", views=6, fields=fields, indexes=INDEXES, projections=VIEWS)
api = with_sessions(serve(service, router, observe, Gauges().refresh), Settings())
