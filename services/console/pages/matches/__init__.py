"""Matches: ranked candidates of an anchor with what their scores are made of, runs over all anchors, proposals, and the
live stream.
"""

from starlette.routing import Route

from services.console.pages.matches import found, proposals, runs
from services.console.web.answering import Desk


def routes(desk: Desk) -> list[Route]:
    """Every page about matches."""
    return [
        Route("/matches", desk.endpoint(found.show), methods=["GET"]),
        Route("/matches", desk.endpoint(found.show_text), methods=["POST"]),
        Route("/matches/proposals", desk.endpoint(proposals.create), methods=["POST"]),
        Route("/matches/proposals/advance", desk.endpoint(proposals.advance), methods=["POST"]),
        Route("/matches/runs", desk.endpoint(runs.show), methods=["GET"]),
        Route("/matches/runs", desk.endpoint(runs.start), methods=["POST"]),
        Route("/matches/runs/{id}/file.{form}", desk.endpoint(runs.take), methods=["GET"]),
        Route("/matches/runs/{id}/{step}", desk.endpoint(runs.step), methods=["POST"]),
        Route("/proposals", desk.endpoint(proposals.show)),
        Route("/proposals/{id}", desk.endpoint(proposals.show)),
    ]
