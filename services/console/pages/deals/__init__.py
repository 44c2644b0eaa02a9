"""The deal flow: one query as board, list, timeline, outlook; one deal with steps, interests, votes, notes, dossier."""

from starlette.routing import Route

from services.console.pages.deals import (
    ballots,
    committees,
    compare,
    deal,
    dossier,
    export,
    filing,
    flow,
    interests,
    move,
    notes,
    reminders,
    searches,
    seats,
    sittings,
    team,
    terms,
    tranches,
    what_if,
)
from services.console.web.answering import Desk


def routes(desk: Desk) -> list[Route]:
    """Every page about deals."""
    at = "/deals/{id:str}"
    return [
        Route("/deals", desk.endpoint(flow.show)),
        Route("/deals/export", desk.endpoint(export.take), methods=["POST"]),
        Route("/deals/compare", desk.endpoint(compare.show)),
        Route("/deals/searches", desk.endpoint(flow.save), methods=["POST"]),
        Route("/deals/searches/delete", desk.endpoint(searches.delete), methods=["POST"]),
        Route("/deals/alerts", desk.endpoint(searches.acknowledge), methods=["POST"]),
        Route("/deals/reminders", desk.endpoint(reminders.show)),
        Route("/deals/committees", desk.endpoint(committees.show)),
        Route(seats.PATH, desk.endpoint(seats.show), methods=["GET"]),
        Route(seats.PATH, desk.endpoint(seats.record), methods=["POST"]),
        Route(at, desk.endpoint(deal.show)),
        Route(f"{at}/move", desk.endpoint(move.show), methods=["GET"]),
        Route(f"{at}/move", desk.endpoint(move.take), methods=["POST"]),
        Route(f"{at}/interests", desk.endpoint(interests.declare), methods=["POST"]),
        Route(f"{at}/terms", desk.endpoint(terms.state), methods=["POST"]),
        Route(f"{at}/reopen", desk.endpoint(terms.reopen), methods=["POST"]),
        Route(f"{at}/team", desk.endpoint(team.record), methods=["POST"]),
        Route(f"{at}/ballots", desk.endpoint(ballots.cast), methods=["POST"]),
        Route(f"{at}/sittings", desk.endpoint(sittings.call), methods=["POST"]),
        Route(f"{at}/sittings/replan", desk.endpoint(sittings.replan), methods=["POST"]),
        Route(f"{at}/votes/open", desk.endpoint(sittings.open_vote), methods=["POST"]),
        Route(f"{at}/votes/close", desk.endpoint(sittings.close_vote), methods=["POST"]),
        Route(f"{at}/notes", desk.endpoint(notes.write, uploads=True), methods=["POST"]),
        Route(f"{at}/notes/{{number:int}}/settle", desk.endpoint(notes.settle), methods=["POST"]),
        Route(f"{at}/documents", desk.endpoint(filing.register, uploads=True), methods=["POST"]),
        Route(f"{at}/documents/{{number:int}}/verify", desk.endpoint(filing.verify), methods=["POST"]),
        Route(f"{at}/documents/{{number:int}}", desk.endpoint(notes.document)),
        Route(f"{at}/tranches", desk.endpoint(tranches.plan), methods=["POST"]),
        Route(f"{at}/what-if", desk.endpoint(what_if.show)),
        Route(f"{at}/dossier", desk.endpoint(dossier.show)),
        Route(f"{at}/determinations", desk.endpoint(dossier.determine), methods=["POST"]),
        Route(f"{at}/dossier.zip", desk.endpoint(dossier.take), methods=["POST"]),
    ]
